import { condensed } from './condense';
import { literalOf, detailOf, displayName } from './details';
import type { Diagram, DiagramCluster, DiagramEdge, DiagramNode, DiagramRow } from './diagram';
import { count, framesOf } from './frames';
import { outsidePlace, withOutside } from './outside';
import { by } from '../read/infrastructure';
import type { Infrastructure, ResourceNode } from '../read/graph';
import { kindOf, providerOf } from './kinds';
import { placementsOf } from './placement';
import { Places } from './places';
import { reduced } from './reduction';
import { ownersOf } from './owned-parts';
import { titleOf, type View } from './unit-level';
import { Zones } from './zones';

/** Above this many parts of one type, a box names the type and their number; each address is in the tooltip. */
const mostRows = 8;

/** One box for each resource with its parts as lines, inside networks and subnets where it lies in one; arrows are references. */
export function resourceDiagram(graph: Infrastructure, view: View): Diagram {
  const units = graph.units.filter(({ unit }) => view.selected.has(unit.path));
  const resources = graph.resources.filter(({ unit }) => view.selected.has(unit.path));
  const byId = new Map(graph.resources.map((resource) => [resource.id, resource]));
  // A part whose owner is not drawn stands for itself.
  const owners = new Map([...ownersOf(graph)].filter(([, owner]) => view.selected.has(byId.get(owner)?.unit.path ?? '')));
  const placements = placementsOf(graph);
  const zones = new Zones(resources, graph.references, placements);
  const places = new Places(resources, placements, zones);
  const cards = resources.filter((resource) => !owners.has(resource.id) && !places.isDrawnAsCluster(resource.id));
  const parts = new Map<string, ResourceNode[]>();
  for (const resource of resources) {
    const owner = owners.get(resource.id);
    if (owner !== undefined) parts.set(owner, [...(parts.get(owner) ?? []), resource]);
  }
  // Subnets first, so that columns have them side by side.
  const ordered = [...cards.filter(({ id }) => zones.hasSubnet(id)), ...cards.filter(({ id }) => !zones.hasSubnet(id))];
  const nodes = ordered.map((resource) => resourceCard(resource, parts.get(resource.id) ?? [], places.parentOf(resource.id)));
  const outside = new Map<string, DiagramNode>();
  const beside: DiagramCluster[] = [];
  const edges = new Map<string, DiagramEdge>();
  const lines = new Map<string, DiagramRow[]>();
  const isPlumbing = (id: string): boolean =>
    zones.columnOf(id) !== undefined && (zones.hasSubnet(id) || byId.get(id)?.block.type === 'aws_nat_gateway');
  const nameOf = (id: string): string => {
    const resource = byId.get(id);
    return resource === undefined ? id : displayName(resource);
  };
  for (const { from, to, kind, attributes, outputs } of graph.references) {
    const user = byId.get(from);
    const used = byId.get(to);
    if (user === undefined || used === undefined || !view.selected.has(user.unit.path)) continue;
    const target = places.drawnAs(owners.get(from) ?? from);
    let source = places.drawnAs(owners.get(to) ?? to);
    if (!view.selected.has(used.unit.path) || !isSameEnvironment(user, used)) {
      source = `${used.unit.path} beside ${environmentOf(user)}`;
      outside.set(source, outsideUnit(used, user, source));
      beside.push(outsidePlace(used.unit.path, user.unit.path).frame);
    }
    if (source === target || places.holds(source, target) || places.holds(target, source)) continue;
    const words =
      outputs.length > 0
        ? `through ${outputs.map((output) => output.split('#')[1]).join(', ')}`
        : attributes.length > 0
          ? `in ${attributes.join(', ')}`
          : 'by order';
    const tooltip = `${user.block.address} uses ${used.block.address} ${words}`;
    // What every zone has, its subnets and ways out, is said in boxes: as arrows it would be a weave.
    if (view.everyEdge !== true && (isPlumbing(source) || isPlumbing(target))) {
      const [box, text] = zones.hasSubnet(source) ? [source, nameOf(target)] : [target, `uses ${nameOf(source)}`];
      const own = lines.get(box) ?? [];
      if (!own.some((row) => row.text === text)) lines.set(box, [...own, { text, tooltip }]);
      continue;
    }
    const known = edges.get(`${source}\n${target}`);
    if (known === undefined || rank(kind) < rank(known.kind))
      edges.set(`${source}\n${target}`, {
        from: source,
        to: target,
        kind,
        tooltip,
      });
  }
  const sorted = [...edges.values()].sort(by((edge) => `${edge.from}\n${edge.to}`));
  const drawn = view.everyEdge === true ? sorted : reduced(sorted);
  const diagram: Diagram = {
    title: titleOf(units),
    description: `${count(resources.length, 'resource')} in ${count(units.length, 'unit')}; an arrow leads from a resource to one that uses it; boxes are inside the networks that they are attached to.`,
    // Columns with arrows stand side by side only where arrows lead down.
    direction: zones.clusters().length > 0 ? 'down' : 'auto',
    clusters: [...withOutside(framesOf(graph, units, 'layer'), beside), ...places.clusters()],
    nodes: [...[...outside.values()].sort(by((node) => node.id)), ...nodes.map((node) => withLines(node, lines.get(node.id) ?? []))],
    edges: drawn,
    ...(drawn.length === sorted.length
      ? {}
      : {
          notes: [
            `${count(sorted.length - drawn.length, 'arrow')} left out because other arrows already imply them; --every-edge draws them.`,
          ],
        }),
  };
  return view.everyEdge === true ? diagram : condensed(diagram);
}

/** Which box or cluster stands for a resource in the picture of some units: its owner's, its tier's, its own. */
export function boxesOfResources(graph: Infrastructure, view: View): (id: string) => string {
  const resources = graph.resources.filter(({ unit }) => view.selected.has(unit.path));
  const drawn = new Set(resources.map(({ id }) => id));
  const owners = new Map([...ownersOf(graph)].filter(([, owner]) => drawn.has(owner)));
  const placements = placementsOf(graph);
  const places = new Places(resources, placements, new Zones(resources, graph.references, placements));
  return (id) => places.drawnAs(owners.get(id) ?? id);
}

function withLines(node: DiagramNode, lines: readonly DiagramRow[]): DiagramNode {
  return lines.length === 0 ? node : { ...node, rows: [...(node.rows ?? []), ...lines] };
}

function rank(kind: DiagramEdge['kind']): number {
  return ['reference', 'state', 'order', 'flow'].indexOf(kind);
}

function environmentOf({ unit }: ResourceNode): string {
  return `${unit.system}/${unit.environment}`;
}

function isSameEnvironment(one: ResourceNode, other: ResourceNode): boolean {
  return environmentOf(one) === environmentOf(other);
}

function outsideUnit(used: ResourceNode, user: ResourceNode, id: string): DiagramNode {
  const { title, frame } = outsidePlace(used.unit.path, user.unit.path);
  return {
    id,
    title,
    kind: 'unit',
    provider: providerOf(used.block.type),
    parent: frame.id,
    external: true,
    tooltip: used.unit.path,
  };
}

function resourceCard(resource: ResourceNode, parts: readonly ResourceNode[], parent: string): DiagramNode {
  const { type, address } = resource.block;
  const detail = detailOf(resource) ?? parts.map(addressOf).find((text) => text !== undefined);
  return {
    id: resource.id,
    title: displayName(resource),
    subtitle: type,
    kind: kindOf(type),
    provider: providerOf(type),
    parent,
    tooltip: `${address} in ${resource.unit.path}`,
    ...(detail === undefined ? {} : { detail }),
    ...(parts.length === 0 ? {} : { rows: rowsOf(parts) }),
    ...(resource.planned ? { planned: true } : {}),
  };
}

/** The address that a membership gives its owner. */
function addressOf({ block }: ResourceNode): string | undefined {
  return literalOf(block.body, 'ip');
}

function rowsOf(parts: readonly ResourceNode[]): readonly DiagramRow[] {
  const types = new Map<string, ResourceNode[]>();
  for (const part of parts) types.set(part.block.type, [...(types.get(part.block.type) ?? []), part]);
  return [...types].flatMap(([type, resources]) => {
    const bare = type.slice(type.indexOf('_') + 1);
    const addresses = resources.map(({ block }) => block.address).join('\n');
    if (resources.length > mostRows) return [{ text: `${bare} × ${resources.length}`, tooltip: addresses }];
    return resources.map((resource) => ({ text: `${bare}.${displayName(resource)}`, tooltip: resource.block.address }));
  });
}
