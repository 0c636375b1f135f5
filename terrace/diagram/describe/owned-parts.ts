import type { Infrastructure, ResourceNode } from '../read/graph';

/** Types that belong to another resource though their name does not begin with its type; the first owner that is referenced counts. */
const owners: Readonly<Record<string, readonly string[]>> = {
  aws_kms_alias: ['aws_kms_key', 'aws_kms_replica_key'],
  aws_vpc_security_group_ingress_rule: ['aws_security_group'],
  aws_vpc_security_group_egress_rule: ['aws_security_group'],
  aws_route: ['aws_route_table'],
  aws_eip: ['aws_nat_gateway'],
  aws_flow_log: ['aws_vpc'],
  aws_appautoscaling_target: ['aws_ecs_service'],
  aws_appautoscaling_policy: ['aws_ecs_service', 'aws_appautoscaling_target'],
  aws_ecs_task_definition: ['aws_ecs_service'],
  aws_cloudwatch_log_metric_filter: ['aws_cloudwatch_log_group'],
  aws_cloudwatch_query_definition: ['aws_cloudwatch_log_group'],
  aws_elasticache_subnet_group: ['aws_elasticache_replication_group'],
  aws_elasticache_parameter_group: ['aws_elasticache_replication_group'],
  aws_elasticache_user: ['aws_elasticache_user_group'],
  aws_db_subnet_group: ['aws_rds_cluster', 'aws_db_instance'],
  aws_rds_cluster_parameter_group: ['aws_rds_cluster'],
  aws_db_parameter_group: ['aws_rds_cluster', 'aws_db_instance'],
  aws_acm_certificate_validation: ['aws_acm_certificate'],
  aws_default_security_group: ['aws_vpc'],
  aws_default_network_acl: ['aws_vpc'],
  aws_iam_instance_profile: ['aws_iam_role'],
  hcloud_rdns: ['hcloud_server', 'hcloud_load_balancer'],
  azurerm_network_interface: ['azurerm_linux_virtual_machine'],
  azurerm_network_interface_security_group_association: ['azurerm_network_interface'],
  azurerm_subnet_network_security_group_association: ['azurerm_network_security_group'],
  azurerm_subnet_nat_gateway_association: ['azurerm_nat_gateway'],
  azurerm_virtual_machine_data_disk_attachment: ['azurerm_managed_disk'],
  azurerm_role_assignment: ['azurerm_user_assigned_identity'],
  cloudflare_zone_setting: ['cloudflare_zone'],
  kubernetes_service_v1: ['kubernetes_deployment_v1', 'kubernetes_stateful_set_v1'],
  kubernetes_horizontal_pod_autoscaler_v2: ['kubernetes_deployment_v1'],
};

/** Types whose name begins with another's and that are things of their own all the same. */
const independent =
  /^(aws_(lb_target_group|vpc_endpoint|ecs_cluster|rds_cluster|wafv2_web_acl|secretsmanager_secret|cloudwatch_log_group|iam_openid_connect_provider|s3_bucket|vpc_peering_connection|route53_zone)|hcloud_network_subnet|azurerm_subnet|google_container_node_pool)$/;

/**
 * The owner of each resource that is a part of another rather than a thing of its own — a rule of its firewall, a record of its zone, the
 * policy of its role, an alias of its key — as owner id by resource id; the drawing shows it as a line in the owner's box. A part
 * belongs to a resource of its own unit, or else of its region, with which it shares a reference in either direction; owners of owners are followed to the end.
 */
export function ownersOf(graph: Infrastructure): ReadonlyMap<string, string> {
  const resources = new Map(graph.resources.map((resource) => [resource.id, resource]));
  const neighbours = new Map<string, ResourceNode[]>();
  for (const { from, to, kind } of graph.references) {
    const [user, used] = [resources.get(from), resources.get(to)];
    if (user === undefined || used === undefined || regionOf(user) !== regionOf(used)) continue;
    // An order alone says nothing about belonging.
    if (kind === 'order') continue;
    neighbours.set(from, [...(neighbours.get(from) ?? []), used]);
    if (owners[used.block.type]?.includes(user.block.type) === true) neighbours.set(to, [...(neighbours.get(to) ?? []), user]);
  }
  const direct = new Map<string, string>();
  for (const resource of graph.resources) {
    const owner = ownerAmong(resource, neighbours.get(resource.id) ?? []);
    if (owner !== undefined) direct.set(resource.id, owner.id);
  }
  return new Map([...direct.keys()].map((id) => [id, lastOwner(id, direct)]));
}

function ownerAmong(resource: ResourceNode, candidates: readonly ResourceNode[]): ResourceNode | undefined {
  const { type } = resource.block;
  for (const owner of owners[type] ?? []) {
    const found = candidates.find((one) => one.block.type === owner);
    if (found !== undefined) return found;
  }
  if (independent.test(type)) return undefined;
  // The longest type name that begins this one's: a listener rule belongs to the listener rather than to the balancer.
  const prefixes = candidates.filter((one) => type.startsWith(`${one.block.type}_`));
  const near = prefixes.filter((one) => one.unit.path === resource.unit.path);
  return (near.length > 0 ? near : prefixes).reduce<ResourceNode | undefined>(
    (best, one) => (best === undefined || one.block.type.length > best.block.type.length ? one : best),
    undefined,
  );
}

function regionOf({ unit }: ResourceNode): string {
  return `${unit.system}/${unit.environment}/${unit.region}`;
}

function lastOwner(id: string, direct: ReadonlyMap<string, string>): string {
  const seen = new Set([id]);
  let owner = direct.get(id) ?? id;
  for (let next = direct.get(owner); next !== undefined && !seen.has(owner); next = direct.get(owner)) {
    seen.add(owner);
    owner = next;
  }
  return owner;
}
