import { isUnknown, textOf, type ObjectValue } from '../../protocol/value';
import { RandomStream } from '../../values/random-stream';
import { partitionOf } from './facts';

/**
 * The names that an endpoint of a VPC answers at: its own in the region, and with private DNS that of the service (AWS PrivateLink guide, "Access an
 * AWS service using an interface VPC endpoint"). A gateway has none. The zones of the names are not known.
 */
export function endpointNames(attributes: ObjectValue): readonly ObjectValue[] | undefined {
  const [id, service] = [textOf(attributes['id']), textOf(attributes['service_name'])];
  if (attributes['vpc_endpoint_type'] !== 'Interface') return [];
  const [, region = '', words = ''] =
    /^(?:com\.amazonaws|cn\.com\.amazonaws|com\.amazonaws\.vpce)\.([a-z0-9-]+)\.(.+)$/.exec(service ?? '') ?? [];
  if (id === undefined || isUnknown(attributes['id']) || region === '') return undefined;
  const { suffix } = partitionOf(region);
  const short = words.split('.').reverse().join('.');
  const own = `${id}-${new RandomStream(`names of ${id}`).text(8, 'abcdefghijklmnopqrstuvwxyz0123456789')}.${short}.${region}.vpce.${suffix}`;
  const names = [own, ...(attributes['private_dns_enabled'] === true ? [`${short}.${region}.${suffix}`] : [])];
  return names.map((name) => ({ dns_name: name, hosted_zone_id: '' }));
}
