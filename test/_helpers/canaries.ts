import { gunzipSync, inflateSync } from 'node:zlib';

import { base64Cores, formsOf } from '../../terrace/delivery/masking/forms';
import type { Model } from '../../terrace/model/model';
import type { Shape } from '../../terrace/rehearse/shape/shape';

/** The first and the last line of a key in PEM are in every key. */
const frame = /^-----(?:BEGIN|END) [A-Z ]+-----$/;

/**
 * Texts of a world that nobody else may see: values of sensitive variables, of sensitive outputs, and what the states mark. Left out is what
 * is too short to be looked for, an address or a document (what is secret in it stands elsewhere too), and the open id of something.
 */
export function canariesOf(shape: Shape, { units }: Pick<Model, 'units'>): readonly string[] {
  const sensitive = new Map(units.map((unit) => [unit.path, unit.variables.filter((one) => one.sensitive).map(({ name }) => name)]));
  const found = new Set<unknown>();
  const open = new Set<unknown>();
  for (const { unit, variables, outputs } of shape.units) {
    for (const name of sensitive.get(unit) ?? []) found.add(variables[name]);
    for (const output of Object.values(outputs)) if (at(output, ['sensitive']) === true) found.add(at(output, ['value']));
  }
  for (const { attributes, state } of shape.resources) {
    const marks = pathsOf(state['sensitive_attributes']);
    if (!marks.some(([first]) => first === 'id')) open.add(attributes['id']);
    for (const mark of marks) found.add(at(attributes, mark));
  }
  return [...found]
    .filter((one) => typeof one === 'string')
    .filter((one) => one.length >= 12 && !one.startsWith('arn:') && (one.startsWith('-----') || !/[/{]/.test(one)) && !open.has(one));
}

/** Canaries that stand in a text: as they are, escaped, as addresses and pages write them, in capitals, in base64, hexadecimal, and compressed. */
export function leaksIn(text: string, canaries: readonly string[]): readonly string[] {
  const texts = [text, ...unpacked(text)];
  return canaries.filter((canary) =>
    [...formsOf(canary), ...base64Cores(canary), Buffer.from(canary).toString('hex')].some(
      (form) => !frame.test(form) && texts.some((one) => one.includes(form)),
    ),
  );
}

/** What long runs of base64 in a text hold, where that is compressed. */
function unpacked(text: string): readonly string[] {
  return (text.match(/[A-Za-z0-9+/_-]{40,}={0,2}/g) ?? []).flatMap((run) => {
    const bytes = Buffer.from(run, 'base64');
    for (const open of [gunzipSync, inflateSync])
      try {
        return [open(bytes).toString('utf8')];
      } catch {
        // Not compressed this way.
      }
    return [];
  });
}

/** The paths of a state's marks. */
function pathsOf(marks: unknown): readonly (readonly string[])[] {
  return Array.isArray(marks) ? marks.map((mark: unknown) => (Array.isArray(mark) ? mark.map(stepOf) : [])) : [];
}

function stepOf(step: unknown): string {
  const value = at(step, ['value']);
  return String(at(value, ['value']) ?? value);
}

function at(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
}
