import type { ResourceCall } from '../../engine/context';
import { freeAddressIn } from '../../values/free-address';

/** Azure keeps the first four addresses and the last of each block for itself (Azure documentation, "Virtual Network FAQ"). */
const kept = { first: 4, last: 1 };

/** The first address of a subnet that no interface has; undefined where the subnet is not known, has no IPv4 block, or is full. */
export function freeAddress(call: ResourceCall, subnet: string, besides: readonly string[] = []): string | undefined {
  const { cloud, name } = call.provider;
  const { scope } = call.settings;
  const prefixes: unknown = cloud.read(cloud.keyOfId(name, scope, 'azurerm_subnet', subnet))?.values['address_prefixes'];
  const block = (Array.isArray(prefixes) ? prefixes : []).map(String).find((one) => !one.includes(':'));
  if (block === undefined) return undefined;
  const interfaces = cloud.list(name, 'azurerm_network_interface', scope);
  return freeAddressIn(
    block,
    new Set([...besides, ...interfaces.flatMap(({ record: { values } }) => addressesOf(values['ip_configuration']))]),
    kept,
  );
}

function addressesOf(configurations: unknown): string[] {
  return (Array.isArray(configurations) ? configurations : []).map((one: unknown) =>
    typeof one === 'object' && one !== null && 'private_ip_address' in one ? String(one.private_ip_address) : '',
  );
}
