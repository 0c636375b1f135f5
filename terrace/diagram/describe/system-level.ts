import type { Diagram, DiagramEdge, DiagramNode } from './diagram';
import { count, framesOf, plannedFrames } from './frames';
import { by } from '../read/infrastructure';
import type { Infrastructure } from '../read/graph';
import { kindOfLayer } from './kinds';
import { reduced } from './reduction';
import { mainProvider } from './unit-kind';
import { titleOf, type View } from './unit-level';

/** One box for each layer of each region, with the number of its units and resources; arrows sum up those between units. */
export function systemDiagram(graph: Infrastructure, view: View): Diagram {
  const units = graph.units.filter(({ unit }) => view.selected.has(unit.path));
  const layers = new Map<string, { units: string[]; planned: boolean }>();
  for (const { unit, planned } of units) {
    const layer = layers.get(layerOf(unit.path)) ?? { units: [], planned };
    layer.units.push(unit.name);
    layers.set(layerOf(unit.path), layer);
  }
  const nodes = [...layers].map(([id, { units: names, planned }]): DiagramNode => {
    const types = graph.resources.filter((resource) => layerOf(resource.unit.path) === id).map((resource) => resource.block.type);
    const provider = mainProvider(types);
    const layer = id.split('/').at(-1) ?? id;
    return {
      id,
      title: layer,
      subtitle: `${count(names.length, 'unit')} · ${count(types.length, 'resource')}`,
      kind: kindOfLayer(layer),
      parent: id.split('/').slice(0, -1).join('/'),
      tooltip: `${id}: ${names.join(', ')}`,
      ...(provider === undefined ? {} : { provider }),
      ...(planned ? { planned } : {}),
    };
  });
  const pairs = new Map<string, DiagramEdge>();
  for (const { unit } of units) {
    for (const { unit: needed } of unit.dependencies) {
      const [from, to] = [layerOf(needed), layerOf(unit.path)];
      if (from !== to && view.selected.has(needed) && environmentOf(from) === environmentOf(to))
        pairs.set(`${from}\n${to}`, { from, to, kind: 'state', tooltip: `${from} → ${to}` });
    }
  }
  const planned = plannedFrames(graph, units);
  const edges = [...pairs.values()].sort(by((edge) => `${edge.from}\n${edge.to}`));
  return {
    title: titleOf(units),
    description: `${count(units.length, 'unit')} in ${count(layers.size, 'layer')}; an arrow leads from a layer to one that reads its outputs.`,
    direction: 'auto',
    clusters: [...framesOf(graph, units, 'region'), ...planned.clusters],
    nodes: [...nodes, ...planned.nodes],
    edges: view.everyEdge === true ? edges : reduced(edges),
  };
}

function layerOf(path: string): string {
  return path.split('/').slice(0, 4).join('/');
}

function environmentOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}
