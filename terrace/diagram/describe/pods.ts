import { isObject, type JsonObject } from '../read/configuration';
import type { ResourceNode } from '../read/graph';
import type { Net } from './net';
import { blocksAt, textsAt } from './values';

export type Labels = ReadonlyMap<string, string>;

/** Something whose pods can be chosen by label. */
export interface Pods {
  readonly resource: ResourceNode;
  readonly namespace: string;
  readonly labels: Labels;
}

const workload = /^kubernetes_(deployment|stateful_set|daemon_set|job|cron_job|pod|replication_controller)(_v\d+)?$/;
/** Labels by which charts name what they install. */
const chartLabels = ['app.kubernetes.io/instance', 'app.kubernetes.io/name', 'app', 'release'] as const;

/** Every workload of the graph with the labels of its pods, and every release of a chart with those that charts give by custom. */
export function podsOf(net: Net): readonly Pods[] {
  const workloads = net.all(workload).map((resource) => ({
    resource,
    namespace: namespaceOf(net, resource),
    labels: labelsIn(templateOf(resource), 'labels'),
  }));
  return [...workloads, ...net.all(/^helm_release$/).flatMap((release) => releasePods(net, release))];
}

/** The namespace of an object by its name: written, or that of the object it names. */
export function namespaceOf(net: Net, { id, block }: ResourceNode): string {
  const written = [...textsAt(block.body, 'namespace'), ...blocksAt(block.body, 'metadata').flatMap((one) => textsAt(one, 'namespace'))];
  const literal = written.find((one) => !one.includes('${'));
  if (literal !== undefined) return literal;
  const named = net.names(id, /^(metadata\.)?namespace$/).find((one) => /^kubernetes_namespace(_v1)?$/.test(one.block.type));
  return named === undefined ? 'default' : nameOf(named);
}

/** The name of an object within its namespace. */
export function nameOf({ block }: ResourceNode): string {
  return blocksAt(block.body, 'metadata').flatMap((one) => textsAt(one, 'name'))[0] ?? block.name;
}

function templateOf({ block }: ResourceNode): JsonObject {
  if (/_pod(_v1)?$/.test(block.type)) return blocksAt(block.body, 'metadata')[0] ?? {};
  const job = blocksAt(block.body, 'spec', 'job_template', 'spec', 'template', 'metadata');
  return job[0] ?? blocksAt(block.body, 'spec', 'template', 'metadata')[0] ?? {};
}

/** A release answers to its own name and its chart's. */
function releasePods(net: Net, release: ResourceNode): readonly Pods[] {
  const names = textsAt(release.block.body, 'name', 'chart').map((name) => name.slice(name.lastIndexOf('/') + 1));
  const namespace = namespaceOf(net, release);
  return names.map((name) => ({ resource: release, namespace, labels: new Map(chartLabels.map((label) => [label, name])) }));
}

function labelsIn(block: JsonObject, name: string): Labels {
  const labels = block[name];
  return new Map(isObject(labels) ? Object.entries(labels).map(([key, value]) => [key, String(value)]) : []);
}

/**
 * True where a selector chooses an object with these labels: `match_labels`, and `match_expressions` with In, NotIn, Exists, DoesNotExist.
 * An empty one chooses all. Of a chart's pods only the custom labels are known, so one that fits is enough.
 */
export function chooses(selector: JsonObject, labels: Labels, isChart = false): boolean {
  const wanted = [...labelsIn(selector, 'match_labels')];
  const fits = ([key, value]: readonly [string, string]): boolean => labels.get(key) === value;
  if (isChart && wanted.length > 0) return wanted.some(fits);
  return wanted.every(fits) && blocksAt(selector, 'match_expressions').every((one) => holds(one, labels));
}

function holds(expression: JsonObject, labels: Labels): boolean {
  const [key = '', operator = ''] = [...textsAt(expression, 'key'), ...textsAt(expression, 'operator')];
  const value = labels.get(key);
  const values = textsAt(expression, 'values');
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  return operator === 'Exists' ? value !== undefined : value === undefined;
}
