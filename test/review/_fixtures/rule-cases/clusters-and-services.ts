import type { JsonObject } from '../../../../terrace/base/json';

import { changed, gone, made, type RuleCase } from './rule-case';

const meta = (name: string): JsonObject => ({ metadata: [{ name: `${name}-@@`, namespace: 'astra' }] });
const policy = (from: readonly JsonObject[]): JsonObject => ({
  spec: [
    {
      policy_types: ['Ingress'],
      pod_selector: [{ match_labels: { app: 'postgres' } }],
      ingress: [{ from, ports: [{ port: '5432', protocol: 'TCP' }] }],
    },
  ],
});
const pod = (container: JsonObject): JsonObject => ({
  spec: [
    {
      selector: [{ match_labels: { app: 'web' } }],
      template: [{ metadata: [{ labels: { app: 'web' } }], spec: [{ container: [{ name: 'web', ...container }] }] }],
    },
  ],
});
const server = (account: JsonObject): JsonObject => ({
  spec: [
    {
      service_name: 'db',
      selector: [{ match_labels: { app: 'db' } }],
      template: [
        {
          metadata: [{ labels: { app: 'db' } }],
          spec: [{ security_context: [account], container: [{ name: 'db', image: 'db:1.0' }] }],
        },
      ],
    },
  ],
});
const role = (verbs: readonly string[], resources: readonly string[]): JsonObject => ({ rule: [{ api_groups: [''], resources, verbs }] });
const binding = (name: string): JsonObject => ({
  metadata: [{ name: 'binding-@@' }],
  role_ref: [{ api_group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name }],
  subject: [{ kind: 'ServiceAccount', name: 'ci', namespace: 'astra' }],
});
const service = (type: string): JsonObject => ({ ...meta('db'), spec: [{ type, selector: { app: 'postgres' }, port: [{ port: 5432 }] }] });

export const kubernetesCases: readonly RuleCase[] = [
  {
    rule: 'network-policy-opened',
    ...changed(
      'kubernetes_network_policy_v1',
      meta('db'),
      [policy([{ pod_selector: [{ match_labels: { app: 'backend' } }] }]), policy([{ ip_block: [{ cidr: '0.0.0.0/0' }] }])],
      [
        policy([{ pod_selector: [{ match_labels: { app: 'backend' } }] }]),
        policy([{ pod_selector: [{ match_labels: { app: 'worker' } }] }]),
      ],
    ),
  },
  {
    rule: 'pod-privileged',
    ...changed(
      'kubernetes_deployment_v1',
      meta('web'),
      [pod({ image: 'web:1.0' }), pod({ image: 'web:1.0', security_context: [{ privileged: true }] })],
      [pod({ image: 'web:1.0' }), pod({ image: 'web:1.1' })],
    ),
  },
  {
    rule: 'network-policy-opened',
    ...gone(
      'kubernetes_network_policy_v1',
      { ...meta('deny'), ...policy([{ pod_selector: [{ match_labels: { app: 'backend' } }] }]) },
      { metadata: [{ name: 'deny-@@', namespace: 'astra', labels: { team: 'database' } }] },
    ),
  },
  {
    rule: 'container-runs-as-root',
    ...changed(
      'kubernetes_deployment_v1',
      meta('root'),
      [pod({ image: 'web:1.0' }), pod({ image: 'web:1.0', security_context: [{ run_as_user: '0' }] })],
      [pod({ image: 'web:1.0' }), pod({ image: 'web:1.0', security_context: [{ run_as_user: '1000', run_as_non_root: true }] })],
    ),
  },
  {
    rule: 'container-runs-as-root',
    ...changed(
      'kubernetes_stateful_set_v1',
      meta('unguarded'),
      [server({ run_as_non_root: true }), server({ run_as_non_root: false })],
      [server({ run_as_non_root: true }), server({ run_as_non_root: true, run_as_user: '999' })],
    ),
  },
  {
    rule: 'image-not-pinned',
    ...changed(
      'kubernetes_deployment_v1',
      meta('branch'),
      [pod({ image: 'web:1.0' }), pod({ image: 'web:main' })],
      [pod({ image: 'web:1.0' }), pod({ image: 'web:1.0-alpine' })],
    ),
  },
  {
    rule: 'image-not-pinned',
    ...changed(
      'kubernetes_deployment_v1',
      meta('api'),
      [pod({ image: 'web:1.0' }), pod({ image: 'web:latest' })],
      [pod({ image: 'web:1.0' }), pod({ image: 'web:1.1' })],
    ),
  },
  {
    rule: 'kubernetes-role-widened',
    ...changed(
      'kubernetes_role_v1',
      meta('ci'),
      [role(['get'], ['pods']), role(['get'], ['pods', 'secrets'])],
      [role(['get', 'list'], ['pods']), role(['get'], ['pods'])],
    ),
  },
  {
    rule: 'kubernetes-role-bound',
    fires: { type: 'kubernetes_cluster_role_binding_v1', after: binding('cluster-admin') },
    silent: { type: 'kubernetes_cluster_role_binding_v1', before: binding('view') },
  },
  {
    rule: 'load-balancer-public',
    ...changed(
      'kubernetes_service_v1',
      {},
      [service('ClusterIP'), service('LoadBalancer')],
      [service('LoadBalancer'), service('ClusterIP')],
    ),
  },
  {
    rule: 'volume-destroyed',
    ...gone(
      'kubernetes_persistent_volume_claim_v1',
      { ...meta('media'), spec: [{ access_modes: ['ReadWriteOnce'], resources: [{ requests: { storage: '1Gi' } }] }] },
      { wait_until_bound: false },
    ),
  },
  {
    rule: 'namespace-destroyed',
    ...gone('kubernetes_namespace_v1', { metadata: [{ name: 'astra-@@' }] }, { wait_for_default_service_account: true }),
  },
  { rule: 'secret-destroyed', ...gone('kubernetes_secret_v1', { ...meta('db') }, { immutable: true }) },
];

const project = { name: 'astraler-@@', organization_id: 'astraler', region: 'eu-central-1', database_password: '${var.first}' };
const network = (cidr: string): JsonObject => ({ project_ref: 'abcdefghijklmnopqrst', network: JSON.stringify({ restrictions: [cidr] }) });
const redis = { database_name: 'cache-@@', region: 'global', primary_region: 'eu-west-1', tls: true };

export const serverlessCases: readonly RuleCase[] = [
  { rule: 'database-destroyed', ...gone('supabase_project', project, { instance_size: 'small' }) },
  {
    rule: 'secret-value-changed',
    ...changed(
      'supabase_project',
      { ...project, name: 'turned-@@' },
      [{ database_password: '${var.first}' }, { database_password: '${var.second}' }],
      [{ instance_size: 'micro' }, { instance_size: 'small' }],
    ),
  },
  {
    rule: 'allow-list-opened',
    ...changed(
      'supabase_settings',
      {},
      [network('203.0.113.0/24'), network('0.0.0.0/0')],
      [network('203.0.113.0/24'), network('203.0.113.0/25')],
    ),
  },
  { rule: 'cache-destroyed', ...gone('upstash_redis_database', redis, { eviction: true }) },
  {
    rule: 'allow-list-opened',
    ...changed(
      'upstash_redis_database',
      { ...redis, database_name: 'listed-@@' },
      [{ ip_allowlist: ['203.0.113.7/32'] }, { ip_allowlist: ['203.0.113.7/32', '0.0.0.0/0'] }],
      [{ ip_allowlist: ['203.0.113.7/32'] }, { ip_allowlist: ['203.0.113.7/32', '203.0.113.8/32'] }],
    ),
  },
  {
    rule: 'transit-encryption-off',
    ...changed(
      'upstash_redis_database',
      { ...redis, database_name: 'tls-@@' },
      [{ tls: true }, { tls: false }],
      [
        { tls: true, eviction: false },
        { tls: true, eviction: true },
      ],
    ),
  },
];

const firewallOf = (ranges: readonly string[]): JsonObject => ({
  name: 'web-@@',
  network: 'default',
  source_ranges: ranges,
  allow: [{ protocol: 'tcp', ports: ['5432'] }],
});

export const googleCases: readonly RuleCase[] = [
  {
    rule: 'google-ingress-open',
    ...changed(
      'google_compute_firewall',
      {},
      [firewallOf(['10.0.0.0/8']), firewallOf(['0.0.0.0/0'])],
      [firewallOf(['10.0.0.0/8']), firewallOf(['10.0.0.0/9'])],
    ),
  },
  {
    rule: 'google-role-granted',
    ...made(
      'google_project_iam_member',
      { project: 'tp-154', role: 'roles/editor', member: 'serviceAccount:ci@tp-154.iam.gserviceaccount.com' },
      {},
    ),
  },
  {
    rule: 'cluster-destroyed',
    ...gone(
      'google_container_cluster',
      { name: 'dev-@@', location: 'europe-west1-b', initial_node_count: 1, deletion_protection: false },
      { deletion_protection: true },
    ),
  },
].map((one): RuleCase =>
  one.rule === 'google-role-granted'
    ? {
        ...one,
        silent: {
          type: 'google_project_iam_member',
          before: { project: 'tp-154', role: 'roles/editor', member: 'serviceAccount:old@tp-154.iam.gserviceaccount.com' },
        },
      }
    : one,
);
