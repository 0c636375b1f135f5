import { createHash } from 'node:crypto';

import { alikeRegions } from '../describe/alike';
import { displayName, detailOf } from '../describe/details';
import { count } from '../describe/frames';
import { kindOf, kindOfLayer, providerOf } from '../describe/kinds';
import { trafficOf, trafficText, type Traffic } from '../describe/traffic';
import { mainProvider, kindOfUnit } from '../describe/unit-kind';
import type { Json, JsonObject } from '../read/configuration';
import type { Infrastructure, ResourceNode, UnitNode } from '../read/graph';
import type { Overlay, OverlayName, PageArrow, PageData, PageNode } from './page-data';
import { firstRounds } from './rounds';

/** What a page is made from besides the graph. */
export interface PageRequest {
  /** Paths of the units on the page. */
  readonly selected: ReadonlySet<string>;
  readonly start: PageData['start'];
  readonly overlays: Readonly<Partial<Record<OverlayName, Overlay>>>;
  /** Where the source makes a unit, or a resource of it; nowhere where that is not known. */
  placeOf(unit: string, address?: string): string | undefined;
}

/** Characters of an attribute's value beyond which the page holds its beginning and a digest of the whole. */
const longest = 1_500;
/** Behind a region's path: the box of whoever calls it from outside. */
const internetName = '(internet)';
/** Blocks of a resource that say how terraform treats it, not what it is. */
const meta = new Set(['//', 'provider']);

/** Everything that a page shows of some units, as plain data: the same graph gives the same bytes. */
export function pageData(graph: Infrastructure, request: PageRequest): PageData {
  const units = graph.units.filter(({ unit }) => request.selected.has(unit.path));
  const nodes: PageNode[] = [];
  const places = new Map<string, number>();
  const put = (node: Omit<PageNode, 'parent'>, parent: string | undefined): void => {
    if (places.has(node.id)) return;
    places.set(node.id, nodes.length);
    nodes.push({ ...node, parent: parent === undefined ? -1 : (places.get(parent) ?? -1) });
  };
  const byUnit = new Map<string, ResourceNode[]>();
  for (const resource of graph.resources) byUnit.set(resource.unit.path, [...(byUnit.get(resource.unit.path) ?? []), resource]);
  const rounds = firstRounds(graph.model.units);
  for (const { unit, planned } of units) {
    const [system, environment, region, layer] = foldersOf(unit.path);
    const below = (folder: string): readonly UnitNode[] => units.filter((one) => `${one.unit.path}/`.startsWith(`${folder}/`));
    const words = (folder: string): string => count(below(folder).length, 'unit');
    const mark = planned ? { planned: true as const } : {};
    if (!places.has(system)) put({ id: system, depth: 'system', title: unit.system, subtitle: words(system), kind: 'layer' }, undefined);
    if (!places.has(environment))
      put(
        {
          id: environment,
          depth: 'environment',
          title: unit.environment,
          subtitle: accountOf(graph, unit.system, unit.environment),
          kind: 'layer',
          ...mark,
        },
        system,
      );
    if (!places.has(region))
      put({ id: region, depth: 'region', title: unit.region, subtitle: words(region), kind: 'network', ...mark }, environment);
    if (!places.has(layer))
      put({ id: layer, depth: 'layer', title: unit.layer, subtitle: words(layer), kind: kindOfLayer(unit.layer), ...mark }, region);
    const resources = byUnit.get(unit.path) ?? [];
    const types = resources.map(({ block }) => block.type);
    const provider = mainProvider(types);
    const place = request.placeOf(unit.path);
    const tags = Object.entries(graph.model.tags?.[unit.path] ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort();
    put(
      {
        id: unit.path,
        depth: 'unit',
        title: unit.name,
        subtitle: count(types.length, 'resource'),
        kind: kindOfUnit(unit.layer, unit.name, types),
        wave: unit.wave,
        round: rounds.get(unit.path) ?? 1,
        outputs: unit.outputs.map(({ name, type, sensitive }) => [name, sensitive ? `${type}, sensitive` : type]),
        ...(tags.length === 0 ? {} : { tags }),
        ...(provider === undefined ? {} : { provider }),
        ...(place === undefined ? {} : { place }),
        ...mark,
      },
      layer,
    );
    for (const resource of resources) put(resourceNode(resource, request), unit.path);
  }
  const traffic = trafficOf(graph);
  for (const { from } of traffic) {
    const region = from.startsWith('internet ') ? from.slice('internet '.length) : undefined;
    if (region !== undefined && places.has(region))
      put({ id: `${region}/${internetName}`, depth: 'layer', title: 'Internet', subtitle: 'anybody', kind: 'outside' }, region);
  }
  return {
    version: 1,
    title: titleOf(units),
    nodes,
    arrows: arrowsOf(graph, places, traffic),
    overlays: request.overlays,
    alike: alikeRegions(units).map(({ drawn, others }) => [drawn, ...others]),
    start: request.start,
  };
}

function resourceNode(resource: ResourceNode, request: PageRequest): Omit<PageNode, 'parent'> {
  const { type, address, body } = resource.block;
  const place = request.placeOf(resource.unit.path, address);
  const detail = detailOf(resource);
  return {
    id: resource.id,
    depth: 'resource',
    title: displayName(resource),
    subtitle: detail === undefined ? type : `${type} · ${detail}`,
    kind: kindOf(type),
    provider: providerOf(type),
    facts: factsOf(body),
    ...(place === undefined ? {} : { place }),
    ...(resource.planned ? { planned: true as const } : {}),
  };
}

function factsOf(body: JsonObject): readonly (readonly [string, string])[] {
  return Object.entries(body)
    .filter(([name]) => !meta.has(name))
    .map(([name, value]) => [name, shortened(textOf(value))]);
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, (key, one: unknown) => (key === '//' ? undefined : one));
}

function shortened(text: string): string {
  if (text.length <= longest) return text;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return `${text.slice(0, longest)}… (${text.length} characters, sha256 ${digest})`;
}

/** References between resources, dependencies of units that no reference says, and traffic. What an end of is not on the page is left out. */
function arrowsOf(graph: Infrastructure, places: ReadonlyMap<string, number>, traffic: readonly Traffic[]): readonly PageArrow[] {
  const arrows: PageArrow[] = [];
  const said = new Set<string>();
  const add = (from: string, to: string, kind: PageArrow['kind'], text: string): void => {
    const caller = from.startsWith('internet ') ? `${from.slice('internet '.length)}/${internetName}` : from;
    const [start, end] = [places.get(caller), places.get(to)];
    if (start !== undefined && end !== undefined) arrows.push({ from: start, to: end, kind, text });
  };
  for (const { from, to, kind, attributes, outputs } of graph.references) {
    const way =
      outputs.length > 0
        ? `through ${outputs.map((one) => one.split('#')[1]).join(', ')}`
        : attributes.length > 0
          ? `in ${attributes.join(', ')}`
          : 'by order';
    add(to, from, kind, `${nameOf(from)} uses ${nameOf(to)} ${way}`);
    said.add(`${unitOf(to)} ${unitOf(from)}`);
  }
  for (const { unit } of graph.units) {
    for (const { unit: needed, outputs } of unit.dependencies) {
      if (said.has(`${needed} ${unit.path}`)) continue;
      const words = outputs.length === 0 ? 'is applied before' : `gives ${outputs.join(', ')} to`;
      add(needed, unit.path, outputs.length === 0 ? 'order' : 'state', `${needed} ${words} ${unit.path}`);
    }
  }
  for (const one of traffic) add(one.from, one.to, 'traffic', `${nameOf(one.from)} calls ${nameOf(one.to)}: ${trafficText(one)}`);
  return arrows;
}

function unitOf(id: string): string {
  return id.slice(0, id.indexOf('#'));
}

function nameOf(id: string): string {
  return id.startsWith('internet ') ? 'the internet' : id.slice(id.indexOf('#') + 1).replace(/_[0-9A-F]{8}$/, '');
}

function foldersOf(path: string): readonly [string, string, string, string] {
  const parts = path.split('/');
  const upTo = (length: number): string => parts.slice(0, length).join('/');
  return [upTo(1), upTo(2), upTo(3), upTo(4)];
}

function accountOf(graph: Infrastructure, system: string, environment: string): string {
  const found = graph.model.systems.find(({ name }) => name === system)?.environments.find(({ name }) => name === environment);
  return found === undefined ? 'environment' : `account ${found.stateAccount}`;
}

function titleOf(units: readonly UnitNode[]): string {
  const systems = [...new Set(units.map(({ unit }) => unit.system))];
  return systems.length === 1 ? (systems[0] ?? '') : `${systems.length} systems`;
}
