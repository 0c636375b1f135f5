import type { Infrastructure } from '../read/graph';
import { by } from '../read/infrastructure';
import { azureTraffic } from './azure-traffic';
import { literalOf } from './details';
import { groupRules } from './group-rules';
import { hetznerTraffic } from './hetzner-traffic';
import { kubernetesTraffic } from './kubernetes-traffic';
import { Net, type Found } from './net';

/** Something calls, reads or writes something else, from the caller to the called. */
export interface Traffic {
  /** Id of a resource, or `internet <region path>` for callers from anywhere. */
  readonly from: string;
  /** Id of a resource. */
  readonly to: string;
  /** Ports in the order of their numbers, `5432` or `8000-8100`; empty where what is known names none. */
  readonly ports: readonly string[];
  /** What of the synthesized JSON says so, sorted: `security group`, `target group`, `IAM`, … */
  readonly grounds: readonly string[];
}

/** What an arrow of traffic says. */
export function trafficText({ ports, grounds }: Traffic): string {
  return `${ports.length === 0 ? '' : `port ${ports.join(', ')}, `}by ${grounds.join(', ')}`;
}

/**
 * Who calls whom, as far as the synthesized JSON says so: rules between security groups and the members of both, listeners and target groups,
 * policies of the roles that services run under, what container definitions and environments name, records of DNS, targets of load balancers; rules of
 * Azure's security groups; Kubernetes' services, ingresses and network policies by the labels of pods; Hetzner's firewalls.
 * Sorted by from, to; one for each pair. An arrow never leads to what only describes something: groups, roles, rules.
 */
export function trafficOf(graph: Infrastructure): readonly Traffic[] {
  const net = new Net(graph);
  const found = [
    ...groupRules(net),
    ...targetGroups(net),
    ...grants(net),
    ...named(net),
    ...joined(net),
    ...azureTraffic(net),
    ...kubernetesTraffic(net),
    ...hetznerTraffic(net),
  ];
  const pairs = new Map<string, { from: string; to: string; ports: Set<string>; grounds: Set<string> }>();
  for (const { from, to, port, ground } of found) {
    if (from === to) continue;
    const key = `${from}\n${to}`;
    const pair = pairs.get(key) ?? { from, to, ports: new Set<string>(), grounds: new Set<string>() };
    if (port !== undefined) pair.ports.add(port);
    pair.grounds.add(ground);
    pairs.set(key, pair);
  }
  return [...pairs.values()].sort(by(({ from, to }) => `${from}\n${to}`)).map(({ from, to, ports, grounds }) => ({
    from,
    to,
    ports: [...ports].sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10)),
    grounds: [...grounds].sort(),
  }));
}

/** Listener → target group → who serves it, as one arrow from the load balancer. */
function targetGroups(net: Net): readonly Found[] {
  return net.all(/^aws_lb_listener(_rule)?$/).flatMap((listener): Found[] => {
    const listeners = listener.block.type === 'aws_lb_listener' ? [listener] : net.names(listener.id, /^listener_arn$/);
    const balancers = listeners.flatMap(({ id }) => net.names(id, /^load_balancer_arn$/));
    return net.names(listener.id, /target_group/).flatMap((group) => {
      const servers = net
        .namedBy(group.id, /target_group/)
        .flatMap((one) => (/_attachment$/.test(one.block.type) ? net.names(one.id, /^(target_id|autoscaling_group_name)$/) : [one]))
        .filter(({ block }) => !block.type.startsWith('aws_lb_'))
        .filter(({ block }) => /^aws_(ecs_service|instance|lambda_function|autoscaling_group)$/.test(block.type));
      const port = literalOf(group.block.body, 'port');
      return balancers.flatMap((balancer) => servers.map(({ id }): Found => ({ from: balancer.id, to: id, port, ground: 'target group' })));
    });
  });
}

/** What services read and write. A key is used by what it encrypts, an image is fetched before anything runs: neither is a call. */
const serving =
  /^aws_(s3_bucket|secretsmanager_secret|ssm_parameter|dynamodb_table|sqs_queue|sns_topic|rds_cluster|db_instance|elasticache_replication_group|elasticache_cluster|lambda_function|cloudwatch_log_group|kinesis_stream|xray_group)$/;

/** Policies of a role lead from whoever runs under the role to what the policy names. */
function grants(net: Net): readonly Found[] {
  return net.all(/^aws_iam_(role_policy|policy)$/).flatMap((policy) => {
    const roles = [
      ...net.names(policy.id, /^role$/),
      ...net.namedBy(policy.id, /^policy_arn$/).flatMap(({ id }) => net.names(id, /^role$/)),
    ];
    const holders = roles.flatMap(({ id }) =>
      net.namedBy(id, /(^|\.)(role|role_arn|task_role_arn|execution_role_arn)$/).flatMap((one) => net.runners(one)),
    );
    const callers = holders.filter(({ block }) => /^aws_(ecs_service|lambda_function|instance)$/.test(block.type));
    const targets = net.names(policy.id, /^policy/).filter(({ block }) => serving.test(block.type));
    return callers.flatMap((caller) => targets.map(({ id }): Found => ({ from: caller.id, to: id, ground: 'IAM' })));
  });
}

/** A container or function that is told an address, a secret or a log calls it. */
function named(net: Net): readonly Found[] {
  return net.all(/^aws_(ecs_task_definition|lambda_function)$/).flatMap((definition) => {
    const targets = net.names(definition.id, /^(container_definitions|environment)/).filter(({ block }) => serving.test(block.type));
    return net
      .runners(definition)
      .flatMap((runner) => targets.map(({ id }): Found => ({ from: runner.id, to: id, ground: 'environment' })));
  });
}

/** A resource that joins two others: attribute of the caller, attribute of the called, what it is. */
const joints: readonly (readonly [type: RegExp, caller: RegExp, called: RegExp, ground: string])[] = [
  [/^hcloud_load_balancer_target$/, /^load_balancer_id$/, /^(server_id|label_selector)$/, 'target'],
  [/^aws_wafv2_web_acl_association$/, /^web_acl_arn$/, /^resource_arn$/, 'web ACL'],
  [/^aws_sns_topic_subscription$/, /^topic_arn$/, /^endpoint$/, 'subscription'],
];

/** Records lead to what they name. */
const records = /^(aws_route53_record|cloudflare_(dns_)?record|azurerm_dns_\w+_record)$/;

function joined(net: Net): readonly Found[] {
  const pairs = joints.flatMap(([type, caller, called, ground]) =>
    net.all(type).flatMap((joint) =>
      net.names(joint.id, caller).flatMap((from) => {
        const ports = net.all(/^hcloud_load_balancer_service$/).filter(({ id }) => net.names(id, /^load_balancer_id$/).includes(from));
        const port = type.test('hcloud_load_balancer_target')
          ? ports.map(({ block }) => literalOf(block.body, 'destination_port')).find((one) => one !== undefined)
          : undefined;
        return net.names(joint.id, called).map(({ id }): Found => ({ from: from.id, to: id, port, ground }));
      }),
    ),
  );
  const dns = net.all(records).flatMap((record) =>
    net
      .names(record.id, /^(alias|content|value|records|target_resource_id)/)
      .filter(({ block }) => /_(lb|load_balancer|server|instance|public_ip|cloudfront_distribution)$/.test(block.type))
      .map(({ id }): Found => ({ from: record.id, to: id, ground: 'DNS' })),
  );
  return [...pairs, ...dns];
}
