import { isObject, type JsonObject } from '../read/configuration';
import type { ResourceNode } from '../read/graph';
import { literalOf } from './details';
import { internetOf, type Found, type Net } from './net';
import { isEverybody, isPrivate } from './networks';
import { blocksAt, listOf, textsAt } from './values';

/** Firewalls and load balancers of Hetzner, as traffic from outside: its firewalls see public interfaces only. */
export function hetznerTraffic(net: Net): readonly Found[] {
  return [...firewalls(net), ...listeners(net)];
}

function firewalls(net: Net): readonly Found[] {
  return net.all(/^hcloud_firewall$/).flatMap((firewall) => {
    const servers = guarded(net, firewall).filter(hasPublicInterface);
    return blocksAt(firewall.block.body, 'rule')
      .filter((rule) => rule['direction'] === 'in')
      .flatMap((rule) => {
        const ground = groundOf(rule);
        const port = textsAt(rule, 'port').find((one) => one !== 'any' && !one.includes('${'));
        return ground === undefined ? [] : servers.map((server): Found => ({ from: internetOf(server), to: server.id, port, ground }));
      });
  });
}

/** Servers by attachment, by label, or by what they say themselves. */
function guarded(net: Net, firewall: ResourceNode): readonly ResourceNode[] {
  const attached = net
    .namedBy(firewall.id, /^firewall_id$/)
    .flatMap((attachment) => net.names(attachment.id, /^(server_ids|label_selectors)$/));
  const all = [...net.names(firewall.id, /^apply_to\./), ...attached, ...net.namedBy(firewall.id, /^firewall_ids$/)];
  return [...new Set(all)].filter(({ block }) => block.type === 'hcloud_server');
}

/** Whom a rule lets in: everybody, or some addresses of the internet, which may be given when it is applied. */
function groundOf(rule: JsonObject): string | undefined {
  const sources = listOf(rule['source_ips']).filter((one) => typeof one === 'string');
  if (sources.some(isEverybody)) return 'firewall';
  return sources.some((source) => !isPrivate(source)) ? 'firewall, for some addresses' : undefined;
}

function hasPublicInterface({ block }: ResourceNode): boolean {
  const nets = listOf(block.body['public_net']).filter(isObject);
  return nets.length === 0 || nets.some((one) => one['ipv4_enabled'] !== false || one['ipv6_enabled'] !== false);
}

/** A load balancer's services answer whoever asks, unless its public interface is off. */
function listeners(net: Net): readonly Found[] {
  return net.all(/^hcloud_load_balancer_service$/).flatMap((service) => {
    const port = literalOf(service.block.body, 'listen_port');
    if (port === undefined) return [];
    return net
      .names(service.id, /^load_balancer_id$/)
      .filter(({ id }) => !net.namedBy(id, /^load_balancer_id$/).some(({ block }) => block.body['enable_public_interface'] === false))
      .map((balancer): Found => ({ from: internetOf(balancer), to: balancer.id, port, ground: 'listener' }));
  });
}
