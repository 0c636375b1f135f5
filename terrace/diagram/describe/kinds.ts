/** What a box is, as far as its icon goes. */
export type Kind = (typeof kinds)[number];

export const kinds = [
  'server',
  'container',
  'function',
  'cluster',
  'database',
  'cache',
  'bucket',
  'volume',
  'network',
  'subnet',
  'gateway',
  'balancer',
  'firewall',
  'key',
  'secret',
  'certificate',
  'dns',
  'cdn',
  'identity',
  'monitor',
  'alarm',
  'log',
  'message',
  'registry',
  'backup',
  'address',
  'release',
  'state',
  'layer',
  'unit',
  'person',
  'git',
  'step',
  'check',
  'approval',
  'clock',
  'file',
  'role',
  'laptop',
  'outside',
  'resource',
] as const;

/** Words for the legend. */
export const kindNames: Readonly<Record<Kind, string>> = {
  server: 'server',
  container: 'service',
  function: 'function',
  cluster: 'cluster',
  database: 'database',
  cache: 'cache',
  bucket: 'bucket',
  volume: 'volume',
  network: 'network',
  subnet: 'subnet',
  gateway: 'gateway or route',
  balancer: 'load balancer',
  firewall: 'firewall',
  key: 'key',
  secret: 'secret',
  certificate: 'certificate',
  dns: 'DNS',
  cdn: 'edge rules',
  identity: 'identity',
  monitor: 'metrics',
  alarm: 'alarm',
  log: 'log',
  message: 'messages',
  registry: 'registry',
  backup: 'backup',
  address: 'address',
  release: 'release',
  state: 'state',
  layer: 'layer',
  unit: 'unit',
  person: 'people',
  git: 'source',
  step: 'step',
  check: 'check',
  approval: 'approval',
  clock: 'schedule',
  file: 'file',
  role: 'role',
  laptop: 'workstation',
  outside: 'outside',
  resource: 'other resource',
};

/** What kinds are there for; decides the colour of their tiles, the same for every provider. */
export const categories = ['compute', 'database', 'storage', 'network', 'security', 'monitoring', 'messages', 'other'] as const;
export type Category = (typeof categories)[number];

const membersOf: Readonly<Record<Exclude<Category, 'other'>, readonly Kind[]>> = {
  compute: ['server', 'container', 'function', 'cluster', 'release'],
  database: ['database', 'cache'],
  storage: ['bucket', 'volume', 'backup', 'registry', 'state'],
  network: ['network', 'subnet', 'gateway', 'balancer', 'dns', 'cdn', 'address'],
  security: ['firewall', 'key', 'secret', 'certificate', 'identity', 'role'],
  monitoring: ['monitor', 'alarm', 'log'],
  messages: ['message'],
};

export function categoryOf(kind: Kind): Category {
  return categories.find((category) => category !== 'other' && membersOf[category].includes(kind)) ?? 'other';
}

/** First match wins; the patterns are tried on the type without its provider's prefix. */
const rules: readonly (readonly [RegExp, Kind])[] = [
  [/^state$/, 'state'],
  [/^(private_network|vnet)$/, 'network'],
  [/^storage$/, 'bucket'],
  [/^(ecs_service|ecs_task)/, 'container'],
  [/^(aurora|postgres)/, 'database'],
  [/^(dynamodb_table|rds_|db_|sql_|project$|database)/, 'database'],
  [/(redis|elasticache|memcache|upstash)/, 'cache'],
  [/(security_group|firewall|network_acl|network_policy|wafv2|waf_)/, 'firewall'],
  [/^(ruleset|page_rule|tiered_cache|cloudfront|zone_setting|authenticated_origin|argo|cache_)/, 'cdn'],
  [/(load_balancer|^lb$|^lb_|^alb|application_gateway)/, 'balancer'],
  [/(certificate|cert_|acm_|certificate_pack)/, 'certificate'],
  [/(kms_|key_vault_key|tls_private_key|private_key|ssh_key|key_pair|^key$|apikey)/, 'key'],
  [/(secret|key_vault|ssm_parameter|password|^string$|^id$)/, 'secret'],
  [/(route53|dns_|dnsimple|^zone$|^zone_|service_discovery|custom_domain|hostname)/, 'dns'],
  [/(backup|snapshot|storage_box|recovery)/, 'backup'],
  [/(bucket|s3_|storage_account|storage_container|r2_)/, 'bucket'],
  [/(volume|disk|ebs_|efs_|persistent_volume)/, 'volume'],
  [/(subnet)/, 'subnet'],
  [/(nat_gateway|internet_gateway|route|gateway|vpc_endpoint|private_endpoint|vpn|peering|ingress)/, 'gateway'],
  [/^(eip|public_ip|primary_ip|floating_ip|compute_address)/, 'address'],
  [/(network_interface)/, 'address'],
  [/(^vpc|virtual_network|^network$|compute_network|namespace)/, 'network'],
  [/(alarm|alert|pagerduty|incident|escalation|notification|on_call|policy_response|^policy$|chatbot)/, 'alarm'],
  [/(log_group|log_|flow_log|logpush)/, 'log'],
  [/(dashboard|metric|monitor|xray|uptime|heartbeat|status_page|insights|cloudwatch)/, 'monitor'],
  [/(sns_|sqs_|queue|topic|qstash|webhook|eventbridge|event_)/, 'message'],
  [/(iam_|role|openid|identity|user|team|service_account|cluster_role|oidc|access)/, 'identity'],
  [/(ecr_|registry|repository)/, 'registry'],
  [/(lambda|workers_|worker|edge_function|pages_project)/, 'function'],
  [/(ecs_service|ecs_task|deployment|stateful_set|daemon_set|cron_job|^job|autoscal|service|pod)/, 'container'],
  [/(cluster|node_pool|node_group|placement_group)/, 'cluster'],
  [/(release)/, 'release'],
  [/(instance|server|virtual_machine|launch_template|compute_)/, 'server'],
  [/(time_|sleep|rotating|static)/, 'clock'],
  [/(file|config_map)/, 'file'],
];

const prefixes: Readonly<Record<string, string>> = { better: 'betteruptime', uptime: 'betteruptime' };

/** Local name of the provider a terraform type belongs to: `aws_lb` → `aws`. */
export function providerOf(type: string): string {
  const prefix = type.split('_', 1)[0] ?? type;
  return prefixes[prefix] ?? prefix;
}

/** The icon of a terraform resource type; `resource` for one that no rule knows. */
export function kindOf(type: string): Kind {
  const bare = type.slice(type.indexOf('_') + 1).replace(/_v\d+$/, '');
  return rules.find(([pattern]) => pattern.test(bare))?.[1] ?? 'resource';
}

const layerKinds: Readonly<Record<string, Kind>> = {
  network: 'network',
  security: 'firewall',
  storage: 'bucket',
  data: 'database',
  compute: 'server',
  monitoring: 'monitor',
  dns: 'dns',
  backup: 'backup',
  backend: 'state',
  iam: 'identity',
  cluster: 'cluster',
  apps: 'container',
  edge: 'cdn',
};

/** The icon of a layer of the tree. */
export function kindOfLayer(layer: string): Kind {
  return layerKinds[layer] ?? 'layer';
}
