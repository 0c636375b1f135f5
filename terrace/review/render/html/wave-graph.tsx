import type { ReviewedUnit } from '../../model/review';
import { countsText } from '../words';
import { visible } from '../value-text';

import { columnAt, layoutWaves, waveBox } from './wave-layout';

/** Above this many units a node stands for all units of a region in a step. */
const mostNodes = 36;

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

/** Units in the order of apply, one column a step; those that wait for a later round are dashed. */
export function WaveGraph({ units, links }: { readonly units: readonly ReviewedUnit[]; readonly links: ReadonlyMap<string, string> }) {
  const nodes = nodesOf(units, links);
  if (nodes.length < 2) return null;
  const { places, lines, columns, width, height } = layoutWaves(nodes);
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
          <text class="st" x={columnAt(step)} y="16">
            {step === 0 ? 'first' : `then ${step + 1}`}
          </text>
        ))}
        {lines.map((line) => (
          <path class="ed" d={line} />
        ))}
        {nodes.map((node) => {
          const at = places.get(node.key) ?? { x: 0, y: 0 };
          const shape = (
            <>
              <title>{visible(node.tooltip)}</title>
              <rect class={`nd t-${node.tone}`} x={at.x} y={at.y} width={waveBox.width} height={waveBox.height} rx="7" />
              <rect class={`br t-${node.tone}`} x={at.x} y={at.y} width="5" height={waveBox.height} rx="2" />
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
