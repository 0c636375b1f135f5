import type { ResourceChange } from '../plan/plan-model';
import { isMap, texts, type ShownObject } from '../values/shown-value';

import { isAnyNetwork } from './any-network';
import { isWritten, valueAt, valuesAt, some, word } from './value-at';
import type { ChangeRule, Observation } from './rule';

/** Ports that a public web service is expected to have open. */
const webPorts = new Set(['80', '443']);

/** One opening to everybody, as text: the same before and after where nothing widened. */
interface Opening {
  readonly source: string;
  readonly protocol: string;
  readonly ports: string;
}

function portsOf(block: ShownObject): string {
  const [from, to] = [valueAt(block, 'from_port'), valueAt(block, 'to_port')];
  if (from === undefined && to === undefined) return 'all';
  if (from === 0 && (to === 0 || to === 65535)) return 'all';
  return from === to ? word(from) : `${word(from)}-${word(to)}`;
}

/** Openings of the inline `ingress` of an aws security group, or of a rule resource of its own. */
function awsOpenings(change: ResourceChange, object: ShownObject | null): readonly Opening[] {
  if (object === null) return [];
  const blocks =
    change.type === 'aws_security_group' || change.type === 'aws_default_security_group' || change.type === 'aws_default_network_acl'
      ? valuesAt(object, 'ingress')
      : valueAt(object, 'type') === 'egress'
        ? []
        : [object];
  return blocks
    .filter(isMap)
    .flatMap((block) =>
      [...texts(block['cidr_blocks']), ...texts(block['ipv6_cidr_blocks']), ...texts(block['cidr_ipv4']), ...texts(block['cidr_ipv6'])]
        .filter(isAnyNetwork)
        .map((source) => ({ source, protocol: word(valueAt(block, 'protocol') ?? valueAt(block, 'ip_protocol')), ports: portsOf(block) })),
    );
}

function azureOpenings(change: ResourceChange, object: ShownObject | null): readonly Opening[] {
  if (object === null) return [];
  const rules = change.type === 'azurerm_network_security_group' ? valuesAt(object, 'security_rule').filter(isMap) : [object];
  return rules
    .filter((rule) => valueAt(rule, 'direction') === 'Inbound' && valueAt(rule, 'access') === 'Allow')
    .flatMap((rule) =>
      [...texts(rule['source_address_prefix']), ...texts(rule['source_address_prefixes'])].filter(isAnyNetwork).map((source) => ({
        source,
        protocol: word(valueAt(rule, 'protocol')),
        ports: [...texts(rule['destination_port_range']), ...texts(rule['destination_port_ranges'])].join(',').replace(/^\*$/, 'all'),
      })),
    );
}

function hetznerOpenings(_: ResourceChange, object: ShownObject | null): readonly Opening[] {
  return valuesAt(object, 'rule')
    .filter(isMap)
    .filter((rule) => valueAt(rule, 'direction') === 'in')
    .flatMap((rule) =>
      texts(rule['source_ips'])
        .filter(isAnyNetwork)
        .map((source) => ({
          source,
          protocol: word(valueAt(rule, 'protocol')),
          ports: valueAt(rule, 'port') === undefined ? 'all' : word(valueAt(rule, 'port')).replace(/^any$/, 'all'),
        })),
    );
}

function googleOpenings(_: ResourceChange, object: ShownObject | null): readonly Opening[] {
  if (object === null || valueAt(object, 'direction') === 'EGRESS') return [];
  const ports = valuesAt(object, 'allow')
    .filter(isMap)
    .map((block) => ({ protocol: word(valueAt(block, 'protocol')), ports: texts(block['ports']).join(',') || 'all' }));
  return texts(object['source_ranges'])
    .filter(isAnyNetwork)
    .flatMap((source) => ports.map((port) => ({ source, ...port })));
}

type Openings = (change: ResourceChange, object: ShownObject | null) => readonly Opening[];

/** Openings that were not there before, one observation for each protocol and port. */
function* widened(change: ResourceChange, openings: Openings, attribute: string): Generator<Observation> {
  if (!isWritten(change)) return;
  const text = (opening: Opening): string => JSON.stringify(opening);
  const before = new Set(openings(change, change.before).map(text));
  const added = openings(change, change.after).filter((opening) => !before.has(text(opening)));
  for (const key of new Set(added.map((opening) => `${opening.protocol} ${opening.ports}`))) {
    const same = added.filter((opening) => `${opening.protocol} ${opening.ports}` === key);
    const web = same.every((opening) => opening.ports.split(',').every((port) => webPorts.has(port)));
    const ports = same[0]?.ports === 'all' ? 'all ports' : `port ${same[0]?.ports ?? ''}`;
    yield {
      reason: `${ports} (${same[0]?.protocol ?? ''}) opens to ${some(same.map((opening) => opening.source))}`,
      severity: web ? 'medium' : 'critical',
      attribute,
    };
  }
}

function openRule(id: string, title: string, types: readonly string[], openings: Openings, attribute: string): ChangeRule {
  return {
    scope: 'change',
    id,
    title,
    severity: 'critical',
    explain:
      'Anybody on the internet can connect. That is expected for the web ports of a public entrance, but never for a database, a cache, SSH or “all”. Name the networks that need it.',
    *check(change) {
      if (types.includes(change.type)) yield* widened(change, openings, attribute);
    },
  };
}

export const networkExposureRules: readonly ChangeRule[] = [
  openRule(
    'aws-ingress-open',
    'A security group opens to the internet',
    ['aws_security_group', 'aws_default_security_group', 'aws_security_group_rule', 'aws_vpc_security_group_ingress_rule'],
    awsOpenings,
    'ingress',
  ),
  openRule(
    'azure-ingress-open',
    'A network security rule opens to the internet',
    ['azurerm_network_security_group', 'azurerm_network_security_rule'],
    azureOpenings,
    'security_rule',
  ),
  openRule('hetzner-ingress-open', 'A firewall opens to the internet', ['hcloud_firewall'], hetznerOpenings, 'rule'),
  openRule('google-ingress-open', 'A firewall opens to the internet', ['google_compute_firewall'], googleOpenings, 'source_ranges'),
  {
    scope: 'change',
    id: 'egress-open',
    title: 'Outgoing traffic opens to everywhere',
    severity: 'low',
    explain: 'A compromised workload can then send data anywhere. Let private workloads reach their services through endpoints.',
    *check(change) {
      if (!isWritten(change)) return;
      const open = (object: ShownObject | null): readonly string[] => {
        if (change.type === 'aws_vpc_security_group_egress_rule')
          return [...texts(valueAt(object, 'cidr_ipv4')), ...texts(valueAt(object, 'cidr_ipv6'))].filter(isAnyNetwork);
        if (change.type === 'aws_security_group_rule' && valueAt(object, 'type') === 'egress')
          return valuesAt(object, 'cidr_blocks').flatMap(texts).filter(isAnyNetwork);
        return change.type === 'aws_security_group'
          ? [...valuesAt(object, 'egress.cidr_blocks'), ...valuesAt(object, 'egress.ipv6_cidr_blocks')].flatMap(texts).filter(isAnyNetwork)
          : [];
      };
      const before = new Set(open(change.before));
      const added = open(change.after).filter((source) => !before.has(source));
      if (added.length > 0) yield { reason: `egress opens to ${some(added)}`, attribute: 'egress' };
    },
  },
  {
    scope: 'change',
    id: 'internet-route-added',
    title: 'A route to the internet gateway is added',
    severity: 'medium',
    explain: 'Subnets of this table become public. Check that none of them is a private or database subnet.',
    *check(change) {
      if (!isWritten(change) || !['aws_route', 'aws_route_table'].includes(change.type)) return;
      const direct = (object: ShownObject | null): number => {
        const routes = change.type === 'aws_route' ? [object ?? undefined] : valuesAt(object, 'route');
        return routes.filter(
          (route) =>
            isAnyNetwork(
              word(
                valueAt(route, 'destination_cidr_block') ??
                  valueAt(route, 'cidr_block') ??
                  valueAt(route, 'destination_ipv6_cidr_block') ??
                  valueAt(route, 'ipv6_cidr_block'),
              ),
            ) &&
            (change.references.get('gateway_id')?.some((name) => name.startsWith('aws_internet_gateway')) === true ||
              /^igw-/.test(word(valueAt(route, 'gateway_id')))),
        ).length;
      };
      if (direct(change.after) > direct(change.before))
        yield { reason: 'everything without a nearer route goes to the internet gateway', attribute: 'gateway_id' };
    },
  },
];
