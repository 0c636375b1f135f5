import type { ResourceCall } from '../engine/context';
import { unknown, type ObjectValue, type Value } from '../protocol/value';
import { freeAddressIn } from '../values/free-address';

/** The first free address of a server's subnet, or of the first subnet of its network; Hetzner keeps the first two and the last one. */
export function addressIn({ provider: { cloud, name } }: ResourceCall, planned: ObjectValue): Value {
  const [, wanted] = String(planned['subnet_id'] ?? '').split(/-(.*)/s);
  const network = String(planned['subnet_id'] ?? '').split('-')[0] || String(planned['network_id'] ?? '');
  const subnets = cloud.list(name, 'hcloud_network_subnet').map(({ record: { values } }) => values);
  const subnet = subnets.find((one) => String(one['network_id']) === network && (wanted === undefined || one['ip_range'] === wanted));
  const taken = cloud.list(name, 'hcloud_server_network').map(({ record: { values } }) => String(values['ip']));
  return freeAddressIn(String(subnet?.['ip_range'] ?? ''), new Set(taken), { first: 2, last: 1 }) ?? unknown;
}
