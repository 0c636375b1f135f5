import { at, type AstraTree, type EnvironmentName, type Json, named, release, resources } from './astra-tree';

/** One way to break a requirement: what a mistake in the source would look like in the output. */
export interface Mutation {
  readonly what: string;
  apply(tree: AstraTree): void;
}

type Way = readonly (string | number)[];

function put(value: unknown, way: Way, to: unknown): void {
  const parent = at<Record<string | number, unknown>>(value, ...way.slice(0, -1));
  const last = way.at(-1);
  if (parent === undefined || last === undefined) throw new Error(`nothing at ${way.join('.')}`);
  if (to === undefined) delete parent[last];
  else parent[last] = to;
}

/** Changes the resource of a type and name. */
const resource = (what: string, environment: EnvironmentName, type: string, name: string, way: Way, to: unknown): Mutation => ({
  what,
  apply: (tree) => {
    const found = named(tree, environment, type, name);
    if (found === undefined) throw new Error(`nothing to mutate: ${type} ${name} in ${environment}`);
    put(found.body, way, to);
  },
});

/** Takes a resource away. */
const gone = (what: string, environment: EnvironmentName, type: string, name: string): Mutation => ({
  what,
  apply: (tree) => {
    const found = named(tree, environment, type, name);
    if (found === undefined) throw new Error(`nothing to remove: ${type} ${name}`);
    delete at<Record<string, unknown>>(tree.units[found.unit], 'resource', type)?.[found.name];
  },
});

/** Changes the values of a chart. */
const values = (what: string, environment: EnvironmentName, chart: string, way: Way, to: unknown): Mutation => ({
  what,
  apply: (tree) => {
    const body = release(tree, environment, chart)?.body;
    const changed: Json = JSON.parse(String(at<string[]>(body, 'values')?.[0]));
    put(changed, way, to);
    put(body, ['values', 0], JSON.stringify(changed));
  },
});

/** Puts a network policy beside the others of an environment. */
const policy = (what: string, environment: EnvironmentName, spec: Json): Mutation => ({
  what,
  apply: (tree) => {
    const [other] = resources(tree, environment, 'kubernetes_network_policy_v1');
    put(tree.units[other?.unit ?? ''], ['resource', 'kubernetes_network_policy_v1', 'more'], {
      metadata: { name: 'more', namespace: 'astra', labels: { planned: 'true' } },
      spec,
    });
  },
});

const unit = (what: string, name: string, way: Way, to: unknown): Mutation => ({ what, apply: (tree) => put(tree.units[name], way, to) });

const container = ['spec', 'template', 'spec', 'container', 0] as const;
const frontend = { match_labels: { 'app.kubernetes.io/name': 'frontend' } };

/** At least one mutation for each requirement. */
export const mutations: Readonly<Record<string, readonly Mutation[]>> = {
  'A-01': [
    resource(
      'an object without the label',
      'production',
      'kubernetes_service_v1',
      'backend-svc',
      ['metadata', 'labels', 'planned'],
      undefined,
    ),
    {
      what: 'production built',
      apply: (tree) => void (tree.files['production/env.hcl'] = 'locals {\n  environment = "production"\n}\n'),
    },
  ],
  'A-02': [
    resource('one cluster for two', 'staging', 'google_container_cluster', 'staging-cluster', ['name'], 'development-cluster'),
    unit('a provider without the plugin', 'staging/europe-west1/apps/backend', ['provider', 'kubernetes', 0, 'exec'], []),
    unit(
      'the cluster of another environment',
      'staging/europe-west1/apps/frontend',
      ['data', 'terraform_remote_state', 'cluster_gke', 'config', 'key'],
      'development/europe-west1/cluster/gke/terraform.tfstate',
    ),
    unit('a token', 'production/europe-west1/edge/ingress', ['provider', 'helm', 0, 'kubernetes', 'token'], '${data.x.y.token}'),
    resource(
      'nodes that vanish',
      'production',
      'google_container_node_pool',
      'production-cluster-nodes',
      ['node_config', 'preemptible'],
      true,
    ),
    resource(
      'policies nobody enforces',
      'staging',
      'google_container_cluster',
      'staging-cluster',
      ['datapath_provider'],
      'LEGACY_DATAPATH',
    ),
  ],
  'A-03': [
    gone('no database', 'staging', 'kubernetes_stateful_set_v1', 'postgres'),
    gone('no backup', 'development', 'kubernetes_cron_job_v1', 'postgres-backup'),
    values('no alerts', 'production', 'kube-prometheus-stack', ['alertmanager', 'enabled'], false),
    resource('a fixed number of pods', 'staging', 'kubernetes_deployment_v1', 'backend', ['spec', 'replicas'], '1'),
    resource('a volume of one pod', 'development', 'kubernetes_deployment_v1', 'backend', ['spec', 'template', 'spec', 'volume', 0], {
      name: 'media',
      persistent_volume_claim: { claim_name: 'media' },
    }),
  ],
  'A-03/hardening': [
    resource(
      'root',
      'staging',
      'kubernetes_deployment_v1',
      'frontend',
      ['spec', 'template', 'spec', 'security_context', 'run_as_non_root'],
      false,
    ),
    resource(
      'an image that is written to',
      'production',
      'kubernetes_stateful_set_v1',
      'postgres',
      [...container, 'security_context', 'read_only_root_filesystem'],
      false,
    ),
    resource('no limits', 'development', 'kubernetes_deployment_v1', 'backend', [...container, 'resources', 'limits'], undefined),
  ],
  'A-03/secrets': [
    resource('a literal', 'development', 'kubernetes_secret_v1', 'postgres-credentials', ['data', 'DB_PASSWORD'], 'main_db'),
    unit('a variable that is shown', 'staging/europe-west1/apps/backend', ['variable', 'django_secret_key', 'sensitive'], undefined),
    values('a password in a chart', 'staging', 'kube-prometheus-stack', ['grafana', 'adminPassword'], '${var.grafana_admin_password}'),
  ],
  'A-03/images': [
    resource('latest', 'staging', 'kubernetes_deployment_v1', 'frontend', [...container, 'image'], 'docker.io/astraplus/frontend:latest'),
    resource(
      'a database of tomorrow',
      'production',
      'kubernetes_stateful_set_v1',
      'postgres',
      [...container, 'image'],
      'docker.io/library/postgres:17',
    ),
    unit('a default that floats', 'production/europe-west1/apps/backend', ['variable', 'backend_image_tag', 'default'], 'latest'),
    unit(
      'any tag in staging',
      'staging/europe-west1/apps/backend',
      ['variable', 'backend_image_tag', 'validation', 0, 'condition'],
      '${can(regex("^.+$", var.backend_image_tag))}',
    ),
  ],
  'A-04': [
    resource('the backend closed', 'development', 'kubernetes_service_v1', 'backend-svc', ['spec', 'type'], 'ClusterIP'),
    resource('a load balancer that leads nowhere', 'development', 'kubernetes_service_v1', 'postgres-svc', ['spec', 'selector'], {
      app: 'db',
    }),
    resource('another port', 'development', 'kubernetes_service_v1', 'frontend-svc', ['spec', 'port', 0, 'target_port'], '8080'),
    values('a fourth one', 'development', 'kube-prometheus-stack', ['grafana', 'service', 'type'], 'LoadBalancer'),
  ],
  'A-05': [
    values('Grafana for everybody', 'staging', 'kube-prometheus-stack', ['grafana', 'service', 'type'], 'LoadBalancer'),
    values('Prometheus on each node', 'production', 'kube-prometheus-stack', ['prometheus', 'service', 'type'], 'NodePort'),
  ],
  'A-06': [
    resource('the backend open', 'staging', 'kubernetes_service_v1', 'backend-svc', ['spec', 'type'], 'LoadBalancer'),
    resource('the database on each node', 'staging', 'kubernetes_service_v1', 'postgres-svc', ['spec', 'type'], 'NodePort'),
    resource(
      'the wrong one open',
      'staging',
      'kubernetes_service_v1',
      'frontend-svc',
      ['spec', 'selector', 'app.kubernetes.io/name'],
      'backend',
    ),
  ],
  'A-07': [
    resource('past the ingress', 'production', 'kubernetes_service_v1', 'frontend-svc', ['spec', 'type'], 'LoadBalancer'),
    resource(
      'the backend behind the ingress',
      'production',
      'kubernetes_ingress_v1',
      'frontend',
      ['spec', 'rule', 0, 'http', 'path', 0, 'backend', 'service', 'name'],
      'backend-svc',
    ),
    gone('no controller', 'production', 'helm_release', 'ingress-nginx'),
    resource('no class', 'production', 'kubernetes_ingress_v1', 'frontend', ['spec', 'ingress_class_name'], undefined),
    resource('no certificate', 'production', 'kubernetes_ingress_v1', 'frontend', ['spec', 'tls'], undefined),
  ],
  'A-08': [
    gone('no exporter', 'production', 'helm_release', 'prometheus-postgres-exporter'),
    values('nobody asks it', 'production', 'kube-prometheus-stack', ['prometheus', 'additionalServiceMonitors', 2, 'name'], 'other'),
    values('another database', 'production', 'prometheus-postgres-exporter', ['config', 'datasource', 'host'], 'elsewhere'),
  ],
  'A-09': [
    resource(
      'another address',
      'staging',
      'kubernetes_config_map_v1',
      'frontend-settings',
      ['data', 'NEXT_PUBLIC_BACKEND_URL'],
      'http://backend:8000',
    ),
    gone('no edge', 'production', 'kubernetes_network_policy_v1', 'frontend-to-backend'),
  ],
  'A-10': [
    resource('another host', 'development', 'kubernetes_config_map_v1', 'backend-settings', ['data', 'DB_HOST'], 'localhost'),
    resource('another database', 'staging', 'kubernetes_config_map_v1', 'backend-settings', ['data', 'DB_NAME'], 'main_db'),
    gone('no account', 'production', 'kubernetes_secret_v1', 'postgres-credentials'),
    gone('no edge', 'development', 'kubernetes_network_policy_v1', 'backend-to-postgres'),
  ],
  'A-11': [
    values(
      'the frontend is not asked',
      'staging',
      'kube-prometheus-stack',
      ['prometheus', 'additionalServiceMonitors', 0, 'name'],
      'other',
    ),
    values(
      'a port that is not there',
      'production',
      'kube-prometheus-stack',
      ['prometheus', 'additionalServiceMonitors', 1, 'endpoints', 0, 'port'],
      'metrics',
    ),
  ],
  'A-12': [
    gone('the exporter is kept out', 'production', 'kubernetes_network_policy_v1', 'postgres-exporter-to-postgres'),
    resource(
      'another port',
      'production',
      'kubernetes_network_policy_v1',
      'prometheus-to-postgres-exporter',
      ['spec', 'ingress', 0, 'ports', 0, 'port'],
      '80',
    ),
  ],
  'A-13': [
    gone('a namespace that is open', 'staging', 'kubernetes_network_policy_v1', 'default-deny'),
    policy('frontend to database', 'staging', {
      pod_selector: { match_labels: { 'app.kubernetes.io/name': 'postgres' } },
      policy_types: ['Ingress'],
      ingress: [{ ports: [{ port: '5432' }], from: [{ pod_selector: frontend }] }],
    }),
    policy('everybody to the backend', 'production', {
      pod_selector: { match_labels: { 'app.kubernetes.io/name': 'backend' } },
      policy_types: ['Ingress'],
      ingress: [{ ports: [{ port: '8000' }] }],
    }),
    resource(
      'a port too many',
      'development',
      'kubernetes_network_policy_v1',
      'frontend-to-backend',
      ['spec', 'ingress', 0, 'ports'],
      undefined,
    ),
    resource(
      'pods of any namespace',
      'production',
      'kubernetes_network_policy_v1',
      'ingress-controller-to-frontend',
      ['spec', 'ingress', 0, 'from', 0, 'pod_selector'],
      { match_labels: { planned: 'true' } },
    ),
  ],
  'A-14': [
    { what: 'a document is missing', apply: (tree) => void delete tree.documents['secrets'] },
    { what: 'an environment nobody describes', apply: (tree) => void (tree.documents['environments'] = 'development, staging') },
  ],
  'A-15': [
    { what: 'staging beside development', apply: ({ jobs }) => put(jobs, ['staging-1', 'needs'], ['detect']) },
    { what: 'production deployed', apply: ({ jobs }) => put(jobs, ['production', 'uses'], './.github/workflows/_round.yml') },
    { what: 'no development', apply: ({ jobs }) => put(jobs, ['development-1'], undefined) },
  ],
};
