import type { Diagram } from './diagram';
import { folded } from './fold';
import { count } from './frames';
import type { Infrastructure } from '../read/graph';
import { boxesOfResources, resourceDiagram } from './resource-level';
import { systemDiagram } from './system-level';
import { withTraffic } from './traffic-view';
import { unitDiagram, type View } from './unit-level';

/** How much a box stands for: a layer, a unit, a resource with its parts. */
export const levels = ['system', 'unit', 'resource'] as const;
export type Level = (typeof levels)[number];

/** Boxes beyond which a picture cannot be read at the width of a page any more. */
const mostBoxes: Readonly<Record<Level, number>> = { system: Infinity, unit: 120, resource: 60 };

/** What arrows say: what is needed by what, or who calls whom. */
export type EdgeChoice = 'needs' | 'traffic';

const painters: Readonly<Record<Level, (graph: Infrastructure, view: View) => Diagram>> = {
  system: systemDiagram,
  unit: unitDiagram,
  resource: resourceDiagram,
};

/**
 * The diagram of some units at a level. What would be too large to read is drawn at the next coarser level instead, with a note that says
 * so, unless the whole is asked for.
 */
export function draw(
  graph: Infrastructure,
  level: Level,
  view: View & {
    readonly whole?: boolean;
    /** @default needs */
    readonly edges?: EdgeChoice;
  },
): Diagram {
  const painted = view.edges === 'traffic' ? trafficDiagram(graph, level, view) : painters[level](graph, view);
  const diagram = view.whole === true || view.everyEdge === true ? painted : withoutRepetition(graph, level, view, painted);
  const coarser = levels[levels.indexOf(level) - 1];
  if (view.whole === true || coarser === undefined || diagram.nodes.length <= mostBoxes[level]) return diagram;
  const grouped = draw(graph, coarser, view);
  const note = `At the level ${level} this would be ${count(diagram.nodes.length, 'box').replace(/boxs$/, 'boxes')}: drawn at the level ${coarser}. Select fewer units, or draw it with --whole.`;
  return { ...grouped, notes: [note, ...(grouped.notes ?? [])] };
}

function trafficDiagram(graph: Infrastructure, level: Level, view: View): Diagram {
  const resources = new Map(graph.resources.map((resource) => [resource.id, resource.unit.path]));
  const boxOf = level === 'resource' ? boxesOfResources(graph, view) : undefined;
  const drawnAs = (id: string): string | undefined => {
    const unit = resources.get(id);
    if (unit === undefined || !view.selected.has(unit)) return undefined;
    return boxOf?.(id) ?? (level === 'unit' ? unit : unit.split('/').slice(0, 4).join('/'));
  };
  return withTraffic(graph, painters[level](graph, { ...view, everyEdge: true }), drawnAs, level !== 'resource' || view.everyEdge === true);
}

/** Regions that are made alike, drawn once. Resources have values of their own in each and are never folded. */
function withoutRepetition(graph: Infrastructure, level: Level, { selected }: View, diagram: Diagram): Diagram {
  if (level === 'resource') return diagram;
  const units = graph.units.filter(({ unit }) => selected.has(unit.path));
  const resources = new Map<string, number>();
  for (const { unit } of graph.resources) {
    const box = level === 'unit' ? unit.path : unit.path.split('/').slice(0, 4).join('/');
    if (selected.has(unit.path)) resources.set(box, (resources.get(box) ?? 0) + 1);
  }
  return folded(diagram, units, resources);
}
