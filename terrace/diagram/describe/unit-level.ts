import type { Diagram, DiagramCluster, DiagramEdge, DiagramNode } from './diagram';
import { count, framesOf, plannedFrames, shortPath } from './frames';
import { by } from '../read/infrastructure';
import type { Infrastructure, UnitNode } from '../read/graph';
import { outsidePlace, withOutside } from './outside';
import { reduced } from './reduction';
import { kindOfUnit, mainProvider } from './unit-kind';

/** What of the graph is drawn. */
export interface View {
  /** Paths of the units to draw; what they refer to outside stands beside them as a dashed box. */
  readonly selected: ReadonlySet<string>;
  /** Draw arrows that a way over other arrows already says. @default false */
  readonly everyEdge?: boolean;
}

/** One box for each unit, arrows from a unit to those that read its outputs. */
export function unitDiagram(graph: Infrastructure, view: View): Diagram {
  const units = graph.units.filter(({ unit }) => view.selected.has(unit.path));
  const outside: DiagramNode[] = [];
  const beside: DiagramCluster[] = [];
  const arrows: DiagramEdge[] = [];
  for (const { unit } of units) {
    for (const { unit: needed, outputs } of unit.dependencies) {
      const here = view.selected.has(needed) && isSameEnvironment(needed, unit.path);
      const from = here ? needed : outsideId(needed, unit.path);
      if (!here && !outside.some((node) => node.id === from)) {
        outside.push(outsideNode(graph, needed, unit.path));
        beside.push(outsidePlace(needed, unit.path).frame);
      }
      const words = outputs.length === 0 ? 'is applied before' : `gives ${outputs.join(', ')} to`;
      arrows.push({
        from,
        to: unit.path,
        kind: outputs.length === 0 ? 'order' : 'state',
        tooltip: `${shortPath(needed)} ${words} ${shortPath(unit.path)}`,
      });
    }
  }
  const planned = plannedFrames(graph, units);
  const edges = arrows.sort(by((edge) => `${edge.from}\n${edge.to}`));
  const drawn = view.everyEdge === true ? edges : reduced(edges);
  return {
    title: titleOf(units),
    description: `${count(units.length, 'unit')} with their dependencies; an arrow leads from a unit to one that reads its outputs.`,
    direction: 'auto',
    clusters: [...withOutside(framesOf(graph, units, 'layer'), beside), ...planned.clusters],
    nodes: [...outside.sort(by((node) => node.id)), ...units.map(unitNode(graph)), ...planned.nodes],
    edges: drawn,
    ...(drawn.length === edges.length
      ? {}
      : {
          notes: [
            `${count(edges.length - drawn.length, 'arrow')} left out because other arrows already imply them; --every-edge draws them.`,
          ],
        }),
  };
}

/** The title of a picture: the folder that holds all of its units. */
export function titleOf(units: readonly UnitNode[]): string {
  const [first, ...rest] = units.map(({ unit }) => unit.path.split('/'));
  if (first === undefined) return 'Infrastructure';
  const common = first.filter((_, index) => rest.every((path) => first.slice(0, index + 1).every((segment, at) => path[at] === segment)));
  return common.length === 0 ? 'All systems' : common.join(' / ');
}

function isSameEnvironment(one: string, other: string): boolean {
  return environmentOf(one) === environmentOf(other);
}

function environmentOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** A unit of another environment is drawn once in each environment that reads it, so that no arrow leaves an environment. */
function outsideId(path: string, reader: string): string {
  return `${path} beside ${environmentOf(reader)}`;
}

function outsideNode(graph: Infrastructure, path: string, reader: string): DiagramNode {
  const node = graph.units.find(({ unit }) => unit.path === path);
  const known = node === undefined ? undefined : unitNode(graph)(node);
  const { title, frame } = outsidePlace(path, reader);
  return {
    id: outsideId(path, reader),
    title,
    kind: known?.kind ?? 'unit',
    ...(known?.provider === undefined ? {} : { provider: known.provider }),
    parent: frame.id,
    external: true,
    tooltip: path,
  };
}

function unitNode(graph: Infrastructure): ({ unit, planned }: UnitNode) => DiagramNode {
  return ({ unit, planned }) => {
    const types = graph.resources.filter((resource) => resource.unit.path === unit.path).map((resource) => resource.block.type);
    const provider = mainProvider(types);
    return {
      id: unit.path,
      title: unit.name,
      subtitle: count(types.length, 'resource'),
      kind: kindOfUnit(unit.layer, unit.name, types),
      parent: unit.path.split('/').slice(0, -1).join('/'),
      tooltip: `${unit.path}, wave ${unit.wave}`,
      ...(provider === undefined ? {} : { provider }),
      ...(planned ? { planned } : {}),
    };
  };
}
