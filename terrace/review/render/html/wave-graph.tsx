import type { ReviewedUnit } from '../../model/review';
import { countsText } from '../words';
import { visible } from '../value-text';

/** Above this many units a node stands for all units of a region in a step. */
const mostNodes = 36;
const box = { width: 238, height: 46, gapX: 66, gapY: 14, top: 30, left: 4 };

interface Node {
  readonly key: string;
  readonly title: string;
  readonly subtitle: string;
  readonly tooltip: string;
  readonly step: number;
  readonly tone: string;
  readonly link?: string;
  readonly after: ReadonlySet<string>;
}

function toneOf(units: readonly ReviewedUnit[]): string {
  if (units.some(({ status }) => status === 'failed')) return 'failed';
  if (units.every(({ status }) => status === 'deferred')) return 'deferred';
  const has = (name: keyof ReviewedUnit['counts']): boolean => units.some(({ counts }) => counts[name] > 0);
  return has('delete') ? 'delete' : has('replace') ? 'replace' : has('update') ? 'update' : has('create') ? 'create' : 'still';
}

function short(text: string, most = 28): string {
  return text.length <= most ? text : `…${text.slice(1 - most)}`;
}

function nodesOf(units: readonly ReviewedUnit[], links: ReadonlyMap<string, string>): readonly Node[] {
  if (units.length <= mostNodes) {
    return units.map((unit) => {
      const link = links.get(unit.path);
      return {
        key: unit.path,
        title: unit.name,
        subtitle: `${unit.environment}/${unit.region}`,
        tooltip: `${unit.path}: ${unit.status === 'changes' ? countsText(unit.counts) : unit.status}`,
        step: unit.step,
        tone: toneOf([unit]),
        ...(link === undefined ? {} : { link }),
        after: new Set(unit.after),
      };
    });
  }
  const keyOf = (unit: ReviewedUnit): string => `${unit.step} ${unit.system}/${unit.environment}/${unit.region}`;
  const byPath = new Map(units.map((unit) => [unit.path, keyOf(unit)]));
  const groups = new Map<string, ReviewedUnit[]>();
  for (const unit of units) groups.set(keyOf(unit), [...(groups.get(keyOf(unit)) ?? []), unit]);
  return [...groups].map(([key, members]) => {
    const first = members[0];
    return {
      key,
      title: `${members.length} unit${members.length === 1 ? '' : 's'}`,
      subtitle: first === undefined ? '' : `${first.system}/${first.environment}/${first.region}`,
      tooltip: members.map(({ path }) => path).join('\n'),
      step: first?.step ?? 0,
      tone: toneOf(members),
      after: new Set(
        members.flatMap(({ after }) => after.map((path) => byPath.get(path) ?? '').filter((other) => other !== key && other !== '')),
      ),
    };
  });
}

/** What each node follows, without what a way over others already says. */
function reduced(nodes: readonly Node[]): ReadonlyMap<string, readonly string[]> {
  const before = new Map<string, ReadonlySet<string>>();
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const all = (key: string): ReadonlySet<string> => {
    const known = before.get(key);
    if (known !== undefined) return known;
    // Set first, so that a circle of grouped nodes ends.
    before.set(key, new Set());
    const after = [...(byKey.get(key)?.after ?? [])];
    const found = new Set([...after, ...after.flatMap((one) => [...all(one)])]);
    before.set(key, found);
    return found;
  };
  return new Map(
    nodes.map(({ key, after }) => [key, [...after].filter((one) => ![...after].some((other) => other !== one && all(other).has(one)))]),
  );
}

/** Units in the order of apply, one column a step; those that wait for a later wave are dashed. */
export function WaveGraph({ units, links }: { readonly units: readonly ReviewedUnit[]; readonly links: ReadonlyMap<string, string> }) {
  const nodes = nodesOf(units, links);
  if (nodes.length < 2) return null;
  const columns = Math.max(...nodes.map(({ step }) => step)) + 1;
  const place = new Map<string, { readonly x: number; readonly y: number }>();
  const inColumn = Array.from({ length: columns }, () => 0);
  // Nodes stand near the mean of what they wait for, so that edges cross little.
  for (let step = 0; step < columns; step++) {
    const mean = (node: Node): number => {
      const rows = [...node.after].map((key) => place.get(key)?.y ?? 0);
      return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row, 0) / rows.length;
    };
    for (const node of nodes.filter((other) => other.step === step).toSorted((a, b) => mean(a) - mean(b) || (a.key < b.key ? -1 : 1))) {
      const row = inColumn[step] ?? 0;
      inColumn[step] = row + 1;
      place.set(node.key, { x: box.left + step * (box.width + box.gapX), y: box.top + row * (box.height + box.gapY) });
    }
  }
  const width = box.left * 2 + columns * (box.width + box.gapX) - box.gapX;
  const height = box.top + Math.max(...inColumn) * (box.height + box.gapY);
  const drawn = reduced(nodes);
  const edges = nodes.flatMap((node) =>
    (drawn.get(node.key) ?? []).map((key) => ({ from: place.get(key), to: place.get(node.key), key: `${key} ${node.key}` })),
  );
  return (
    <div class="graph" tabIndex={0} role="region" aria-label="Order of apply">
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label={`${units.length} units in ${columns} steps`}
      >
        {Array.from({ length: columns }, (_, step) => (
          <text class="st" x={box.left + step * (box.width + box.gapX)} y="16">
            {step === 0 ? 'first' : `then ${step + 1}`}
          </text>
        ))}
        {edges.map(({ from, to }) => {
          if (from === undefined || to === undefined) return null;
          const [x1, y1, x2, y2] = [from.x + box.width, from.y + box.height / 2, to.x, to.y + box.height / 2];
          const bend = Math.max(24, (x2 - x1) / 2);
          return <path class="ed" d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} />;
        })}
        {nodes.map((node) => {
          const at = place.get(node.key) ?? { x: 0, y: 0 };
          const shape = (
            <>
              <title>{visible(node.tooltip)}</title>
              <rect class={`nd t-${node.tone}`} x={at.x} y={at.y} width={box.width} height={box.height} rx="7" />
              <rect class={`br t-${node.tone}`} x={at.x} y={at.y} width="5" height={box.height} rx="2" />
              <text class="tl" x={at.x + 16} y={at.y + 20}>
                {visible(short(node.title))}
              </text>
              <text class="sb" x={at.x + 16} y={at.y + 36}>
                {visible(short(node.subtitle, 34))}
              </text>
            </>
          );
          return node.link === undefined ? <g>{shape}</g> : <a href={`#${node.link}`}>{shape}</a>;
        })}
      </svg>
    </div>
  );
}
