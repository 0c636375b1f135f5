import type { Model } from '../../model/model';
import { readConfiguration, stringsOf, type JsonObject } from './configuration';
import type { Infrastructure, Reference, ResourceNode } from './graph';
import { resolver, type Resolved } from './resolve';
import { selectedByLabel } from './selectors';

/** The id of a resource in the graph. */
export function resourceId(unit: string, address: string): string {
  return `${unit}#${address}`;
}

/**
 * Builds the graph from a model and the parsed `main.tf.json` of its units. Data sources and locals are followed, not drawn; a
 * `terraform_remote_state` output is followed to the resources behind the other unit's output. A reference to a unit that is not in
 * the model is left out; the model's own dependencies still name it.
 */
export function infrastructureOf(model: Model, json: ReadonlyMap<string, JsonObject>): Infrastructure {
  const planned = new Set(
    model.systems.flatMap((system) => system.environments.filter((one) => one.planned === true).map((one) => `${system.name}/${one.name}`)),
  );
  const units = [...model.units].sort(by((unit) => unit.path)).map((unit) => ({
    unit,
    configuration: readConfiguration(json.get(unit.path) ?? {}),
    planned: planned.has(`${unit.system}/${unit.environment}`),
  }));
  const resources = units.flatMap((node) =>
    [...node.configuration.blocks.values()]
      .filter((block) => block.mode === 'resource')
      .map((block) => ({ id: resourceId(node.unit.path, block.address), unit: node.unit, block, planned: node.planned })),
  );
  const resolve = resolver(units);
  const found = resources.flatMap((resource) => referencesOf(resource, resolve));
  const known = new Set(found.map(({ from, to }) => `${from}\n${to}`));
  const references = [...found, ...selectedByLabel(resources).filter(({ from, to }) => !known.has(`${from}\n${to}`))];
  return {
    model,
    units,
    resources: resources.sort(by((one) => one.id)),
    references: references.sort(by((one) => `${one.from}\n${one.to}`)),
  };
}

type Resolve = (unit: string, text: string, whole: boolean) => readonly Resolved[];

function referencesOf(resource: ResourceNode, resolve: Resolve): Reference[] {
  const found = new Map<string, { kind: Reference['kind']; attributes: Set<string>; outputs: Set<string> }>();
  for (const { way, text } of stringsOf(resource.block.body)) {
    const order = way === 'depends_on';
    if (way === 'lifecycle.ignore_changes' || way === 'provider') continue;
    for (const { id, outputs } of resolve(resource.unit.path, text, order || way === 'lifecycle.replace_triggered_by')) {
      if (id === resource.id) continue;
      const known = found.get(id) ?? { kind: 'order', attributes: new Set(), outputs: new Set() };
      if (!order) known.kind = outputs.length > 0 && known.kind !== 'reference' ? 'state' : 'reference';
      if (!order) known.attributes.add(way);
      for (const output of outputs) known.outputs.add(output);
      found.set(id, known);
    }
  }
  return [...found].map(([to, { kind, attributes, outputs }]) => ({
    from: resource.id,
    to,
    kind,
    attributes: [...attributes].sort(),
    outputs: [...outputs].sort(),
  }));
}

/** Orders by a key, code point by code point, so that no locale changes a picture. */
export function by<T>(key: (item: T) => string): (left: T, right: T) => number {
  return (left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0);
}
