import type { Diagram } from './diagram';
import { folded } from './fold';
import type { Infrastructure } from '../read/graph';
import { boxesOfResources, resourceDiagram } from './resource-level';
import { systemDiagram } from './system-level';
import { withTraffic } from './traffic-view';
import { unitDiagram, type View } from './unit-level';

/** How much a box stands for: a layer, a unit, a resource with its parts. */
export const levels = ['system', 'unit', 'resource'] as const;
export type Level = (typeof levels)[number];

/** What arrows say: what is needed by what, or who calls whom. */
export type EdgeChoice = 'needs' | 'traffic';

const painters: Readonly<Record<Level, (graph: Infrastructure, view: View) => Diagram>> = {
  system: systemDiagram,
  unit: unitDiagram,
  resource: resourceDiagram,
};

export interface DrawView extends View {
  /** Draw every region, also those that are alike. @default false */
  readonly whole?: boolean;
  /** @default needs */
  readonly edges?: EdgeChoice;
}

/** The diagram of some units at a level, whatever its size. */
export function draw(graph: Infrastructure, level: Level, view: DrawView): Diagram {
  const painted = view.edges === 'traffic' ? trafficDiagram(graph, level, view) : painters[level](graph, view);
  return view.whole === true || view.everyEdge === true ? painted : withoutRepetition(graph, level, view, painted);
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
