import { inventory, throughHost, type Inventory, type Variables } from '../../../modules/hosts/ansible-inventory';
import { operator } from '../root';
import { hostCalled, hostsOf, isStandby, roles, type AddressPlan, type Host } from '../topology/hosts';
import type { TuxEnvironmentValues, VolumeName } from '../values';

/** What only a deployed environment knows; terraform references in an output, lookups of the shell's environment in a file. */
export interface DeployedFacts {
  readonly bastionAddress: string;
  /** Block device of each volume. */
  readonly volumeDevices: Readonly<Record<VolumeName, string>>;
  /** PEM; public. */
  readonly originCertificate: string;
  /** S3 endpoint of the backup buckets. */
  readonly backupEndpoint: string;
  /** Networks that may log in; a list, or an expression that gives one. */
  readonly administrators: unknown;
}

/** Facts for a file that is read without terraform: each is looked up where Ansible runs. */
export const lookedUpFacts: DeployedFacts = {
  bastionAddress: lookup('TUX_BASTION_ADDRESS'),
  volumeDevices: {
    postgres: lookup('TUX_VOLUME_POSTGRES'),
    redis: lookup('TUX_VOLUME_REDIS'),
    files: lookup('TUX_VOLUME_FILES'),
    backup: lookup('TUX_VOLUME_BACKUP'),
  },
  originCertificate: lookup('TUX_ORIGIN_CERTIFICATE'),
  backupEndpoint: lookup('TUX_BACKUP_ENDPOINT'),
  administrators: "{{ lookup('env', 'TUX_ADMIN_CIDRS') | split(',') }}",
};

function lookup(variable: string): string {
  return `{{ lookup('env', '${variable}') }}`;
}

/** The inventory of one environment. Private hosts are reached through the bastion. */
export function inventoryOf(plan: AddressPlan, environment: TuxEnvironmentValues, facts: DeployedFacts): Inventory {
  return inventory({
    hosts: Object.fromEntries(plan.hosts.map((host) => [host.name, hostVariables(plan, host, facts)])),
    groups: Object.fromEntries(roles.map((role) => [role, hostsOf(plan, role).map(({ name }) => name)])),
    vars: {
      ansible_user: operator,
      ansible_python_interpreter: '/usr/bin/python3',
      tux_environment: environment.environment,
      tux_hostname: environment.hostname,
      tux_database_address: hostCalled(plan, 'db').address,
      tux_redis_address: hostCalled(plan, 'redis').address,
      tux_monitoring_address: hostCalled(plan, 'monitoring').address,
      tux_load_balancer_address: plan.loadBalancer,
      tux_private_subnet: plan.subnets.private,
      tux_backup_endpoint: facts.backupEndpoint,
      tux_origin_certificate: facts.originCertificate,
      admin_cidrs: facts.administrators,
    },
  });
}

function hostVariables(plan: AddressPlan, host: Host, facts: DeployedFacts): Variables {
  const volumes = volumesOf(host);
  return {
    ansible_host: host.subnet === 'public' ? facts.bastionAddress : host.address,
    ...(host.subnet === 'public' ? {} : throughHost(operator, facts.bastionAddress)),
    private_address: host.address,
    tux_role: host.role,
    tux_host: host.id,
    ...(isStandby(host) ? { tux_standby: true } : {}),
    ...(host.role === 'web' ? { tux_shard: hostsOf(plan, 'web').indexOf(host), tux_shards: hostsOf(plan, 'web').length } : {}),
    ...(volumes.length === 0 ? {} : { tux_volumes: Object.fromEntries(volumes.map((name) => [name, facts.volumeDevices[name]])) }),
  };
}

/** The volumes that are attached to a host. */
export function volumesOf(host: Host): readonly VolumeName[] {
  if (isStandby(host)) return [];
  return host.role === 'db' ? ['postgres', 'files', 'backup'] : host.role === 'redis' ? ['redis'] : [];
}
