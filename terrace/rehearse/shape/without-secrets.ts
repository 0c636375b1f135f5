import { isObject } from '../../base/json';
import { asObject, JsonNumber, type JsonObject, type LosslessJson } from '../../state/lossless-json';
import { isBelow, type Marks, type Step } from './leaves';
import type { Replacing } from './replacing';
import type { SourceTexts } from './secrets-of';
import type { StandIn } from './stand-in';

/** The value with stand-ins: what the source says openly stays, what is marked and too short to be looked for goes where it stands. */
export function withoutSecrets(
  value: LosslessJson,
  marks: Marks,
  source: SourceTexts,
  replacing: Replacing,
  standIn: StandIn,
): LosslessJson {
  const walk = (given: LosslessJson, path: readonly Step[]): LosslessJson => {
    if (typeof given === 'string') {
      if (source.literals.has(given)) return given;
      const replaced = replacing.text(given);
      return replaced === given && given.length < 4 && isBelow(path, marks) ? standIn(given) : replaced;
    }
    if (given instanceof JsonNumber) return source.literals.has(given.text) ? given : replacing.value(given);
    if (isList(given)) return given.map((item, index) => walk(item, [...path, index]));
    const members = asObject(given);
    return members === undefined
      ? given
      : Object.fromEntries(
          Object.entries(members).map(([member, item]) => [nameWithout(member, source, replacing), walk(item, [...path, member])]),
        );
  };
  return walk(value, []);
}

/** The name of a member that stands in the source is nobody's secret; nor is one that is short. */
function nameWithout(name: string, source: SourceTexts, replacing: Replacing): string {
  return name.length < 12 || source.text.includes(name) ? name : replacing.text(name);
}

/** Without the members of a resource and of its blocks that are null. */
export function withoutNulls(members: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      value === null ? [] : [[name, isList(value) ? value.map((one) => withoutNullsIn(one)) : value] as const],
    ),
  );
}

function withoutNullsIn(value: LosslessJson): LosslessJson {
  const block = asObject(value);
  return block === undefined ? value : withoutNulls(block);
}

/** Parsed JSON with its numbers as texts. */
export function lossless(value: unknown): LosslessJson {
  const convert = (one: unknown): LosslessJson => {
    if (typeof one === 'number') return new JsonNumber(String(one));
    if (Array.isArray(one)) return one.map(convert);
    if (isObject(one)) return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, convert(inner)]));
    return typeof one === 'string' || typeof one === 'boolean' ? one : null;
  };
  return convert(value);
}

function isList(value: LosslessJson): value is readonly LosslessJson[] {
  return Array.isArray(value);
}
