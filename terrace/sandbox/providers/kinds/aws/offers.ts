import type { DataBehaviour, ResourceCall } from '../../engine/context';
import { wildcard } from '../../engine/matching';
import { Refusal } from '../../engine/refusal';
import type { ObjectValue } from '../../protocol/value';
import { awsTable, type InstanceFamily } from '../../tables/aws';
import { filtersOf, given, strings } from './arguments';
import { familyOf } from './engine-versions';
import { zonesOf } from './zones';

/** Virtual CPUs of a size of instance; bursting ones have two up to `large`. */
function cpusOf(size: string): number {
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  return times !== undefined ? Number(times) * 4 : size === 'xlarge' ? 4 : size === 'medium' ? 1 : 2;
}

const burstMemory: Readonly<Record<string, number>> = { nano: 0.5, micro: 1, small: 2, medium: 4, large: 8, xlarge: 16, '2xlarge': 32 };

interface InstanceType {
  readonly family: InstanceFamily;
  readonly cpus: number;
  /** MiB. */
  readonly memory: number;
}

function instanceType(name: string): InstanceType | undefined {
  const [first = '', size = ''] = name.split('.');
  const family = awsTable().instances[first];
  if (family === undefined || !family.sizes.includes(size)) return undefined;
  const cpus = family.burstable === true && size === 'medium' ? 2 : first === 't2' && /nano|micro|small/.test(size) ? 1 : cpusOf(size);
  return { family, cpus, memory: 1024 * (family.burstable === true ? (burstMemory[size] ?? 0) : cpus * family.ratio) };
}

function all(): string[] {
  return Object.entries(awsTable().instances).flatMap(([family, { sizes }]) => sizes.map((size) => `${family}.${size}`));
}

/** Instance types that fit the `filter` blocks; a filter of what the table does not hold is refused. */
function fitting(call: ResourceCall, config: ObjectValue): string[] {
  return all().filter((name) => {
    const type = instanceType(name);
    return (
      type !== undefined &&
      filtersOf(config).every((filter) => {
        const value = {
          'instance-type': name,
          'current-generation': String(!name.startsWith('t2.')),
          'burstable-performance-supported': String(type.family.burstable === true),
          'processor-info.supported-architecture': type.family.arch,
          'supported-usage-class': 'on-demand',
          'supported-virtualization-type': 'hvm',
          'supported-root-device-type': 'ebs',
          'vcpu-info.default-vcpus': String(type.cpus),
          'memory-info.size-in-mib': String(type.memory),
          'bare-metal': 'false',
          hypervisor: name.startsWith('t2.') ? 'xen' : 'nitro',
          location: '*',
        }[filter.name];
        if (value === undefined)
          throw new Refusal(
            `reading ${call.type}`,
            `the table of instance types does not hold what the filter ${JSON.stringify(filter.name)} asks for`,
            'filter',
          );
        return value === '*' || filter.values.some((one) => wildcard(one).test(value));
      })
    );
  });
}

function placesOf(call: ResourceCall, config: ObjectValue): string[] {
  const region = String(config['region'] ?? call.settings.values['region'] ?? '');
  const kind = given(config['location_type']) ?? 'region';
  const places =
    kind === 'availability-zone'
      ? zonesOf(region).map(({ name }) => name)
      : kind === 'availability-zone-id'
        ? zonesOf(region).map(({ id }) => id)
        : [region];
  const wanted = filtersOf(config).find(({ name }) => name === 'location')?.values;
  return places.filter((place) => wanted === undefined || wanted.some((one) => wildcard(one).test(place)));
}

/** What EC2 and RDS offer: instance types, where they are offered, engine versions. */
export const awsOffers: Readonly<Record<string, DataBehaviour>> = {
  aws_ec2_instance_type: (call, config) => {
    const name = String(config['instance_type'] ?? '');
    const type = instanceType(name);
    if (type === undefined)
      throw new Refusal(
        `reading ${call.type}`,
        `no matching EC2 Instance Type found: the table has no ${name}; it has the families ${Object.keys(awsTable().instances).join(', ')}`,
        'instance_type',
      );
    const { family, cpus, memory } = type;
    const threads = family.arch === 'arm64' ? 1 : Math.min(2, cpus);
    return {
      id: name,
      instance_type: name,
      default_vcpus: cpus,
      default_cores: cpus / threads,
      default_threads_per_core: threads,
      memory_size: memory,
      burstable_performance_supported: family.burstable === true,
      current_generation: !name.startsWith('t2.'),
      bare_metal: false,
      free_tier_eligible: name === 't2.micro' || name === 't3.micro',
      hypervisor: name.startsWith('t2.') ? 'xen' : 'nitro',
      supported_architectures: [family.arch],
      supported_root_device_types: ['ebs'],
      supported_usages_classes: ['on-demand', 'spot'],
      supported_virtualization_types: ['hvm'],
      ebs_encryption_support: 'supported',
      ena_support: name.startsWith('t2.') ? 'unsupported' : 'required',
      ipv6_supported: true,
    };
  },
  aws_ec2_instance_types: (call, config) => ({
    id: call.settings.values['region'] ?? '',
    instance_types: fitting(call, config).sort(),
  }),
  aws_ec2_instance_type_offerings: (call, config) => {
    const types = fitting(call, config).sort();
    const offers = types.flatMap((type) => placesOf(call, config).map((place) => ({ type, place })));
    const kind = given(config['location_type']) ?? 'region';
    return {
      id: call.settings.values['region'] ?? '',
      instance_types: offers.map(({ type }) => type),
      locations: offers.map(({ place }) => place),
      location_types: offers.map(() => kind),
    };
  },
  aws_ec2_instance_type_offering: (call, config) => {
    const types = fitting(call, config);
    const preferred = strings(config['preferred_instance_types']);
    const type = preferred.find((one) => types.includes(one)) ?? (preferred.length === 0 && types.length === 1 ? types[0] : undefined);
    const [place] = placesOf(call, config);
    if (type === undefined || place === undefined)
      throw new Refusal(
        `reading ${call.type}`,
        types.length > 1 ? 'multiple EC2 Instance Type Offerings found' : 'no matching EC2 Instance Type Offering found',
      );
    return { id: type, instance_type: type, location: place, location_type: given(config['location_type']) ?? 'region' };
  },
  aws_rds_engine_version: (call, config) => {
    const engine = String(config['engine'] ?? '');
    const offered = awsTable().engines[engine];
    if (offered === undefined)
      throw new Refusal(
        `reading ${call.type}`,
        `the table has no versions of ${engine}; it has those of ${Object.keys(awsTable().engines).join(', ')}`,
        'engine',
      );
    const wanted = given(config['version']);
    const family = given(config['parameter_group_family']);
    const found = offered.versions.filter(
      (one) =>
        (wanted === undefined || one === wanted || one.startsWith(`${wanted}.`)) &&
        (family === undefined || familyOf(engine, one) === family),
    );
    const asked = strings(config['preferred_versions']);
    const preferred = asked.find((one) => found.includes(one));
    if (asked.length > 0 && preferred === undefined)
      throw new Refusal(
        `reading ${call.type}`,
        `no RDS engine versions match the criteria and preferred versions; the table has ${offered.versions.join(', ')}`,
        'preferred_versions',
      );
    const chosen =
      preferred ??
      (config['default_only'] === true || (wanted === undefined && family === undefined && config['latest'] !== true)
        ? found.find((one) => one === offered.default)
        : undefined) ??
      found.at(-1);
    if (chosen === undefined)
      throw new Refusal(
        `reading ${call.type}`,
        `no RDS engine versions match the criteria; the table has ${offered.versions.join(', ')}`,
        'version',
      );
    if (found.length > 1 && config['latest'] !== true && preferred === undefined && config['default_only'] !== true && wanted !== undefined)
      throw new Refusal(
        `reading ${call.type}`,
        `multiple RDS engine versions (${found.join(', ')}) match the criteria; use latest, default_only or preferred_versions`,
        'version',
      );
    return {
      id: chosen,
      engine,
      version: chosen,
      version_actual: chosen,
      parameter_group_family: familyOf(engine, chosen),
      status: 'available',
      engine_description: engine,
      version_description: `${engine} ${chosen}`,
      supported_modes: ['provisioned'],
      default_character_set: '',
      supported_character_sets: [],
      supported_timezones: [],
    };
  },
};
