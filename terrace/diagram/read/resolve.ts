import type { UnitModel } from '../../model/model';
import { isObject, stringsOf, type Configuration, type Json } from './configuration';
import { traversalsOf, type Traversal } from './expressions';

/** A resource that an expression leads to, and the outputs of other units it was read from on the way. */
export interface Resolved {
  /** `<unit path>#<address>`. */
  readonly id: string;
  readonly outputs: readonly string[];
}

interface Source {
  readonly unit: UnitModel;
  readonly configuration: Configuration;
}

/**
 * Gives a function that follows the expressions of a string in a unit to the managed resources behind them, through locals, data
 * sources and the outputs of other units' states. An index or key that the output's literal value has narrows what is followed.
 */
export function resolver(units: readonly Source[]): (unit: string, text: string, whole?: boolean) => readonly Resolved[] {
  const sources = new Map(units.map((source) => [source.unit.path, source]));
  const byState = new Map(units.map(({ unit }) => [stateOf(unit.backend.bucket, unit.backend.key), unit.path]));
  const memory = new Map<string, readonly Resolved[]>();

  function value(source: Source, json: Json, busy: ReadonlySet<string>): readonly Resolved[] {
    return stringsOf(json).flatMap(({ text }) => expression(source, text, false, busy));
  }

  function expression(source: Source, text: string, whole: boolean, busy: ReadonlySet<string>): readonly Resolved[] {
    return traversalsOf(text, whole).flatMap((traversal) => follow(source, traversal, busy));
  }

  function follow(source: Source, traversal: Traversal, busy: ReadonlySet<string>): readonly Resolved[] {
    const { root, steps } = traversal;
    const place = `${source.unit.path}#${root}.${steps.join('.')}`;
    const remembered = memory.get(place);
    if (remembered !== undefined) return remembered;
    if (busy.has(place)) return [];
    const deeper = new Set([...busy, place]);
    const [first = '', second = ''] = steps;
    let found: readonly Resolved[] = [];
    if (root === 'local') found = value(source, pick(source.configuration.locals.get(first) ?? null, steps.slice(1)), deeper);
    else if (root === 'data' && first === 'terraform_remote_state') found = remote(source, second, steps.slice(2), deeper);
    else if (root === 'data') found = value(source, source.configuration.blocks.get(`data.${first}.${second}`)?.body ?? null, deeper);
    else if (source.configuration.blocks.has(`${root}.${first}`)) found = [{ id: `${source.unit.path}#${root}.${first}`, outputs: [] }];
    const distinct = unique(found);
    if (busy.size === 0) memory.set(place, distinct);
    return distinct;
  }

  function remote(source: Source, name: string, steps: readonly string[], busy: ReadonlySet<string>): readonly Resolved[] {
    const [outputs, output = '', ...rest] = steps;
    const path = source.unit.dependencies.find((one) => one.remoteState === name)?.unit ?? readState(source, name);
    const other = sources.get(path);
    if (outputs !== 'outputs' || other === undefined) return [];
    const behind = value(other, pick(other.configuration.outputs.get(output) ?? null, rest), busy);
    return behind.map(({ id, outputs: passed }) => ({ id, outputs: [`${path}#${output}`, ...passed] }));
  }

  function readState(source: Source, name: string): string {
    const config = source.configuration.blocks.get(`data.terraform_remote_state.${name}`)?.body['config'];
    if (!isObject(config)) return '';
    return byState.get(stateOf(String(config['bucket']), String(config['key']))) ?? '';
  }

  return (unit, text, whole = false) => {
    const source = sources.get(unit);
    return source === undefined || (!whole && !text.includes('{')) ? [] : unique(expression(source, text, whole, new Set()));
  };
}

/** Follows keys and positions as far as the value is literal. */
function pick(value: Json, steps: readonly string[]): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    const item: Json | undefined = value[Number(step)];
    return item === undefined ? value : pick(item, rest);
  }
  if (isObject(value)) {
    const item = value[step];
    return item === undefined ? value : pick(item, rest);
  }
  return value;
}

function stateOf(bucket: string, key: string): string {
  return `${bucket} ${key}`;
}

function unique(found: readonly Resolved[]): readonly Resolved[] {
  const ids = new Map<string, Set<string>>();
  for (const { id, outputs } of found) ids.set(id, new Set([...(ids.get(id) ?? []), ...outputs]));
  return [...ids].map(([id, outputs]) => ({ id, outputs: [...outputs] }));
}
