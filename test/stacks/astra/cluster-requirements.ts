import {
  at,
  type EnvironmentName,
  environments,
  listOf,
  named,
  release,
  resolve,
  resources,
  chartValues,
  type AstraTree,
} from './astra-tree';
import { servicesIn } from './reachability';
import { holds, type Requirement, same } from './requirement';

const each = (check: (environment: EnvironmentName) => readonly string[]): readonly string[] =>
  environments.flatMap((environment) => check(environment).map((problem) => `${environment}: ${problem}`));

/** Everything of an environment that has labels: kinds with `metadata`, and the cluster. */
function unmarked(tree: AstraTree, environment: EnvironmentName): readonly string[] {
  return Object.entries(tree.units)
    .filter(([unit]) => unit.startsWith(`${environment}/`))
    .flatMap(([unit, json]) =>
      Object.entries(at<Record<string, Record<string, unknown>>>(json, 'resource') ?? {}).flatMap(([type, blocks]) =>
        Object.entries(blocks)
          .filter(([, body]) => (at(body, 'metadata') ?? at(body, 'resource_labels')) !== undefined)
          .filter(([, body]) => (at(body, 'metadata', 'labels', 'planned') ?? at(body, 'resource_labels', 'planned')) !== 'true')
          .map(([name]) => `${unit} ${type}.${name}`),
      ),
    );
}

/** Requirements about environments, clusters and what runs in them. */
export const clusterRequirements: Readonly<Record<string, Requirement>> = {
  'A-01': {
    title: 'three environments, of which production is planned and says so everywhere',
    check: (tree) => [
      ...same(
        'environments',
        tree.model.systems[0]?.environments.map(({ name, planned }) => [name, planned ?? false]),
        [
          ['development', false],
          ['production', true],
          ['staging', false],
        ],
      ),
      ...same('without the label', unmarked(tree, 'production'), []),
      ...holds('env.hcl of production', /planned\s+= true/.test(tree.files['production/env.hcl'] ?? '')),
      ...(['development', 'staging'] as const).flatMap((environment) =>
        holds(`${environment} is built`, !/planned/.test(tree.files[`${environment}/env.hcl`] ?? 'planned')),
      ),
    ],
  },
  'A-02': {
    title: 'each environment has a cluster of its own, and every provider works in it',
    check: (tree) => [
      ...same(
        'clusters',
        environments.map((environment) => {
          const [cluster, ...others] = resources(tree, environment, 'google_container_cluster');
          const unit = tree.units[cluster?.unit ?? ''];
          return [at(unit, 'provider', 'google', 0, 'project'), cluster?.body['name'], cluster?.body['location'], others.length];
        }),
        [
          ['tp-154-development', 'development-cluster', 'europe-west1-b', 0],
          ['tp154-staging', 'staging-cluster', 'europe-west1-b', 0],
          ['tp154-production', 'production-cluster', 'europe-west1-b', 0],
        ],
      ),
      ...each((environment) =>
        Object.entries(tree.units)
          .filter(([unit, json]) => unit.startsWith(`${environment}/`) && at(json, 'provider', 'kubernetes') !== undefined)
          .flatMap(([unit, json]) => {
            const blocks = [at(json, 'provider', 'kubernetes', 0), at(json, 'provider', 'helm', 0, 'kubernetes')].filter(
              (block) => block !== undefined,
            );
            const key = at(json, 'data', 'terraform_remote_state', 'cluster_gke', 'config', 'key');
            return [
              ...same(`${unit} reads`, key, `${environment}/europe-west1/cluster/gke/terraform.tfstate`),
              ...blocks.flatMap((block) => [
                ...same(`${unit} host`, at(block, 'host'), '${data.terraform_remote_state.cluster_gke.outputs.endpoint}'),
                ...same(
                  `${unit} authority`,
                  at(block, 'cluster_ca_certificate'),
                  '${data.terraform_remote_state.cluster_gke.outputs.authority}',
                ),
                ...same(
                  `${unit} exec`,
                  listOf(at(block, 'exec')).map(({ command, args }) => [command, args]),
                  [['gke-gcloud-auth-plugin', []]],
                ),
                ...holds(`${unit} has a token`, at(block, 'token') === undefined),
              ]),
            ];
          }),
      ),
      ...each((environment) => {
        const [cluster] = resources(tree, environment, 'google_container_cluster');
        const [pool] = resources(tree, environment, 'google_container_node_pool');
        const production = environment === 'production';
        return [
          ...same(
            'nodes',
            [pool?.body['node_count'], at(pool?.body, 'node_config', 'machine_type'), at(pool?.body, 'node_config', 'preemptible')],
            [production ? 3 : 2, 'e2-custom-2-4096', !production],
          ),
          ...same('deletion protection', cluster?.body['deletion_protection'], production),
          ...same('private nodes', at(cluster?.body, 'private_cluster_config', 'enable_private_nodes'), true),
          ...same('enforces policies', cluster?.body['datapath_provider'], 'ADVANCED_DATAPATH'),
          ...holds('Workload Identity', String(at(cluster?.body, 'workload_identity_config', 'workload_pool')).endsWith('.svc.id.goog')),
        ];
      }),
    ],
  },
  'A-03': {
    title: 'every environment has frontend, backend, database and the whole monitoring stack',
    check: (tree) =>
      each((environment) => [
        ...same(
          'workloads',
          ['kubernetes_deployment_v1', 'kubernetes_stateful_set_v1'].flatMap((type) =>
            resources(tree, environment, type)
              .map(({ body }) => {
                const port = at<number>(body, 'spec', 'template', 'spec', 'container', 0, 'port', 0, 'container_port');
                return `${at<string>(body, 'metadata', 'name')}:${port}`;
              })
              .sort(),
          ),
          ['backend:8000', 'frontend:3000', 'postgres:5432'],
        ),
        ...same(
          'monitoring',
          ['prometheus', 'grafana', 'alertmanager'].map((part) => {
            const stack = release(tree, environment, 'kube-prometheus-stack');
            return stack === undefined ? undefined : at(chartValues(tree, stack), part, 'enabled');
          }),
          [true, true, true],
        ),
        ...same(
          'backup',
          resources(tree, environment, 'kubernetes_cron_job_v1').map(({ body }) => at(body, 'metadata', 'name')),
          ['postgres-backup'],
        ),
        ...holds(
          'the database has a volume',
          listOf(at(named(tree, environment, 'kubernetes_stateful_set_v1', 'postgres')?.body, 'spec', 'volume_claim_template')).length ===
            1,
        ),
        ...['frontend', 'backend'].flatMap((name) => [
          ...holds(
            `${name} leaves its number to the autoscaler`,
            at(named(tree, environment, 'kubernetes_deployment_v1', name)?.body, 'spec', 'replicas') === undefined &&
              at(named(tree, environment, 'kubernetes_horizontal_pod_autoscaler_v2', name)?.body, 'spec', 'max_replicas') === 5,
          ),
          ...holds(
            `${name} holds a volume of one pod`,
            !JSON.stringify(named(tree, environment, 'kubernetes_deployment_v1', name)?.body ?? {}).includes('persistent_volume_claim'),
          ),
        ]),
      ]),
  },
  'A-05': {
    title: 'nothing of the monitoring stack is reached from outside, in any environment',
    check: (tree) =>
      each((environment) => {
        const stack = release(tree, environment, 'kube-prometheus-stack');
        const services = stack === undefined ? [] : servicesIn(chartValues(tree, stack));
        return [
          ...same('services', services.map(({ way, type }) => `${way} ${String(type)}`).sort(), [
            'alertmanager ClusterIP',
            'grafana ClusterIP',
            'prometheus ClusterIP',
          ]),
          ...holds('no ingress', !JSON.stringify(stack?.body ?? {}).includes('ingressClassName')),
        ];
      }),
  },
  'A-08': {
    title: "only production has the database's exporter and asks it",
    check: (tree) =>
      each((environment) => {
        const expected = environment === 'production';
        const exporter = release(tree, environment, 'prometheus-postgres-exporter');
        const stack = release(tree, environment, 'kube-prometheus-stack');
        const monitors = stack === undefined ? [] : listOf(at(chartValues(tree, stack), 'prometheus', 'additionalServiceMonitors'));
        return [
          ...same('exporter', exporter !== undefined, expected),
          ...same(
            'monitors',
            monitors.map(({ name }) => name),
            ['frontend', 'backend', ...(expected ? ['prometheus-postgres-exporter'] : [])],
          ),
          ...(exporter === undefined
            ? []
            : same(
                'its database',
                [
                  at(chartValues(tree, exporter), 'config', 'datasource', 'host'),
                  at(chartValues(tree, exporter), 'config', 'datasource', 'port'),
                  at(chartValues(tree, exporter), 'config', 'datasource', 'passwordSecret', 'name'),
                ],
                ['postgres-svc', '5432', 'postgres-credentials'],
              )),
        ];
      }),
  },
  'A-11': {
    title: 'Prometheus asks frontend and backend, by services that are there',
    check: (tree) =>
      each((environment) => {
        const stack = release(tree, environment, 'kube-prometheus-stack');
        const monitors = stack === undefined ? [] : listOf(at(chartValues(tree, stack), 'prometheus', 'additionalServiceMonitors'));
        return ['frontend', 'backend'].flatMap((name) => {
          const monitor = monitors.find((one) => one['name'] === name);
          const label = at(monitor, 'selector', 'matchLabels', 'app.kubernetes.io/name');
          const service = resources(tree, environment, 'kubernetes_service_v1').find(
            ({ body }) => at(body, 'metadata', 'labels', 'app.kubernetes.io/name') === label,
          );
          return [
            ...same(`${name} namespace`, at(monitor, 'namespaceSelector', 'matchNames'), [
              service === undefined ? '' : resolve(tree, service.unit, at(service.body, 'metadata', 'namespace')),
            ]),
            ...same(`${name} port`, at(monitor, 'endpoints', 0, 'port'), at(service?.body, 'spec', 'port', 0, 'name')),
            ...holds(`${name} leads to its pods`, at(service?.body, 'spec', 'selector', 'app.kubernetes.io/name') === name),
          ];
        });
      }),
  },
};
