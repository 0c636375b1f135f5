import { at, chartValues, type EnvironmentName, type Json, listOf, resolve, resources, type AstraTree } from './astra-tree';

/** Pods as Kubernetes sees them: a namespace and labels. */
interface Pods {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One NetworkPolicy, wherever it is declared, in one form. */
interface Policy {
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly rules: readonly { readonly from: readonly Json[]; readonly ports: readonly number[] }[];
}

/** `from -> to:port`, where `from` is a workload or `anywhere`. */
export type Edges = readonly string[];

/** The labels that charts give their pods; what a release stands for in the pictures. */
const chartPods: Readonly<Record<string, readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[]>> = {
  'kube-prometheus-stack': ['prometheus', 'grafana', 'alertmanager'].map((name) => ({ name, labels: { 'app.kubernetes.io/name': name } })),
  'prometheus-postgres-exporter': [{ name: 'postgres-exporter', labels: { 'app.kubernetes.io/name': 'prometheus-postgres-exporter' } }],
  'ingress-nginx': [
    {
      name: 'ingress-controller',
      labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
    },
  ],
};

/** All pods of an environment: of deployments, stateful sets, cron jobs and charts. */
function podsOf(tree: AstraTree, environment: EnvironmentName): readonly Pods[] {
  const own = (
    [
      ['kubernetes_deployment_v1', ['spec', 'template']],
      ['kubernetes_stateful_set_v1', ['spec', 'template']],
      ['kubernetes_cron_job_v1', ['spec', 'job_template', 'spec', 'template']],
    ] as const
  ).flatMap(([type, way]) =>
    resources(tree, environment, type).map(({ unit, body }) => ({
      name: String(at(body, 'metadata', 'name')),
      namespace: resolve(tree, unit, at(body, 'metadata', 'namespace')),
      labels: at<Record<string, string>>(body, ...way, 'metadata', 'labels') ?? {},
    })),
  );
  const charts = resources(tree, environment, 'helm_release').flatMap(({ unit, body }) =>
    (chartPods[String(body['chart'])] ?? []).map((pods) => ({ ...pods, namespace: resolve(tree, unit, body['namespace']) })),
  );
  return [...own, ...charts];
}

/** The network policies of an environment: resources, and what charts bring along. */
export function policiesOf(tree: AstraTree, environment: EnvironmentName): readonly Policy[] {
  const own = resources(tree, environment, 'kubernetes_network_policy_v1').map(({ unit, body }) => ({
    namespace: resolve(tree, unit, at(body, 'metadata', 'namespace')),
    selector: at<Record<string, string>>(body, 'spec', 'pod_selector', 'match_labels') ?? {},
    rules: listOf(at(body, 'spec', 'ingress')).map((rule) => ({
      from: listOf(rule['from']),
      ports: listOf(rule['ports']).map(({ port }) => Number(port)),
    })),
  }));
  const brought = resources(tree, environment, 'helm_release').flatMap((one) =>
    listOf(chartValues(tree, one)['extraManifests'])
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .map((manifest) => ({
        namespace: String(at(manifest, 'metadata', 'namespace')),
        selector: at<Record<string, string>>(manifest, 'spec', 'podSelector', 'matchLabels') ?? {},
        rules: listOf(at(manifest, 'spec', 'ingress')).map((rule) => ({
          from: listOf(rule['from']).map((peer) => ({
            ...(peer['podSelector'] === undefined ? {} : { pod_selector: { match_labels: at(peer, 'podSelector', 'matchLabels') ?? {} } }),
            ...(peer['namespaceSelector'] === undefined
              ? {}
              : { namespace_selector: { match_labels: at(peer, 'namespaceSelector', 'matchLabels') ?? {} } }),
          })),
          ports: listOf(rule['ports']).map(({ port }) => Number(port)),
        })),
      })),
  );
  return [...own, ...brought];
}

const selects = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** The sources that one peer of a rule in `namespace` stands for. */
function sources(peer: Json, namespace: string, pods: readonly Pods[]): readonly string[] {
  if (peer['ip_block'] !== undefined) return ['anywhere'];
  const spaces = peer['namespace_selector'];
  const labels = at<Record<string, string>>(peer, 'pod_selector', 'match_labels') ?? {};
  return pods
    .filter((one) =>
      spaces === undefined
        ? one.namespace === namespace
        : selects(at<Record<string, string>>(spaces, 'match_labels') ?? {}, { 'kubernetes.io/metadata.name': one.namespace }),
    )
    .filter((one) => selects(labels, one.labels))
    .map(({ name }) => name);
}

/**
 * Which connections the policies of an environment let through, as Kubernetes decides it: pods that no policy selects take everything,
 * others what the rules of all policies that select them name.
 */
export function allowedEdges(tree: AstraTree, environment: EnvironmentName): Edges {
  const pods = podsOf(tree, environment);
  const policies = policiesOf(tree, environment);
  const edges = pods.flatMap((target) => {
    const own = policies.filter(({ namespace, selector }) => namespace === target.namespace && selects(selector, target.labels));
    if (own.length === 0) return [`anywhere -> ${target.name}:*`];
    return own.flatMap(({ namespace, rules }) =>
      rules.flatMap(({ from, ports }) =>
        (from.length === 0 ? ['anywhere'] : from.flatMap((peer) => sources(peer, namespace, pods)))
          .filter((source) => source !== target.name)
          .flatMap((source) => (ports.length === 0 ? ['*'] : ports).map((port) => `${source} -> ${target.name}:${port}`)),
      ),
    );
  });
  return [...new Set(edges)].sort();
}

/** How the outside reaches a workload: a load balancer whose service selects its pods, or an ingress rule that leads to its service. */
export function entrances(tree: AstraTree, environment: EnvironmentName): readonly string[] {
  const pods = podsOf(tree, environment);
  const services = resources(tree, environment, 'kubernetes_service_v1').map(({ unit, body }) => ({
    name: String(at(body, 'metadata', 'name')),
    namespace: resolve(tree, unit, at(body, 'metadata', 'namespace')),
    selector: at<Record<string, string>>(body, 'spec', 'selector') ?? {},
    type: at(body, 'spec', 'type'),
    ports: listOf(at(body, 'spec', 'port')).map(({ target_port }) => Number(target_port)),
  }));
  const behind = (service: (typeof services)[number]): readonly string[] =>
    pods.filter((one) => one.namespace === service.namespace && selects(service.selector, one.labels)).map(({ name }) => name);
  const balanced = services
    .filter(({ type }) => type !== 'ClusterIP')
    .flatMap((service) => behind(service).flatMap((name) => service.ports.map((port) => `load balancer -> ${name}:${port}`)));
  const routed = resources(tree, environment, 'kubernetes_ingress_v1').flatMap(({ unit, body }) =>
    listOf(at(body, 'spec', 'rule')).flatMap((rule) =>
      listOf(at(rule, 'http', 'path')).flatMap((path) => {
        const name = resolve(tree, unit, at(path, 'backend', 'service', 'name'));
        const port = at<number>(path, 'backend', 'service', 'port', 'number');
        return services.filter((one) => one.name === name).flatMap((service) => behind(service).map((pod) => `ingress -> ${pod}:${port}`));
      }),
    ),
  );
  const charts = resources(tree, environment, 'helm_release').flatMap((one) => {
    const values = chartValues(tree, one);
    return servicesIn(values)
      .filter(({ type }) => type === 'LoadBalancer' || type === 'NodePort')
      .map(({ way }) => `load balancer -> ${String(one.body['chart'])} ${way}`);
  });
  return [...balanced, ...routed, ...charts].sort();
}

/** Every `service.type` in the values of a chart. */
export function servicesIn(values: unknown, way: readonly string[] = []): readonly { readonly way: string; readonly type: unknown }[] {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return [];
  return Object.entries(values).flatMap(([key, value]) => [
    ...(key === 'service' && at(value, 'type') !== undefined ? [{ way: way.join('.'), type: at(value, 'type') }] : []),
    ...servicesIn(value, [...way, key]),
  ]);
}
