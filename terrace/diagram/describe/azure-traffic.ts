import type { JsonObject } from '../read/configuration';
import type { ResourceNode } from '../read/graph';
import { internetOf, type Found, type Net } from './net';
import { isEverybody, overlaps } from './networks';
import { blocksAt, textsAt } from './values';

/** What only speaks of a subnet without standing in it. */
const speaksOnly = /(_association|^azurerm_(subnet|virtual_network|network_security_\w+|route_table|nat_gateway))$/;
const machine = /^azurerm_(linux_|windows_)?virtual_machine(_scale_set)?$/;
/** What a role on it lets read or write. */
const serving =
  /^azurerm_(storage_account|storage_container|key_vault|key_vault_secret|servicebus_\w+|eventhub\w*|cosmosdb_account|container_registry|postgresql_flexible_server|mssql_server|redis_cache)$/;

/** Something behind a security group, with the addresses that are known of it. */
interface Member {
  readonly resource: ResourceNode;
  /** CIDRs and addresses of it or of its subnet. */
  readonly addresses: readonly string[];
  /** True where the internet can open a connection to it at all. */
  readonly isPublic: boolean;
}

/** Rules of network security groups, load balancers and roles of Azure, as traffic between what lies behind them. */
export function azureTraffic(net: Net): readonly Found[] {
  return [...securityGroups(net), ...balancers(net), ...roles(net)];
}

function securityGroups(net: Net): readonly Found[] {
  const everything = net.all(/^azurerm_subnet$/).flatMap((subnet) => membersOf(net, subnet));
  return net.all(/^azurerm_network_security_group$/).flatMap((group): Found[] => {
    const own = behind(net, group);
    return allowed(net, group).flatMap(({ rule, names }) => {
      const destinations = textsAt(rule, 'destination_address_prefix', 'destination_address_prefixes');
      const called = own.filter((member) => isWithin(member, destinations));
      const sources = textsAt(rule, 'source_address_prefix', 'source_address_prefixes');
      const named = names.flatMap((one) => net.namedBy(one.id, /application_security_group/)).flatMap((one) => machinesOf(net, one));
      const callers = [
        ...everything
          .filter((member) => sources.some((source) => isOwn(source) || overlapsAny(member, [source])))
          .map(({ resource }) => resource),
        ...named,
      ];
      const ports = portsOf(rule);
      return called.flatMap(({ resource, isPublic }): Found[] => {
        const { system, environment } = resource.unit;
        const others = callers.filter(({ unit }) => unit.system === system && unit.environment === environment);
        return ports.flatMap((port): Found[] => [
          ...others.map(({ id }): Found => ({ from: id, to: resource.id, port, ground: 'network security group' })),
          ...(isPublic && sources.some(isEverybody)
            ? [{ from: internetOf(resource), to: resource.id, port, ground: 'network security group' }]
            : []),
        ]);
      });
    });
  });
}

interface Allowed {
  readonly rule: JsonObject;
  /** Application security groups that it names as sources. */
  readonly names: readonly ResourceNode[];
}

/** Inbound rules that let something in: those before the first that refuses everything. */
function allowed(net: Net, group: ResourceNode): readonly Allowed[] {
  const inline = blocksAt(group.block.body, 'security_rule').map((rule) => ({ rule, names: [] }));
  const separate = net
    .namedBy(group.id, /^network_security_group_(name|id)$/)
    .filter(({ block }) => block.type === 'azurerm_network_security_rule')
    .map(({ id, block }) => ({ rule: block.body, names: net.names(id, /^source_application_security_group_ids$/) }));
  const priority = ({ rule }: Allowed): number => Number(textsAt(rule, 'priority')[0] ?? 4096);
  const inbound = [...inline, ...separate]
    .filter(({ rule }) => rule['direction'] === 'Inbound')
    .toSorted((one, other) => priority(one) - priority(other));
  const last = inbound.findIndex(
    ({ rule }) => rule['access'] === 'Deny' && textsAt(rule, 'source_address_prefix').some(isEverybody) && portsOf(rule)[0] === undefined,
  );
  return inbound.slice(0, last === -1 ? inbound.length : last).filter(({ rule }) => rule['access'] === 'Allow');
}

/** What lies behind a group: in a subnet that it guards, or at a network interface that it guards. */
function behind(net: Net, group: ResourceNode): readonly Member[] {
  const associations = net.namedBy(group.id, /^network_security_group_id$/).filter(({ block }) => block.type.endsWith('_association'));
  const subnets = associations.flatMap(({ id }) => net.names(id, /^subnet_id$/)).flatMap((subnet) => membersOf(net, subnet));
  const cards = associations.flatMap(({ id }) => net.names(id, /^network_interface_id$/)).flatMap((card) => membersAt(net, card));
  return [...subnets, ...cards];
}

function membersOf(net: Net, subnet: ResourceNode): readonly Member[] {
  const range = textsAt(subnet.block.body, 'address_prefixes', 'address_prefix');
  return net
    .namedBy(subnet.id, /subnet_id$/)
    .filter(({ block }) => !speaksOnly.test(block.type))
    .flatMap((one) => membersAt(net, one))
    .map((member) => (member.addresses.length > 0 ? member : { ...member, addresses: range }));
}

/** The machine behind a network interface; anything else as itself. Only what has a public address of its own is reached from the internet. */
function membersAt(net: Net, resource: ResourceNode): readonly Member[] {
  if (resource.block.type !== 'azurerm_network_interface')
    return [{ resource, addresses: [], isPublic: net.names(resource.id, /public_ip/).length > 0 }];
  const addresses = blocksAt(resource.block.body, 'ip_configuration').flatMap((one) => textsAt(one, 'private_ip_address'));
  const isPublic = net.names(resource.id, /public_ip_address_id$/).length > 0;
  return machinesOf(net, resource).map((one) => ({ resource: one, addresses, isPublic }));
}

function machinesOf(net: Net, card: ResourceNode): readonly ResourceNode[] {
  if (machine.test(card.block.type)) return [card];
  const cards = card.block.type === 'azurerm_network_interface' ? [card] : net.names(card.id, /^network_interface_id$/);
  return cards.flatMap(({ id }) => net.namedBy(id, /^network_interface_ids?$/)).filter(({ block }) => machine.test(block.type));
}

/** Azure's word for a group's own network and all that is joined with it. Everybody is drawn as the internet alone, not as each machine. */
function isOwn(source: string): boolean {
  return source === 'VirtualNetwork';
}

function isWithin(member: Member, destinations: readonly string[]): boolean {
  return destinations.length === 0 || destinations.some((one) => isOwn(one) || isEverybody(one) || overlapsAny(member, [one]));
}

function overlapsAny({ addresses }: Member, networks: readonly string[]): boolean {
  return addresses.some((address) => networks.some((network) => !isEverybody(network) && overlaps(address, network)));
}

/** Ports of a rule; one that is undefined for a rule about all. */
function portsOf(rule: JsonObject): readonly (string | undefined)[] {
  const ports = textsAt(rule, 'destination_port_range', 'destination_port_ranges').filter((port) => !port.includes('${'));
  return ports.length === 0 || ports.includes('*') ? [undefined] : ports;
}

/** A load balancer's rules lead to the machines of its pools. */
function balancers(net: Net): readonly Found[] {
  return net.all(/^azurerm_lb_rule$/).flatMap((rule) => {
    const servers = net
      .names(rule.id, /^backend_address_pool_ids?$/)
      .flatMap((pool) => net.namedBy(pool.id, /backend_address_pool_ids?$/))
      .flatMap((one) => machinesOf(net, one));
    const port = textsAt(rule.block.body, 'backend_port')[0];
    return net
      .names(rule.id, /^loadbalancer_id$/)
      .flatMap(({ id: from }) => servers.map(({ id: to }): Found => ({ from, to, port, ground: 'load balancer rule' })));
  });
}

/** A role that an identity has on a store leads from whoever has the identity to the store. */
function roles(net: Net): readonly Found[] {
  return net.all(/^azurerm_role_assignment$/).flatMap((role) => {
    const holders = net
      .names(role.id, /^principal_id$/)
      .flatMap((one) => (one.block.type === 'azurerm_user_assigned_identity' ? net.namedBy(one.id, /identity_ids$/) : [one]));
    const targets = net.names(role.id, /^scope$/).filter(({ block }) => serving.test(block.type));
    return holders.flatMap(({ id: from }) => targets.map(({ id: to }): Found => ({ from, to, ground: 'role' })));
  });
}
