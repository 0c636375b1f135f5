import { refuse, type Problem } from '../../base/errors';
import type { Kind } from './kinds';

/**
 * A picture as data: boxes, groups of boxes and arrows, without any position. Everything that draws (SVG, Mermaid, DOT) starts
 * from it, so a picture of infrastructure and one of a process differ only in where their data came from.
 */
export interface Diagram {
  readonly title: string;
  /** One or two sentences for readers who cannot see the picture. */
  readonly description: string;
  /** `auto` tries both and keeps the one that fits a page better. */
  readonly direction: Direction;
  /** In drawing order: the layout keeps it where the arrows allow. Unlike ids of clusters, and unique. */
  readonly nodes: readonly DiagramNode[];
  readonly clusters: readonly DiagramCluster[];
  readonly edges: readonly DiagramEdge[];
  /** Sentences under the legend: what was left out, and how to see it. */
  readonly notes?: readonly string[];
}

export type Direction = 'right' | 'down' | 'auto';

/** What a group of boxes stands for; decides its look. */
export type ClusterKind = 'system' | 'environment' | 'region' | 'layer' | 'unit' | 'network' | 'zone' | 'subnet' | 'namespace' | 'group';

/** What an arrow says; decides its look and its line in the legend. */
export type EdgeKind = 'reference' | 'state' | 'order' | 'flow';

export interface DiagramNode {
  readonly id: string;
  readonly title: string;
  readonly subtitle?: string;
  /** A third line: address, size, CIDR. */
  readonly detail?: string;
  /** Lines below a rule: what belongs to this box and has none of its own. */
  readonly rows?: readonly DiagramRow[];
  readonly kind: Kind;
  /** Local name of a terraform provider (`aws`, `hcloud`); decides the colour. */
  readonly provider?: string;
  /** Id of the cluster it lies in. */
  readonly parent?: string;
  readonly planned?: boolean;
  /** Stands outside what was selected, or outside the system. */
  readonly external?: boolean;
  /** What a pointer or a screen reader gets; the title where it is absent. */
  readonly tooltip?: string;
}

export interface DiagramRow {
  readonly text: string;
  readonly tooltip?: string;
}

export interface DiagramCluster {
  readonly id: string;
  readonly title: string;
  readonly subtitle?: string;
  readonly kind: ClusterKind;
  readonly provider?: string;
  readonly parent?: string;
  readonly planned?: boolean;
  readonly tooltip?: string;
  /** How what lies in it stands where no arrow joins it: side by side or one below the other. @default as the page's shape asks */
  readonly arrange?: 'row' | 'column';
}

export interface DiagramEdge {
  /** Id of a node or a cluster. */
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly label?: string;
  readonly tooltip?: string;
}

/**
 * Gives the diagram back when it can be drawn. Raises E9001, all problems at once: ids used twice, an arrow or a parent that
 * names nothing, a cluster inside itself, an arrow between a cluster and what lies in it or to an empty one, an empty picture.
 */
export function checkDiagram(diagram: Diagram): Diagram {
  const problems: Problem[] = [];
  const report = (found: string, todo: string): void => {
    problems.push({ code: 'E9001', title: 'diagram cannot be drawn', place: diagram.title, found, todo });
  };
  const seen = new Set<string>();
  for (const { id } of [...diagram.clusters, ...diagram.nodes]) {
    if (seen.has(id)) report(`two boxes have the id ${id}`, 'give each node and cluster an id of its own');
    seen.add(id);
  }
  const clusters = new Map(diagram.clusters.map((cluster) => [cluster.id, cluster]));
  for (const { id, parent } of [...diagram.clusters, ...diagram.nodes]) {
    if (parent !== undefined && !clusters.has(parent))
      report(`${id} is in ${parent}, which is not a cluster`, 'add the cluster, or leave out the parent');
  }
  for (const cluster of diagram.clusters) {
    if (isInsideItself(cluster, clusters))
      report(`the cluster ${cluster.id} is inside itself`, 'change the parent of one of these clusters');
  }
  for (const { from, to } of diagram.edges) {
    for (const end of [from, to]) {
      if (!seen.has(end)) report(`the arrow ${from} → ${to} ends at ${end}, which is not drawn`, 'add the node, or leave out the arrow');
    }
  }
  const parents = new Map([...diagram.clusters, ...diagram.nodes].map(({ id, parent }) => [id, parent]));
  const isEmpty = (id: string): boolean => clusters.has(id) && !diagram.nodes.some((node) => liesIn(node.id, id, parents));
  for (const { from, to } of diagram.edges) {
    if (liesIn(from, to, parents) || liesIn(to, from, parents))
      report(`the arrow ${from} → ${to} connects a cluster with its own content`, 'leave out the arrow: the nesting already shows it');
    if (isEmpty(from) || isEmpty(to))
      report(`the arrow ${from} → ${to} ends at a cluster with nothing in it`, 'put a node into the cluster, or leave out the arrow');
  }
  if (diagram.nodes.length === 0) report('it has no boxes', 'select at least one unit');
  refuse(problems);
  return diagram;
}

function liesIn(id: string, cluster: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  for (let at = parents.get(id); at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === cluster) return true;
    seen.add(at);
  }
  return false;
}

function isInsideItself(cluster: DiagramCluster, clusters: ReadonlyMap<string, DiagramCluster>): boolean {
  const seen = new Set<string>();
  for (let at: DiagramCluster | undefined = cluster; at?.parent !== undefined; at = clusters.get(at.parent)) {
    if (seen.has(at.id)) return at.id === cluster.id;
    seen.add(at.id);
  }
  return false;
}
