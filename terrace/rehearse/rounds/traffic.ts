import { documentIn, leavesOf } from '../shape/leaves';
import { plainJson, type Shape } from '../shape/shape';
import type { ResourcePlace, TrafficEdge } from '../rehearsal';

/** Finds the ways that lead to a resource; see {@link trafficOf}. */
export type TrafficOf = (unit: string, address: string) => readonly TrafficEdge[];

/** What an attribute that names another resource says of requests: its owner sends them there, or has them from there. */
interface Relation {
  readonly type: RegExp;
  readonly attribute: RegExp;
  readonly owner: 'sends' | 'receives';
  /** Type of what it names, where names are not unique. @default any */
  readonly other?: RegExp;
}

const relations: readonly Relation[] = [
  // Names that resolve to it, and what stands in front.
  { type: /(?:_record|_dns_record)$/, attribute: /^(?:alias\.name|records|content|value|target_resource_id)$/, owner: 'sends' },
  { type: /^aws_cloudfront_distribution$/, attribute: /^origin\.domain_name$/, owner: 'sends' },
  { type: /^cloudflare_workers_(?:route|custom_domain|cron_trigger)$/, attribute: /^(?:script|script_name|service)$/, owner: 'sends' },
  { type: /^aws_(?:lb|alb)_listener(?:_rule)?$/, attribute: /(?:^|\.)target_group_arn$|(?:^|\.)target_group\.arn$/, owner: 'sends' },
  { type: /^aws_(?:lb|alb)_listener(?:_rule)?$/, attribute: /^(?:load_balancer_arn|listener_arn)$/, owner: 'receives' },
  { type: /^aws_(?:lb|alb)_target_group_attachment$/, attribute: /^target_group_arn$/, owner: 'receives' },
  { type: /^aws_(?:lb|alb)_target_group_attachment$/, attribute: /^target_id$/, owner: 'sends' },
  { type: /^aws_ecs_service$/, attribute: /^load_balancer\.target_group_arn$/, owner: 'receives' },
  { type: /^aws_ecs_service$/, attribute: /^task_definition$/, owner: 'sends' },
  { type: /^aws_lambda_event_source_mapping$/, attribute: /^event_source_arn$/, owner: 'receives' },
  { type: /^aws_lambda_event_source_mapping$/, attribute: /^function_(?:name|arn)$/, owner: 'sends' },
  { type: /^aws_apigatewayv2_integration$|^aws_api_gateway_integration$/, attribute: /^(?:integration_uri|uri)$/, owner: 'sends' },
  { type: /^aws_sns_topic_subscription$/, attribute: /^topic_arn$/, owner: 'receives' },
  { type: /^aws_sns_topic_subscription$/, attribute: /^endpoint$/, owner: 'sends' },
  { type: /^aws_rds_cluster_instance$/, attribute: /^cluster_identifier$/, owner: 'receives' },
  { type: /^hcloud_load_balancer_(?:service|target)$/, attribute: /^load_balancer_id$/, owner: 'receives' },
  { type: /^hcloud_load_balancer_target$/, attribute: /^server_id$/, owner: 'sends' },
  { type: /^cloudflare_workers_script$/, attribute: /^bindings\.(?:queue_name|bucket_name|service|namespace_id|id)$/, owner: 'sends' },
  { type: /^cloudflare_queue_consumer$/, attribute: /^queue_id$/, owner: 'receives' },
  { type: /^cloudflare_queue_consumer$/, attribute: /^script_name$/, owner: 'sends' },
  { type: /^cloudflare_r2_bucket_event_notification$/, attribute: /^bucket_name$/, owner: 'receives' },
  { type: /^cloudflare_r2_bucket_event_notification$/, attribute: /^queue_id$/, owner: 'sends' },
  { type: /^kubernetes_ingress(?:_v1)?$/, attribute: /\.service\.name$/, owner: 'sends', other: /^kubernetes_service(?:_v1)?$/ },
  {
    type: /^kubernetes_service(?:_v1)?$/,
    attribute: /^spec\.selector\./,
    owner: 'sends',
    other: /^kubernetes_(?:deployment|stateful_set|daemon_set)(?:_v1)?$/,
  },
  { type: /^azurerm_linux_virtual_machine$/, attribute: /^network_interface_ids$/, owner: 'receives' },
  { type: /^azurerm_network_interface$/, attribute: /^ip_configuration\.public_ip_address_id$/, owner: 'receives' },
];

/** Attributes by which others find a resource. */
const identity =
  /^(?:id|arn|dns_name|domain_name|fqdn|endpoint|reader_endpoint|(?:primary|configuration|reader)_endpoint_address|address|(?:ipv4|ipv6|ip|public_ip|private_ip)_address|ipv4|ipv6|public_ip|private_ip|hostname|invoke_url|queue_id|queue_name|script_name|name|metadata\.name)$/;
/** Members of documents in which a program reads where to call; a policy or a picture only speaks of things. */
const calling = /^(?:container_definitions|environment|bindings|data|spec|template|user_data|secret_string|connection_string)(?:\.|$)/;
/** More than this say no more. */
const mostEdges = 40;

interface Node extends ResourcePlace {
  readonly type: string;
  /** Dotted attributes without indices, and their texts; documents are opened. */
  readonly texts: readonly { readonly attribute: string; readonly text: string }[];
}

/**
 * The ways that requests take to a resource, over all units of a shape: names that resolve to a load balancer, its listeners, rules, target
 * groups and what is behind them, queues and their consumers, security groups that let somebody in, and programs that are told an address.
 * Nearest first: who calls it, who calls those. Pure.
 */
export function trafficOf({ resources }: Shape): TrafficOf {
  const nodes = resources.map(({ unit, address, type, attributes }): Node => ({
    unit,
    address,
    type,
    texts: textsOf(plainJson(attributes)),
  }));
  let known: ReadonlyMap<string, readonly TrafficEdge[]> | undefined;
  return (unit, address) => {
    known ??= byTarget([...namedEdges(nodes), ...admittedEdges(nodes)]);
    const found: TrafficEdge[] = [];
    const seen = new Set([placeKey({ unit, address })]);
    for (let next: readonly string[] = [...seen]; next.length > 0 && found.length < mostEdges;) {
      const edges = next.flatMap((key) => known?.get(key) ?? []).filter(({ from }) => !seen.has(placeKey(from)));
      found.push(...edges);
      next = [...new Set(edges.map(({ from }) => placeKey(from)))];
      for (const key of next) seen.add(key);
    }
    return found.slice(0, mostEdges);
  };
}

/** Edges that an attribute says by naming the other resource. */
function namedEdges(nodes: readonly Node[]): readonly TrafficEdge[] {
  const owners = new Map<string, Node[]>();
  for (const node of nodes)
    for (const { attribute, text } of node.texts) if (identity.test(attribute)) owners.set(text, [...(owners.get(text) ?? []), node]);
  const named = (name: string, by: Node, type?: RegExp): Node | undefined =>
    (owners.get(name) ?? [])
      // ARNs and hosts are unique, names are in an environment at most.
      .filter((one) => one !== by && (type?.test(one.type) ?? true) && (/[.:]/.test(name) || isBeside(one, by)))
      // A bucket's policy has the bucket's name as its id: the shorter type is the thing itself.
      .toSorted((a, b) => Number(isBeside(b, by)) - Number(isBeside(a, by)) || a.type.length - b.type.length)[0];
  return nodes.flatMap((node) =>
    node.texts.flatMap(({ attribute, text }): readonly TrafficEdge[] => {
      const relation = relations.find((one) => one.type.test(node.type) && one.attribute.test(attribute));
      if (relation === undefined && !calling.test(attribute)) return [];
      const names = relation === undefined ? addressesIn(text) : [text, ...addressesIn(text)];
      const other = names.map((name) => named(name, node, relation?.other)).find((one) => one !== undefined);
      if (other === undefined) return [];
      const [from, to] = relation?.owner === 'receives' ? [other, node] : [node, other];
      return [{ from: placeOf(from), to: placeOf(to), by: attribute }];
    }),
  );
}

/** Edges that a rule of a security group admits: from what has the one group to what has the other. */
function admittedEdges(nodes: readonly Node[]): readonly TrafficEdge[] {
  const members = new Map<string, Node[]>();
  for (const node of nodes)
    for (const { attribute, text } of node.texts)
      if (
        /(?:^|\.)(?:vpc_security_group_ids|security_group_ids|security_groups)$/.test(attribute) &&
        !/_security_group(?:_|$)/.test(node.type)
      )
        members.set(text, [...(members.get(text) ?? []), node]);
  return nodes
    .filter(({ type }) => type === 'aws_vpc_security_group_ingress_rule')
    .flatMap((rule) => {
      const value = (name: string): string => rule.texts.find(({ attribute }) => attribute === name)?.text ?? '';
      const [to, from] = [members.get(value('security_group_id')) ?? [], members.get(value('referenced_security_group_id')) ?? []];
      return to.flatMap((target) =>
        from.flatMap((source) => (source === target ? [] : [{ from: placeOf(source), to: placeOf(target), by: rule.address }])),
      );
    });
}

/** Hosts and ARNs in a text: of an address with a scheme, of a host with its port, or alone. */
function addressesIn(text: string): readonly string[] {
  const hosts = [...text.matchAll(/(?:[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@"]*@)?)?([a-z0-9][a-z0-9.-]*\.[a-z0-9.-]*[a-z0-9])(?::\d+)?/gi)].map(
    ([, host = '']) => host,
  );
  const arns = text.match(/arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:\d*:[^\s"',]+/g) ?? [];
  return text.length < 8 ? [] : [...arns, ...hosts];
}

function textsOf(value: unknown): Node['texts'] {
  return leavesOf(value).flatMap(({ path, value: leaf }) => {
    const attribute = path.filter((step) => typeof step === 'string').join('.');
    const text = String(leaf);
    const document = documentIn(text);
    return document === undefined
      ? [{ attribute, text }]
      : leavesOf(document).map((inner) => ({
          attribute: [attribute, ...inner.path.filter((step) => typeof step === 'string')].join('.'),
          text: String(inner.value),
        }));
  });
}

function byTarget(edges: readonly TrafficEdge[]): ReadonlyMap<string, readonly TrafficEdge[]> {
  const found = new Map<string, Map<string, TrafficEdge>>();
  for (const edge of edges) {
    const key = placeKey(edge.to);
    const own = found.get(key) ?? new Map<string, TrafficEdge>();
    // One edge for each pair, whatever says it.
    if (!own.has(placeKey(edge.from))) own.set(placeKey(edge.from), edge);
    found.set(key, own);
  }
  return new Map(
    [...found].map(([key, own]) => [key, [...own.values()].toSorted((a, b) => (placeKey(a.from) < placeKey(b.from) ? -1 : 1))]),
  );
}

/** True for resources of one environment. */
function isBeside(one: ResourcePlace, other: ResourcePlace): boolean {
  const environment = (unit: string): string => unit.split('/').slice(0, 2).join('/');
  return environment(one.unit) === environment(other.unit);
}

function placeOf({ unit, address }: Node): ResourcePlace {
  return { unit, address };
}

function placeKey({ unit, address }: ResourcePlace): string {
  return `${unit} ${address}`;
}
