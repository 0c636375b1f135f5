import { isObject, type JsonObject } from '../read/configuration';
import type { ResourceNode } from '../read/graph';
import { internetOf, type Found, type Net } from './net';
import { isEverybody } from './networks';
import { chooses, nameOf, namespaceOf, podsOf, type Pods } from './pods';
import { blocksAt, listOf, textsAt } from './values';

/** Services, ingresses, network policies and settings of Kubernetes, as traffic between workloads. Pods are found by their labels. */
export function kubernetesTraffic(net: Net): readonly Found[] {
  const world = new Cluster(net);
  return [...services(world), ...ingresses(world), ...policies(world), ...settings(world)];
}

const open = new Set(['LoadBalancer', 'NodePort']);

/** Workloads and services of the graph, with what chooses them. */
class Cluster {
  readonly pods: readonly Pods[];
  readonly services: readonly ResourceNode[];

  constructor(readonly net: Net) {
    this.pods = podsOf(net);
    this.services = net.all(/^kubernetes_service(_v1)?$/);
  }

  /** Workloads behind a service. */
  behind(service: ResourceNode): readonly ResourceNode[] {
    const [spec = {}] = blocksAt(service.block.body, 'spec');
    const selector = spec['selector'];
    if (!isObject(selector)) return [];
    const namespace = namespaceOf(this.net, service);
    return this.chosen(service, { match_labels: selector }, (one) => one === namespace);
  }

  chosen(beside: ResourceNode, selector: JsonObject, isNamespace: (name: string) => boolean): readonly ResourceNode[] {
    const near = this.pods.filter(({ resource, namespace }) => isBeside(resource, beside) && isNamespace(namespace));
    const found = near.filter(({ resource, labels }) => chooses(selector, labels, resource.block.type === 'helm_release'));
    // Labels that nothing of the source has are those of a chart: of the only one in that namespace.
    const charts = new Set(near.flatMap(({ resource }) => (resource.block.type === 'helm_release' ? [resource] : [])));
    return found.length === 0 && charts.size === 1 ? [...charts] : [...new Set(found.map(({ resource }) => resource))];
  }

  /** The labels that a namespace has: its own, and the one that Kubernetes gives each. */
  namespaceLabels(beside: ResourceNode, name: string): ReadonlyMap<string, string> {
    const own = this.net
      .all(/^kubernetes_namespace(_v1)?$/)
      .filter((one) => isBeside(one, beside) && nameOf(one) === name)
      .flatMap(({ block }) => blocksAt(block.body, 'metadata', 'labels'))
      .flatMap((labels) => Object.entries(labels).map(([key, value]): [string, string] => [key, String(value)]));
    return new Map([...own, ['kubernetes.io/metadata.name', name]]);
  }
}

function isBeside(one: ResourceNode, other: ResourceNode): boolean {
  return one.unit.system === other.unit.system && one.unit.environment === other.unit.environment && one.unit.region === other.unit.region;
}

/** A service leads to the pods that its selector chooses; one with a load balancer or a port of the nodes is called from outside. */
function services(world: Cluster): readonly Found[] {
  return world.services.flatMap((service) => {
    const behind = world.behind(service);
    const [spec = {}] = blocksAt(service.block.body, 'spec');
    const isOpen = textsAt(spec, 'type').some((type) => open.has(type));
    return blocksAt(spec, 'port').flatMap((one): Found[] => {
      const port = portOf(one, 'target_port') ?? portOf(one, 'port');
      const outside = isOpen ? [{ from: internetOf(service), to: service.id, port: portOf(one, 'port'), ground: 'service' }] : [];
      return [...outside, ...behind.map(({ id }): Found => ({ from: service.id, to: id, port, ground: 'service' }))];
    });
  });
}

/** An ingress is called from outside and calls the services that its paths name. */
function ingresses(world: Cluster): readonly Found[] {
  return world.net.all(/^kubernetes_ingress(_v1)?$/).flatMap((ingress): Found[] => {
    const [spec = {}] = blocksAt(ingress.block.body, 'spec');
    const namespace = namespaceOf(world.net, ingress);
    const backends = [...blocksAt(spec, 'rule', 'http', 'path', 'backend', 'service'), ...blocksAt(spec, 'default_backend', 'service')];
    const linked = world.net.names(ingress.id, /backend\.service\.name$/);
    const called = backends.flatMap((backend) => {
      const port = blocksAt(backend, 'port').flatMap((one) => textsAt(one, 'number'))[0];
      const [name = ''] = textsAt(backend, 'name');
      const found = name.includes('${')
        ? linked
        : world.services.filter((one) => isBeside(one, ingress) && nameOf(one) === name && namespaceOf(world.net, one) === namespace);
      return found.map(({ id }): Found => ({ from: ingress.id, to: id, port, ground: 'ingress' }));
    });
    const port = blocksAt(spec, 'tls').length > 0 ? '443' : '80';
    return [{ from: internetOf(ingress), to: ingress.id, port, ground: 'ingress' }, ...called];
  });
}

/** A policy leads from whom it lets in to the pods it is about, or from these to where it lets them go. */
function policies(world: Cluster): readonly Found[] {
  return world.net.all(/^kubernetes_network_policy(_v1)?$/).flatMap((policy) => {
    const namespace = namespaceOf(world.net, policy);
    const [spec = {}] = blocksAt(policy.block.body, 'spec');
    const own = world.chosen(policy, blocksAt(spec, 'pod_selector')[0] ?? {}, (one) => one === namespace);
    const isReached = (one: ResourceNode): boolean =>
      world.services.some((service) => isOpenService(service) && world.behind(service).includes(one));
    const inward = blocksAt(spec, 'ingress').flatMap((rule) =>
      portsOf(rule).flatMap((port) =>
        own.flatMap((called): Found[] => [
          ...peers(world, policy, blocksAt(rule, 'from'), namespace).map((from): Found => ({
            from: from.id,
            to: called.id,
            port,
            ground: 'network policy',
          })),
          ...(admitsEverybody(rule) && isReached(called)
            ? [{ from: internetOf(called), to: called.id, port, ground: 'network policy' }]
            : []),
        ]),
      ),
    );
    const outward = blocksAt(spec, 'egress').flatMap((rule) =>
      portsOf(rule).flatMap((port) =>
        peers(world, policy, blocksAt(rule, 'to'), namespace).flatMap((to) =>
          own.map((from): Found => ({ from: from.id, to: to.id, port, ground: 'network policy' })),
        ),
      ),
    );
    return [...inward, ...outward];
  });
}

function isOpenService({ block }: ResourceNode): boolean {
  return blocksAt(block.body, 'spec').some((spec) => textsAt(spec, 'type').some((type) => open.has(type)));
}

/** Pods that a rule names; those of all pods, which everybody's rules would name, are not listed one by one. */
function peers(world: Cluster, policy: ResourceNode, blocks: readonly JsonObject[], namespace: string): readonly ResourceNode[] {
  return blocks.flatMap((peer) => {
    const [pods] = blocksAt(peer, 'pod_selector');
    const [spaces] = blocksAt(peer, 'namespace_selector');
    if (pods === undefined && spaces === undefined) return [];
    return world.chosen(policy, pods ?? {}, (one) =>
      spaces === undefined ? one === namespace : chooses(spaces, world.namespaceLabels(policy, one)),
    );
  });
}

function admitsEverybody(rule: JsonObject): boolean {
  return blocksAt(rule, 'from', 'ip_block').some((block) => textsAt(block, 'cidr').some(isEverybody));
}

/** What a workload is told in its environment, directly or by a config map: the service that a value names is called. */
function settings(world: Cluster): readonly Found[] {
  const { net } = world;
  return world.pods.flatMap(({ resource, namespace }) => {
    const maps = net.names(resource.id, /(config_map_ref|config_map_key_ref)\.name$/);
    const linked = [resource, ...maps]
      .flatMap(({ id }) => net.names(id, /(^data\.|env\.value$)/))
      .filter((one) => world.services.includes(one));
    const values = [
      ...maps.flatMap(({ block }) => blocksAt(block.body, 'data').flatMap((data) => Object.values(data).flatMap(listOf))),
      ...environmentOf(resource.block.body),
    ].filter((one) => typeof one === 'string');
    const named = world.services.filter((service) => {
      const [name, space] = [nameOf(service), namespaceOf(net, service)];
      const hosts = new Set([
        `${name}.${space}`,
        `${name}.${space}.svc`,
        `${name}.${space}.svc.cluster.local`,
        ...(space === namespace ? [name] : []),
      ]);
      return isBeside(service, resource) && values.some((value) => hosts.has(hostOf(value)));
    });
    return [...new Set([...linked, ...named])].map((service): Found => ({
      from: resource.id,
      to: service.id,
      port: onlyPort(service),
      ground: 'environment',
    }));
  });
}

function environmentOf(body: JsonObject): readonly unknown[] {
  const specs = [...blocksAt(body, 'spec', 'template', 'spec'), ...blocksAt(body, 'spec', 'job_template', 'spec', 'template', 'spec')];
  return specs.flatMap((spec) => blocksAt(spec, 'container', 'env')).flatMap((one) => textsAt(one, 'value'));
}

/** `http://backend-svc:8000/api` → `backend-svc` */
function hostOf(value: string): string {
  return value.replace(/^[a-z][\w+.-]*:\/\/(?:[^/@]*@)?/, '').split(/[:/]/, 1)[0] ?? '';
}

function onlyPort(service: ResourceNode): string | undefined {
  const ports = blocksAt(service.block.body, 'spec', 'port');
  return ports.length === 1 && ports[0] !== undefined ? portOf(ports[0], 'port') : undefined;
}

function portsOf(rule: JsonObject): readonly (string | undefined)[] {
  const ports = blocksAt(rule, 'ports').map((one) => portOf(one, 'port'));
  return ports.length === 0 ? [undefined] : ports;
}

function portOf(block: JsonObject, name: string): string | undefined {
  return textsAt(block, name).find((one) => /^\d+$/.test(one));
}
