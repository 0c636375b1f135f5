import type { Diagram, DiagramNode, Infrastructure, ResourceNode } from 'terrace/diagram';

type Edge = Diagram['edges'][number];

/** What the pictures call a workload, by the name of its pods. */
const nodes: Readonly<Record<string, Pick<DiagramNode, 'id' | 'title' | 'kind'>>> = {
  frontend: { id: 'FE', title: 'Next.js Frontend', kind: 'container' },
  backend: { id: 'BE', title: 'Django Backend', kind: 'container' },
  postgres: { id: 'DB', title: 'Postgres', kind: 'database' },
  'prometheus-postgres-exporter': { id: 'PGEXP', title: 'Postgres Exporter', kind: 'monitor' },
  prometheus: { id: 'Prom', title: 'Prometheus', kind: 'monitor' },
  grafana: { id: 'Graf', title: 'Grafana', kind: 'monitor' },
  alertmanager: { id: 'AM', title: 'AlertManager', kind: 'alarm' },
  'ingress-nginx': { id: 'Ingress', title: 'Ingress', kind: 'gateway' },
};

/** Connections that the document draws the other way round: metrics flow from who is asked to who asks. */
const askers = new Set(['prometheus', 'prometheus-postgres-exporter']);

const nameLabel = 'app.kubernetes.io/name';

/** One environment: its cluster with workloads and monitoring stack, and what leads into it from outside. */
export function picture(graph: Infrastructure, environment: 'development' | 'staging' | 'production'): Diagram {
  const resources = graph.resources.filter(({ unit }) => unit.system === 'astra' && unit.environment === environment);
  const of = (type: string): readonly ResourceNode[] => resources.filter(({ block }) => block.type === type);
  const planned = resources.some((one) => one.planned) ? { planned: true } : {};
  const charts = new Set(of('helm_release').map(({ block }) => block.body['chart']));
  const stack = charts.has('kube-prometheus-stack') ? ['prometheus', 'grafana', 'alertmanager'] : [];
  const inCluster = [
    ...[...of('kubernetes_deployment_v1'), ...of('kubernetes_stateful_set_v1')].map(({ block }) => text(block.body, 'metadata', 'name')),
    ...(charts.has('prometheus-postgres-exporter') ? ['prometheus-postgres-exporter'] : []),
  ].toSorted((a, b) => order(a) - order(b));
  const outside = entrances(graph, of);
  const drawn = new Set([...inCluster, ...stack, ...(charts.has('ingress-nginx') ? ['ingress-nginx'] : [])]);
  const id = (name: string): string => nodes[name]?.id ?? name;
  return {
    title: `${environment.slice(0, 1).toUpperCase()}${environment.slice(1)} Environment${planned.planned === true ? ' (planned)' : ''}`,
    description: `Who reaches whom in ${environment}: load balancers, the workloads of the cluster, and the metrics that flow to Prometheus.`,
    direction: 'down',
    clusters: [
      { id: 'cluster', title: text(of('google_container_cluster')[0]?.block.body, 'name'), kind: 'group', ...planned },
      { id: 'stack', title: 'Prometheus stack', kind: 'group', parent: 'cluster', ...planned },
    ],
    nodes: [
      ...outside.nodes.map((node) => ({ ...node, ...planned })),
      ...(drawn.has('ingress-nginx') ? [{ ...described('ingress-nginx'), ...planned }] : []),
      ...inCluster.map((name) => ({ ...described(name), parent: 'cluster', ...planned })),
      ...stack.map((name) => ({ ...described(name), parent: 'stack', ...planned })),
    ],
    edges: [
      ...outside.edges,
      ...of('kubernetes_network_policy_v1').flatMap(({ block }): readonly Edge[] => {
        const to = text(block.body, 'spec', 'pod_selector', 'match_labels', nameLabel);
        return (
          peers(block.body)
            // The way from the ingress is its rule's: the policy alone leads nowhere.
            .filter((from) => drawn.has(from) && drawn.has(to) && from !== 'ingress-nginx')
            .map((from) => ({ ...(askers.has(from) ? { from: id(to), to: id(from) } : { from: id(from), to: id(to) }), kind: 'flow' }))
        );
      }),
    ],
  };
}

/** Load balancers and what they lead to: a workload by its service's selector, the ingress by its chart, and from there by its rule. */
function entrances(
  graph: Infrastructure,
  of: (type: string) => readonly ResourceNode[],
): { readonly nodes: readonly DiagramNode[]; readonly edges: readonly Edge[] } {
  const services = of('kubernetes_service_v1');
  const target = (service: ResourceNode): string => nodes[text(service.block.body, 'spec', 'selector', nameLabel)]?.id ?? '';
  const balancers = services
    .filter(({ block }) => text(block.body, 'spec', 'type') === 'LoadBalancer')
    .map((service) => ({ id: `LB_${target(service)}`, to: target(service), title: `LB ${nodeTitle(target(service))}` }));
  const ingresses = of('kubernetes_ingress_v1');
  const routed = ingresses.flatMap(({ id }) =>
    graph.references.filter(({ from }) => from === id).flatMap(({ to }) => services.filter((service) => service.id === to)),
  );
  const front = ingresses.length === 0 ? [] : [{ id: 'LB', to: 'Ingress', title: 'LoadBalancer' }];
  return {
    nodes: [...balancers, ...front].map(({ id, title }) => ({ id, title, kind: 'balancer' })),
    edges: [
      ...[...balancers, ...front].map(({ id, to }): Edge => ({ from: id, to, kind: 'flow' })),
      ...routed.map((service): Edge => ({ from: 'Ingress', to: target(service), kind: 'flow' })),
    ],
  };
}

function described(name: string): DiagramNode {
  return { id: name, title: name, kind: 'container', provider: 'kubernetes', ...nodes[name] };
}

function nodeTitle(id: string): string {
  const titles: Readonly<Record<string, string>> = { FE: 'Frontend', BE: 'Backend', DB: 'Postgres' };
  return titles[id] ?? id;
}

/** Applications before what watches them. */
function order(name: string): number {
  return Object.keys(nodes).indexOf(name);
}

/** Names of the pods that a policy lets in. */
function peers(body: ResourceNode['block']['body']): readonly string[] {
  return list(at(body, 'spec', 'ingress')).flatMap((rule) =>
    list(at(rule, 'from')).flatMap((peer) => {
      const name = text(peer, 'pod_selector', 'match_labels', nameLabel);
      return name === '' ? [] : [name];
    }),
  );
}

function list(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function at(value: unknown, ...way: readonly string[]): unknown {
  return way.reduce<unknown>((here, step) => (typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined), value);
}

function text(value: unknown, ...way: readonly string[]): string {
  const found = at(value, ...way);
  return typeof found === 'string' ? found : '';
}
