import { exposureMatrix } from '../../../envcommon/exposure';
import { at, type AstraTree, type EnvironmentName, environments, listOf, named, resolve, resources } from './astra-tree';
import { allowedEdges, entrances, policiesOf } from './reachability';
import { holds, type Requirement, same } from './requirement';

/** Arrows of the document between the workloads, as connections: metrics are asked for by Prometheus, the exporter asks the database. */
const inside = [
  'backend -> postgres:5432',
  'frontend -> backend:8000',
  'postgres-backup -> postgres:5432',
  'prometheus -> backend:8000',
  'prometheus -> frontend:3000',
];
const expectedEdges: Readonly<Record<EnvironmentName, readonly string[]>> = {
  development: [...inside, 'anywhere -> backend:8000', 'anywhere -> frontend:3000', 'anywhere -> postgres:5432'].sort(),
  staging: [...inside, 'anywhere -> frontend:3000'].sort(),
  production: [
    ...inside,
    'anywhere -> ingress-controller:80',
    'anywhere -> ingress-controller:443',
    'ingress-controller -> frontend:3000',
    'postgres-exporter -> postgres:5432',
    'prometheus -> postgres-exporter:9187',
  ].sort(),
};

/** Connections, but for those among the parts of the monitoring stack. */
export function documentedEdges(tree: AstraTree, environment: EnvironmentName): readonly string[] {
  const stack = new Set(['prometheus', 'grafana', 'alertmanager']);
  return allowedEdges(tree, environment).filter((edge) => {
    const [from = '', to = ''] = edge.split(' -> ');
    return !(stack.has(from) && stack.has(to.split(':')[0] ?? ''));
  });
}

/** The value of a setting of a container: its own, or of the config map that it takes its environment from. */
function setting(tree: AstraTree, environment: EnvironmentName, workload: string, name: string): string | undefined {
  const deployment = named(tree, environment, 'kubernetes_deployment_v1', workload);
  if (deployment === undefined) return undefined;
  const maps = listOf(at(deployment.body, 'spec', 'template', 'spec', 'container', 0, 'env_from')).map((one) =>
    resolve(tree, deployment.unit, at(one, 'config_map_ref', 'name')),
  );
  const found = maps.flatMap((map) => {
    const config = named(tree, environment, 'kubernetes_config_map_v1', map);
    const value = at(config?.body, 'data', name);
    return config === undefined || value === undefined ? [] : [resolve(tree, config.unit, value)];
  });
  return found[0];
}

/** The secret and key that a variable of a container is read from. */
function secretOf(tree: AstraTree, environment: EnvironmentName, workload: string, name: string): readonly unknown[] {
  const deployment = named(tree, environment, 'kubernetes_deployment_v1', workload);
  const entry = listOf(at(deployment?.body, 'spec', 'template', 'spec', 'container', 0, 'env')).find((one) => one['name'] === name);
  const secret = resolve(tree, deployment?.unit ?? '', at(entry, 'value_from', 'secret_key_ref', 'name'));
  const key = at<string>(entry, 'value_from', 'secret_key_ref', 'key') ?? '';
  const data = at(named(tree, environment, 'kubernetes_secret_v1', secret)?.body, 'data', key);
  return [secret, data];
}

const entrance = (environment: EnvironmentName, expected: readonly string[]) => (tree: AstraTree) =>
  same('entrances', entrances(tree, environment), expected);

/** Requirements about who reaches whom. */
export const flowRequirements: Readonly<Record<string, Requirement>> = {
  'A-04': {
    title: 'in development exactly frontend, backend and database have a load balancer',
    check: (tree) => [
      ...entrance('development', ['load balancer -> backend:8000', 'load balancer -> frontend:3000', 'load balancer -> postgres:5432'])(
        tree,
      ),
      ...same(
        'narrowed by',
        at(named(tree, 'development', 'kubernetes_service_v1', 'postgres-svc')?.body, 'spec', 'load_balancer_source_ranges'),
        '${var.database_source_ranges}',
      ),
    ],
  },
  'A-06': {
    title: 'in staging only the frontend has a load balancer; backend and database are inside the cluster',
    check: (tree) => [
      ...entrance('staging', ['load balancer -> frontend:3000'])(tree),
      ...same(
        'services',
        resources(tree, 'staging', 'kubernetes_service_v1')
          .map(({ body }) => `${at<string>(body, 'metadata', 'name')} ${at<string>(body, 'spec', 'type')}`)
          .sort(),
        ['backend-svc ClusterIP', 'frontend-svc LoadBalancer', 'postgres-svc ClusterIP'],
      ),
    ],
  },
  'A-07': {
    title: 'in production a load balancer leads to the ingress, and the ingress to the frontend alone, over TLS',
    check: (tree) => {
      const [ingress, ...others] = resources(tree, 'production', 'kubernetes_ingress_v1');
      return [
        ...entrance('production', ['ingress -> frontend:3000', 'load balancer -> ingress-nginx controller'])(tree),
        ...holds('one ingress', others.length === 0),
        ...same('class', at(ingress?.body, 'spec', 'ingress_class_name'), 'nginx'),
        ...same('certificate', resolve(tree, ingress?.unit ?? '', at(ingress?.body, 'spec', 'tls', 0, 'secret_name')), 'frontend-tls'),
      ];
    },
  },
  'A-09': {
    title: 'the frontend is told the backend of its own environment, and may reach it',
    check: (tree) =>
      environments.flatMap((environment) => [
        ...same(`${environment} address`, setting(tree, environment, 'frontend', 'NEXT_PUBLIC_BACKEND_URL'), 'http://backend-svc:8000'),
        ...holds(`${environment} edge`, documentedEdges(tree, environment).includes('frontend -> backend:8000')),
      ]),
  },
  'A-10': {
    title: 'the backend gets host, port, name and account of the database of its own environment, and may reach it',
    check: (tree) =>
      environments.flatMap((environment) => {
        const names = { development: 'main_db', staging: 'stg_db', production: 'prod_db' };
        const database = at(
          named(tree, environment, 'kubernetes_stateful_set_v1', 'postgres')?.body,
          'spec',
          'template',
          'spec',
          'container',
          0,
          'env',
          0,
          'value',
        );
        return [
          ...same(
            `${environment} settings`,
            ['DB_HOST', 'DB_PORT', 'DB_NAME'].map((name) => setting(tree, environment, 'backend', name)),
            ['postgres-svc', '5432', names[environment]],
          ),
          ...same(`${environment} database`, database, names[environment]),
          ...same(`${environment} user`, secretOf(tree, environment, 'backend', 'DB_USER'), ['postgres-credentials', '${var.db_user}']),
          ...same(`${environment} password`, secretOf(tree, environment, 'backend', 'DB_PASSWORD'), [
            'postgres-credentials',
            '${var.db_password}',
          ]),
          ...holds(`${environment} edge`, documentedEdges(tree, environment).includes('backend -> postgres:5432')),
        ];
      }),
  },
  'A-12': {
    title: 'in production the exporter may ask the database and Prometheus the exporter, nowhere else',
    check: (tree) =>
      environments.flatMap((environment) =>
        same(
          `${environment} edges`,
          documentedEdges(tree, environment).filter((edge) => edge.includes('postgres-exporter')),
          environment === 'production' ? ['postgres-exporter -> postgres:5432', 'prometheus -> postgres-exporter:9187'] : [],
        ),
      ),
  },
  'A-13': {
    title: 'every namespace is closed but for the arrows of the document, each with its port',
    check: (tree) =>
      environments.flatMap((environment) => {
        const policies = policiesOf(tree, environment);
        const namespaces = resources(tree, environment, 'kubernetes_namespace_v1').map(({ body }) => String(at(body, 'metadata', 'name')));
        const used = Object.entries(tree.units)
          .filter(([unit]) => unit.startsWith(`${environment}/`))
          .flatMap(([unit, json]) =>
            Object.values(at<Record<string, Record<string, unknown>>>(json, 'resource') ?? {}).flatMap((blocks) =>
              Object.values(blocks).flatMap((body) => {
                const namespace = at(body, 'metadata', 'namespace') ?? at(body, 'namespace');
                return namespace === undefined ? [] : [resolve(tree, unit, namespace)];
              }),
            ),
          );
        return [
          ...same(`${environment} edges`, documentedEdges(tree, environment), expectedEdges[environment]),
          ...same(`${environment} namespaces`, [...new Set(used)].sort(), [...namespaces].sort()),
          ...namespaces.flatMap((namespace) =>
            holds(
              `${environment}: ${namespace} has no default deny`,
              policies.some((one) => one.namespace === namespace && Object.keys(one.selector).length === 0 && one.rules.length === 0),
            ),
          ),
          ...holds(
            `${environment}: a rule without a port`,
            policies.every(({ rules }) => rules.every(({ ports }) => ports.length > 0)),
          ),
          ...same(
            `${environment} exposure`,
            (['frontend', 'backend', 'postgres'] as const).map((part) => exposureMatrix[environment][part]),
            (['frontend', 'backend', 'postgres'] as const).map((part) => {
              const ways = entrances(tree, environment).filter((one) => one.includes(` ${part}:`));
              return ways.some((one) => one.startsWith('load balancer')) ? 'load-balancer' : ways.length > 0 ? 'ingress' : 'cluster-ip';
            }),
          ),
        ];
      }),
  },
};
