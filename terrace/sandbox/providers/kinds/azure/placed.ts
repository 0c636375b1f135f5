import type { CloudRecord } from '../../cloud/record';
import type { ResourceCall } from '../../engine/context';
import { isList, isObject, isUnknown, textOf, type ObjectValue, type Value } from '../../protocol/value';
import { RandomStream } from '../../values/random-stream';
import { freeAddress } from './free-address';

/** Blocks that facts are in. */
const inBlocks: ReadonlySet<string> = new Set(['ip_configuration', 'os_disk', 'private_service_connection']);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Computed values of Azure that follow from other resources or from names: the addresses of an interface from its subnet, those of a machine from
 * its interfaces, the domain name of a public address from its label, the host names of a scale set from its own name. What is known stays.
 */
export function placedAzure(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const facts = factsOf(call, planned);
  const open = Object.entries(facts).filter(([name, value]) => value !== undefined && (isUnknown(planned[name]) || inBlocks.has(name)));
  return open.length === 0 ? planned : { ...planned, ...Object.fromEntries(open) };
}

function factsOf(call: ResourceCall, planned: ObjectValue): ObjectValue {
  switch (call.type) {
    case 'azurerm_network_interface':
      return interfaceFacts(call, planned);
    case 'azurerm_linux_virtual_machine':
    case 'azurerm_windows_virtual_machine':
      return machineFacts(call, planned);
    case 'azurerm_public_ip': {
      const label = textOf(planned['domain_name_label']) ?? '';
      return label === '' ? {} : { fqdn: `${label}.${locationOf(planned)}.cloudapp.azure.com` };
    }
    case 'azurerm_linux_virtual_machine_scale_set':
    case 'azurerm_windows_virtual_machine_scale_set':
      return { computer_name_prefix: planned['name'] ?? null };
    case 'azurerm_private_endpoint': {
      const address = freeAddress(call, text(planned['subnet_id']), []);
      const connections = listOf(planned['private_service_connection']);
      if (address === undefined) return {};
      return {
        private_service_connection: connections.map((one) =>
          isObject(one) && isUnknown(one['private_ip_address']) ? { ...one, private_ip_address: address } : one,
        ),
      };
    }
    default:
      return {};
  }
}

/** The name of a location as it stands in domain names: `westeurope` for `West Europe`. */
export function locationOf({ location }: ObjectValue): string {
  return text(location).toLowerCase().replaceAll(' ', '');
}

/** Each configuration that leaves its address to Azure gets the first free one of its subnet; the first of them is the primary one. */
function interfaceFacts(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const configurations = listOf(planned['ip_configuration']);
  const taken: string[] = configurations.flatMap((one) => (isObject(one) ? [text(one['private_ip_address'])] : []));
  const placed = configurations.map((one, index) => {
    if (!isObject(one)) return one;
    const primary = isUnknown(one['primary']) ? index === 0 : (one['primary'] ?? null);
    const isOpen = isUnknown(one['private_ip_address']) && one['private_ip_address_version'] !== 'IPv6';
    const address = isOpen ? freeAddress(call, text(one['subnet_id']), taken) : undefined;
    if (address !== undefined) taken.push(address);
    return { ...one, primary, ...(address === undefined ? {} : { private_ip_address: address }) };
  });
  const addresses = placed.flatMap((one) => (isObject(one) ? [text(one['private_ip_address'])] : [])).filter((one) => one !== '');
  return {
    ip_configuration: placed,
    ...(addresses.length === 0 ? {} : { private_ip_address: addresses[0] ?? '', private_ip_addresses: addresses }),
  };
}

/** A machine has the addresses of its interfaces; the first of each kind is its own. */
function machineFacts(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const configurations = listOf(planned['network_interface_ids']).flatMap((id) => {
    const found = recordOf(call, 'azurerm_network_interface', text(id))?.values['ip_configuration'];
    return Array.isArray(found) ? (found as readonly Readonly<Record<string, unknown>>[]) : [];
  });
  const inside = configurations.map((one) => text(one['private_ip_address'])).filter((one) => one !== '');
  const outside = configurations
    .map((one) => text(recordOf(call, 'azurerm_public_ip', text(one['public_ip_address_id']))?.values['ip_address']))
    .filter((one) => one !== '');
  const disk = diskOf(call, planned);
  if (inside.length === 0) return disk;
  return {
    ...disk,
    private_ip_address: inside[0] ?? '',
    private_ip_addresses: inside,
    public_ip_address: outside[0] ?? '',
    public_ip_addresses: outside,
  };
}

/** The disk of a machine's system, which is named after the machine where nobody names it. */
function diskOf(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const [disk] = listOf(planned['os_disk']);
  if (!isObject(disk)) return {};
  const machine = text(planned['name']);
  const suffix = new RandomStream(`os disk ${call.settings.scope} ${text(planned['resource_group_name'])} ${machine}`).hex(32);
  const name = isUnknown(disk['name']) ? `${machine}_OsDisk_1_${suffix}` : text(disk['name']);
  const group = `/subscriptions/${call.settings.values['subscription'] ?? ''}/resourceGroups/${text(planned['resource_group_name'])}`;
  const id = `${group}/providers/Microsoft.Compute/disks/${name}`;
  return { os_disk: [{ ...disk, name, ...('id' in disk && isUnknown(disk['id']) ? { id } : {}) }], os_managed_disk_id: id };
}

function recordOf(call: ResourceCall, type: string, id: string): CloudRecord | undefined {
  const { cloud, name } = call.provider;
  return id === '' ? undefined : cloud.read(cloud.keyOfId(name, call.settings.scope, type, id));
}

function listOf(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : [];
}
