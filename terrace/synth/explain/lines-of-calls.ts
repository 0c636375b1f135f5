import { existsSync, readFileSync } from 'node:fs';

import type { SourceLine } from '../../base/source-line';
import { callAt, declarationOf, propertyPath, type SourceCall } from './call-properties';

/**
 * The changed line that decides an attribute, in the calls that make its block, the innermost first: a property of the attribute's name, or of the name that the
 * call within it passes on, or a constant that this is made of; else any changed line of such a call. Undefined where none differs.
 */
export function lineOfCalls(makers: readonly SourceLine[], attribute: string, changed: ReadonlySet<string>): string | undefined {
  const calls = makers
    .map((maker) => ({ maker, source: textOf(maker.file) }))
    .map(({ maker, source }) => ({ maker, source, call: callAt(source, maker.line) }));
  const wanted: string[] = attribute === '' ? [] : [...prefixes(propertyPath(attribute))];
  for (const { maker, source, call } of calls) {
    const file = maker.text.slice(0, maker.text.lastIndexOf(':'));
    const named = wanted.flatMap((name) => call.properties.filter(({ path }) => path === name));
    const property = named.find(({ line }) => changed.has(`${file}:${line}`));
    if (property !== undefined) return `${file}:${property.line}`;
    const names = [...new Set(named.flatMap((one) => one.names))];
    const declared = names.map((name) => declarationOf(source, name)).find((line) => line !== undefined && changed.has(`${file}:${line}`));
    if (declared !== undefined) return `${file}:${declared}`;
    wanted.push(...names);
  }
  for (const { maker, call } of calls) {
    const file = maker.text.slice(0, maker.text.lastIndexOf(':'));
    const line = linesIn(call).find((one) => changed.has(`${file}:${one}`));
    if (line !== undefined) return `${file}:${line}`;
  }
  return undefined;
}

function linesIn({ firstLine, lastLine }: SourceCall): readonly number[] {
  return Array.from({ length: lastLine - firstLine + 1 }, (_, index) => firstLine + index);
}

/** `a.b.c` → itself, `a.b`, `a`: what holds a value may be written in its place. */
function prefixes(path: string): readonly string[] {
  const names = path.split('.');
  return names.map((_, index) => names.slice(0, names.length - index).join('.'));
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
