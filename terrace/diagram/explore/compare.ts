import type { Mark } from './page-data';
import type { PageGraph } from './page-graph';

/** An attribute that has another value on the other side; undefined where that side has none. */
export interface Difference {
  readonly name: string;
  readonly values: readonly [left: string | undefined, right: string | undefined];
}

export interface Comparison {
  /** By position of the box, on both sides. */
  readonly marks: ReadonlyMap<number, Mark>;
  /** By position of the box on either side; only of boxes that both have. */
  readonly differences: ReadonlyMap<number, readonly Difference[]>;
  /** Numbers of units and resources: in the first alone, in the second alone, in both with other values, in both the same. */
  readonly counts: { readonly left: number; readonly right: number; readonly differ: number; readonly same: number };
}

/**
 * Two environments, box by box: the same unit, the same address. An environment's own name and account are the same as the other's own, so that
 * `shop-dev-logs` and `shop-production-logs` do not differ.
 */
export function compared(graph: PageGraph, [left, right]: readonly [string, string]): Comparison {
  const sides = [left, right].map((id) => below(graph, id));
  const [one = new Map<string, number>(), other = new Map<string, number>()] = sides;
  const marks = new Map<number, Mark>();
  const differences = new Map<number, readonly Difference[]>();
  const counts = { left: 0, right: 0, differ: 0, same: 0 };
  const isCounted = (index: number): boolean => ['unit', 'resource'].includes(graph.nodes[index]?.depth ?? '');
  const [leftName, rightName] = [lastOf(left), lastOf(right)];
  for (const [key, index] of one) {
    const match = other.get(key);
    if (match === undefined) {
      marks.set(index, { tone: 'destroy', word: `only ${leftName}`, notes: [`${rightName} does not have it`] });
      if (isCounted(index)) counts.left += 1;
      continue;
    }
    const found = differencesOf(graph, [index, match], [leftName, rightName]);
    if (isCounted(index)) counts[found.length === 0 ? 'same' : 'differ'] += 1;
    const mark: Mark =
      found.length === 0
        ? { tone: 'same', word: '', notes: [] }
        : { tone: 'change', word: 'differs', notes: [`differs in ${found.map(({ name }) => name).join(', ')}`] };
    for (const side of [index, match]) {
      marks.set(side, mark);
      if (found.length > 0) differences.set(side, found);
    }
  }
  for (const [key, index] of other) {
    if (one.has(key)) continue;
    marks.set(index, { tone: 'add', word: `only ${rightName}`, notes: [`${leftName} does not have it`] });
    if (isCounted(index)) counts.right += 1;
  }
  return { marks: withFolders(graph, marks), differences, counts };
}

/** A folder or unit in which something differs says so, though it has no attribute of its own. */
function withFolders(graph: PageGraph, marks: Map<number, Mark>): ReadonlyMap<number, Mark> {
  const differing = [...marks].filter(([, { tone }]) => tone !== 'same').map(([index]) => index);
  const counts = new Map<number, number>();
  for (const index of differing)
    for (const outer of graph.above(index)) if (marks.get(outer)?.tone === 'same') counts.set(outer, (counts.get(outer) ?? 0) + 1);
  for (const [index, number] of counts) marks.set(index, { tone: 'change', word: '', notes: [`${number} inside it differ`] });
  return marks;
}

function below(graph: PageGraph, id: string): Map<string, number> {
  const start = graph.byId.get(id);
  const found = new Map<string, number>();
  if (start === undefined) return found;
  graph.nodes.forEach((node, index) => {
    if (graph.above(index).includes(start)) found.set(node.id.slice(id.length), index);
  });
  return found;
}

function differencesOf(
  graph: PageGraph,
  [left, right]: readonly [number, number],
  names: readonly [string, string],
): readonly Difference[] {
  const [one, other] = [new Map(graph.nodes[left]?.facts), new Map(graph.nodes[right]?.facts)];
  return [...new Set([...one.keys(), ...other.keys()])].sort().flatMap((name) => {
    const values = [one.get(name), other.get(name)] as const;
    return neutral(values[0], names[0]) === neutral(values[1], names[1]) ? [] : [{ name, values }];
  });
}

function neutral(value: string | undefined, environment: string): string | undefined {
  return value
    ?.replaceAll(new RegExp(`(?<![a-z0-9])${environment}(?![a-z0-9])`, 'gi'), '\u0001')
    .replaceAll(/(?<!\d)\d{12}(?!\d)/g, '\u0002');
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
