import type { Json, SynthesizedTree } from './stacks/olechka/tree';

/** One thing done wrong in the tree, and the requirement that must notice it. */
export interface Mutation {
  readonly requirement: string;
  readonly what: string;
  apply(tree: SynthesizedTree): void;
}

const eu = 'production/eu-central-1';
const dev = 'dev/eu-central-1';

/** Changes the first block of a type in a unit whose name (or JSON) holds `part`; fails where there is none, so that no mutation is empty. */
function change(tree: SynthesizedTree, unit: string, type: string, part: string, edit: (attrs: Json) => void): void {
  const found = [...tree.resources(type, unit), ...tree.data(type, unit)].find((one) => one.unit === unit && (one.name.includes(part) || JSON.stringify(one.attrs).includes(part)));
  if (found === undefined) throw new Error(`${unit} has no ${type} with ${part}`);
  const before = JSON.stringify(found.attrs);
  edit(found.attrs);
  if (JSON.stringify(found.attrs) === before) throw new Error(`${unit}: ${type} ${found.name} stayed as it was`);
}

const mutation = (requirement: string, what: string, apply: (tree: SynthesizedTree) => void): Mutation => ({ requirement, what, apply });

/** Replaces a text in a field that holds JSON or an expression. */
const replaced = (field: string, from: string | RegExp, to: string) => (attrs: Json) => void (attrs[field] = String(attrs[field]).replace(from, to));

const edited = (field: string, edit: (json: Json) => void) => (attrs: Json) => {
  const json: Json = JSON.parse(attrs[field]);
  edit(json);
  attrs[field] = JSON.stringify(json);
};

/** The remote state that a unit reads under a name, pointed at another unit. */
function redirect(tree: SynthesizedTree, unit: string, name: string, target: string): void {
  tree.units[unit].data.terraform_remote_state[name].config.key = `${target}/terraform.tfstate`;
}

const foundation: readonly Mutation[] = [
  mutation('O-01', 'a state under the key of another unit', (tree) => void (tree.units[`${eu}/network/alb`].terraform.backend.s3.key = `${eu}/network/vpc/terraform.tfstate`)),
  mutation('O-01', 'a state without encryption', (tree) => void (tree.units[`${eu}/network/alb`].terraform.backend.s3.encrypt = false)),
  mutation('O-01', 'a lock table with another key', (tree) => change(tree, `${eu}/backend/state`, 'aws_dynamodb_table', '', (attrs) => void (attrs.hash_key = 'Id'))),
  mutation('O-02', 'an apply role that any job of the repository may assume', (tree) =>
    change(tree, 'production/global/iam/github-oidc', 'aws_iam_role', 'github-actions-role', replaced('assume_role_policy', ':environment:production', ':*')),
  ),
  mutation('O-02', 'another audience', (tree) => change(tree, 'dev/global/iam/github-oidc', 'aws_iam_openid_connect_provider', '', (attrs) => void (attrs.client_id_list = ['example.com']))),
  mutation('O-03', 'an apply role without its policies', (tree) => void delete tree.units['production/global/iam/github-oidc'].resource.aws_iam_role_policy_attachment),
  mutation('O-03', 'an apply role that writes the state of the state bucket', (tree) =>
    change(tree, 'dev/global/iam/github-oidc', 'aws_iam_policy', '"WriteStates', replaced('policy', 'network/vpc/terraform.tfstate', 'backend/state/terraform.tfstate')),
  ),
  mutation('O-04', "a provider in another environment's account", (tree) => void (tree.units[`${dev}/network/vpc`].provider.aws[0].allowed_account_ids = ['025066254478'])),
  mutation('O-21', 'a unit without its envcommon', (tree) => void Object.assign(tree.files, { [`${eu}/network/vpc/terragrunt.hcl`]: 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n' })),
];

const network: readonly Mutation[] = [
  mutation('O-05', 'a subnet in the block of another zone', (tree) => change(tree, `${eu}/network/vpc`, 'aws_subnet', '10.20.1.0/24', (attrs) => void (attrs.availability_zone = 'eu-central-1b'))),
  mutation('O-05', 'a load balancer in the private subnets', (tree) => change(tree, `${eu}/network/alb`, 'aws_lb', '', replaced('subnets', 'public', 'private'))),
  mutation('O-10', 'the worker behind the target group of the api', (tree) =>
    change(tree, `${eu}/compute/ecs-service-worker`, 'aws_ecs_service', '', (attrs) => void (attrs.load_balancer[0].target_group_arn = attrs.load_balancer[0].target_group_arn.replace('worker', 'api'))),
  ),
  mutation('O-10', 'the load balancer reaches the api on the port of the worker', (tree) =>
    change(tree, `${dev}/network/security-groups`, 'aws_vpc_security_group_ingress_rule', 'from-alb-8080', (attrs) => void Object.assign(attrs, { from_port: 8081, to_port: 8081 })),
  ),
  mutation('O-11', 'the load balancer reaches the database', (tree) =>
    change(tree, `${eu}/network/security-groups`, 'aws_vpc_security_group_ingress_rule', 'from-api-5432', (attrs) => {
      const alb = tree.resources('aws_security_group', `${eu}/network/security-groups`).find((group) => group.attrs.name.endsWith('-alb'));
      attrs.referenced_security_group_id = `\${aws_security_group.${alb?.name}.id}`;
    }),
  ),
  mutation('O-11', 'the database in the group of the cache', (tree) => change(tree, `${eu}/storage/aurora`, 'aws_rds_cluster', '', (attrs) => void (attrs.vpc_security_group_ids = [attrs.vpc_security_group_ids[0].replace('aurora', 'cache')]))),
  mutation('O-12', 'a cache without TLS', (tree) => change(tree, `${eu}/storage/elasticache`, 'aws_elasticache_replication_group', '', (attrs) => void (attrs.transit_encryption_enabled = false))),
  mutation('O-12', 'services in one region that use the cache of the other', (tree) => redirect(tree, `${eu}/compute/ecs-service-api`, 'storage_elasticache', 'production/ap-southeast-1/storage/elasticache')),
  mutation('O-13', 'a gateway endpoint without route tables', (tree) => change(tree, `${eu}/network/endpoints`, 'aws_vpc_endpoint', 'com.amazonaws.eu-central-1.s3', (attrs) => void (attrs.route_table_ids = []))),
  mutation('O-13', 'tasks that may use the buckets of the other region', (tree) => redirect(tree, `${eu}/compute/ecs-service-api`, 'storage_s3_models', 'production/ap-southeast-1/storage/s3-models')),
  mutation('O-17', 'a web ACL before something else', (tree) => redirect(tree, `${eu}/security/waf`, 'network_alb', 'production/ap-southeast-1/network/alb')),
  mutation('SG', 'a database open to the internet', (tree) =>
    change(tree, `${dev}/network/security-groups`, 'aws_vpc_security_group_ingress_rule', 'from-api-5432', (attrs) => {
      delete attrs.referenced_security_group_id;
      attrs.cidr_ipv4 = '0.0.0.0/0';
    }),
  ),
  mutation('SG', 'an edge too few', (tree) => {
    const rules = tree.units[`${eu}/network/security-groups`].resource.aws_vpc_security_group_ingress_rule;
    for (const name of Object.keys(rules)) if (name.includes('from-worker-6379')) delete rules[name];
  }),
];

const compute: readonly Mutation[] = [
  mutation('O-06', 'a service in the cluster of another region', (tree) => redirect(tree, `${eu}/compute/ecs-service-api`, 'compute_ecs_cluster', 'production/ap-southeast-1/compute/ecs-cluster')),
  mutation('O-06', 'the worker runs the image of the api', (tree) => change(tree, `${dev}/compute/ecs-service-worker`, 'aws_ecs_task_definition', '', replaced('container_definitions', 'worker_url', 'api_url'))),
  mutation('O-14', 'a secret mixed up with another', (tree) => change(tree, `${eu}/compute/ecs-service-api`, 'aws_ecs_task_definition', '', replaced('container_definitions', 'jwt_secret_arn', 'api_key_arn'))),
  mutation('O-14', 'an execution role that reads every secret', (tree) =>
    change(tree, `${eu}/compute/ecs-service-api`, 'aws_iam_role_policy', 'execution', edited('policy', (policy) => {
      for (const statement of policy.Statement) if (statement.Sid === 'ReadSecrets') statement.Resource = '*';
    })),
  ),
  mutation('O-16', 'the worker logs to the group of the api', (tree) => change(tree, `${eu}/compute/ecs-service-worker`, 'aws_cloudwatch_log_group', '', (attrs) => void (attrs.name = '/ecs/ai-tools-api'))),
  mutation('O-16', 'a task role that cannot send traces', (tree) => change(tree, `${eu}/compute/ecs-service-api`, 'aws_iam_role_policy', 'task-role', replaced('policy', /xray:Put/g, 'xray:Get'))),
  mutation('O-26', 'a log group that keeps everything for ever', (tree) => change(tree, `${eu}/compute/ecs-service-api`, 'aws_cloudwatch_log_group', '', (attrs) => void delete attrs.retention_in_days)),
];

const data: readonly Mutation[] = [
  mutation('O-07', 'another engine', (tree) => change(tree, `${eu}/storage/aurora`, 'aws_rds_cluster', '', (attrs) => void (attrs.engine = 'aurora-mysql'))),
  mutation('O-07', 'a public bucket', (tree) => change(tree, `${eu}/storage/s3-models`, 'aws_s3_bucket_public_access_block', '', (attrs) => void (attrs.restrict_public_buckets = false))),
  mutation('O-08', 'a key that does not rotate', (tree) => change(tree, `${dev}/security/kms`, 'aws_kms_key', '', (attrs) => void (attrs.enable_key_rotation = false))),
  mutation('O-15', "a secret under the other region's key", (tree) => redirect(tree, `${eu}/security/secrets`, 'security_kms', 'production/ap-southeast-1/security/kms')),
  mutation('O-15', 'a key that does not admit the execution role', (tree) => change(tree, `${dev}/security/kms`, 'aws_kms_key', '', replaced('policy', 'dev-eu-central-1-worker-execution', 'dev-eu-central-1-other'))),
  mutation('KEY', 'a topic without a key', (tree) => change(tree, `${eu}/monitoring/cloudwatch`, 'aws_sns_topic', '', (attrs) => void delete attrs.kms_master_key_id)),
  mutation('SAFE', 'a database that can be destroyed', (tree) => change(tree, `${eu}/storage/aurora`, 'aws_rds_cluster', '', (attrs) => void delete attrs.lifecycle.prevent_destroy)),
  mutation('SAFE', 'a database without a final snapshot', (tree) => change(tree, `${eu}/storage/aurora`, 'aws_rds_cluster', '', (attrs) => void (attrs.skip_final_snapshot = true))),
  mutation('SAFE', 'a backup plan of nothing', (tree) => change(tree, `${eu}/storage/aurora`, 'aws_backup_selection', '', (attrs) => void (attrs.resources = []))),
  mutation('SAFE', 'a lock table of dev that can be destroyed', (tree) => change(tree, `${dev}/backend/state`, 'aws_dynamodb_table', '', (attrs) => void delete attrs.lifecycle)),
];

const environments: readonly Mutation[] = [
  mutation('O-22', 'on-demand capacity in dev', (tree) => change(tree, `${dev}/compute/ecs-service-api`, 'aws_ecs_service', '', (attrs) => void (attrs.capacity_provider_strategy[1].weight = 1))),
  mutation('O-22', 'a second NAT gateway in dev', (tree) => {
    const gateways = tree.units[`${dev}/network/vpc`].resource.aws_nat_gateway;
    gateways.second = structuredClone(Object.values(gateways)[0]);
  }),
  mutation('O-23', 'both NAT gateways of staging in one zone', (tree) => {
    const gateways: Json[] = Object.values(tree.units['staging/eu-central-1/network/vpc'].resource.aws_nat_gateway);
    gateways[1].subnet_id = gateways[0].subnet_id;
  }),
  mutation('O-23', "dev's backups in staging", (tree) => change(tree, 'staging/ap-southeast-1/storage/aurora', 'aws_rds_cluster', '', (attrs) => void (attrs.backup_retention_period = 7))),
  mutation('O-24', 'replication into the wrong bucket', (tree) => redirect(tree, `${eu}/storage/s3-artifacts`, 'ap_southeast_1_storage_s3_artifacts', 'production/ap-southeast-1/storage/s3-models')),
  mutation('O-24', 'a secondary outside the global database', (tree) => change(tree, 'production/ap-southeast-1/storage/aurora', 'aws_rds_cluster', '', (attrs) => void delete attrs.global_cluster_identifier)),
  mutation('O-24', 'spot capacity in production', (tree) => change(tree, `${eu}/compute/ecs-service-worker`, 'aws_ecs_service', '', (attrs) => void attrs.capacity_provider_strategy.push({ capacity_provider: 'FARGATE_SPOT', weight: 1, base: 0 }))),
  mutation('O-24', 'a secret without its replica', (tree) => change(tree, `${eu}/security/secrets`, 'aws_secretsmanager_secret', 'jwt-secret', (attrs) => void delete attrs.replica)),
  mutation('O-25', 'a reservation that nobody asked for', (tree) => void (tree.units[`${eu}/storage/aurora`].resource.aws_rds_reserved_instance = { one: { offering_id: 'x' } })),
];

const monitoring: readonly Mutation[] = [
  mutation('O-09', 'a trace group without insights', (tree) => change(tree, `${eu}/monitoring/xray`, 'aws_xray_group', '', (attrs) => void (attrs.insights_configuration.insights_enabled = false))),
  mutation('O-27', 'the api counted twice, the worker never', (tree) => change(tree, `${eu}/monitoring/cloudwatch`, 'aws_cloudwatch_log_metric_filter', 'worker-Error', replaced('log_group_name', 'worker', 'api'))),
  mutation('O-28', "dev's threshold in production", (tree) => change(tree, `${eu}/monitoring/cloudwatch`, 'aws_cloudwatch_metric_alarm', 'latency-p99', (attrs) => void (attrs.threshold = 2))),
  mutation('O-28', 'an error rate without requests', (tree) =>
    change(tree, `${eu}/monitoring/cloudwatch`, 'aws_cloudwatch_metric_alarm', 'error-rate', (attrs) => void (attrs.metric_query[0].expression = 'target5xx + balancer5xx')),
  ),
  mutation('O-29', 'an alarm that tells nobody', (tree) => change(tree, `${eu}/monitoring/cloudwatch`, 'aws_cloudwatch_metric_alarm', 'database-cpu', (attrs) => void (attrs.alarm_actions = []))),
  mutation('O-29', 'a Slack channel of another topic', (tree) => change(tree, `${eu}/monitoring/cloudwatch`, 'aws_chatbot_slack_channel_configuration', '', (attrs) => void (attrs.sns_topic_arns = ['arn:aws:sns:eu-central-1:1:x']))),
  mutation('O-30', 'no cost on the executive dashboard', (tree) => change(tree, `${eu}/monitoring/cloudwatch`, 'aws_cloudwatch_dashboard', 'executive', replaced('dashboard_body', 'us-east-1', 'eu-west-1'))),
  mutation('O-30', 'an operations dashboard that asks one log group', (tree) => change(tree, `${eu}/monitoring/cloudwatch`, 'aws_cloudwatch_dashboard', 'operations', replaced('dashboard_body', /ecs_service_worker\.outputs\.log/g, 'ecs_service_api.outputs.log'))),
  mutation('O-31', 'every request traced in production', (tree) => change(tree, `${eu}/monitoring/xray`, 'aws_xray_sampling_rule', '', (attrs) => void (attrs.fixed_rate = 1))),
];

/** At least one for every requirement of olechka. */
export const mutations: readonly Mutation[] = [...foundation, ...network, ...compute, ...data, ...environments, ...monitoring];
