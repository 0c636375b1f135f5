import type { ResourceCall } from '../engine/context';
import { isList, isObject, isUnknown, type ObjectValue, type Value } from '../protocol/value';
import { RandomStream } from '../values/random-stream';

/**
 * What the API server fills in: the address of a service in kubeadm's default range, the same among its addresses, the ports of its pods
 * (Kubernetes documentation, "Service"), and the address of a load balancer of the block for documentation, which has no host name.
 */
export function placedKubernetes(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const kind = /^kubernetes_(service|ingress)(?:_v1)?$/.exec(call.type)?.[1];
  if (kind === undefined) return planned;
  const random = new RandomStream(`${call.type} of ${call.settings.scope} ${JSON.stringify(planned['metadata'])}`);
  const [first] = blocksOf(planned['spec']);
  const isBalanced = kind === 'ingress' || first?.['type'] === 'LoadBalancer';
  const balancer = isBalanced ? [{ ip: `203.0.113.${1 + random.number(253)}`, hostname: '' }] : [];
  const status = isUnknown(planned['status']) ? { status: [{ load_balancer: [{ ingress: balancer }] }] } : {};
  if (kind === 'ingress') return { ...planned, ...status };
  const spec = blocksOf(planned['spec']).map((one): ObjectValue => {
    const address = isUnknown(one['cluster_ip']) ? addressOf(one, random) : (one['cluster_ip'] ?? '');
    return {
      ...one,
      cluster_ip: address,
      cluster_ips: isUnknown(one['cluster_ips']) ? (address === '' ? [] : [address]) : (one['cluster_ips'] ?? null),
      port: blocksOf(one['port']).map((port) => (isUnknown(port['target_port']) ? { ...port, target_port: String(port['port']) } : port)),
    };
  });
  return { ...planned, ...status, spec };
}

/** A service that is but another name has no address. */
function addressOf(spec: ObjectValue, random: RandomStream): string {
  return spec['type'] === 'ExternalName' ? '' : `10.96.${random.number(256)}.${2 + random.number(250)}`;
}

function blocksOf(value: Value | undefined): readonly ObjectValue[] {
  return isList(value ?? null) ? (value as readonly Value[]).filter(isObject) : [];
}
