import { readFileSync } from 'node:fs';

import type { SettingPoint } from '../../tree/observed-values';
import { envcommonPlace, type EnvcommonPlace } from './envcommon-place';
import { blocksIn, readingLines, type Effect, type Explainer } from './explainer';
import { pointKey } from './observed-builds';

/** An attribute that a setting decides, with its value as it is now. */
export interface DecidedAttribute {
  readonly block: string;
  /** Empty for a block that is there or not. */
  readonly attribute: string;
  readonly value: unknown;
}

/** From where a value is written to what terraform gets of it. */
export interface SettingWay {
  /** Functions of envcommon that pass it on, at the property that holds it. */
  readonly functions: readonly EnvcommonPlace[];
  /** Lines that read it where a unit is built, with their text. */
  readonly arguments: readonly { readonly place: string; readonly text: string }[];
  readonly attributes: readonly DecidedAttribute[];
  /** True where no other value could be built in its place, so that nothing is known of its attributes. */
  readonly untried: boolean;
}

/** The way of one setting through the source of a unit. */
export function wayOf(explainer: Explainer, unit: string, point: SettingPoint, effect: Effect, root: string): SettingWay {
  const { base } = explainer;
  const results = [...effect.results].map((name) => {
    const at = name.indexOf(' ');
    return { place: name.slice(0, at), setting: name.slice(at + 1) };
  });
  const keys = new Set([pointKey(point), ...results.map((one) => pointKey({ level: 'envcommon', ...one }))]);
  return {
    functions: results.map(({ place, setting }) => envcommonPlace(root, place, setting)),
    arguments: readingLines(base, unit, keys).map(({ file, line, text }) => ({ place: text, text: lineOf(file, line) })),
    attributes: (effect.changes.get(unit) ?? []).map(({ block, attribute }) => ({
      block,
      attribute,
      value: valueIn(blocksIn(base, unit).get(block), attribute),
    })),
    untried: effect.untried,
  };
}

/** The value of an attribute's dotted path; a block itself for none. */
export function valueIn(block: unknown, attribute: string): unknown {
  let value = block;
  for (const name of attribute === '' ? [] : attribute.split('.'))
    value = typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
  return value;
}

function lineOf(file: string, line: number): string {
  try {
    return readFileSync(file, 'utf8').split('\n')[line - 1]?.trim() ?? '';
  } catch {
    return '';
  }
}
