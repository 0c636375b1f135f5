import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { propertyLines } from '../../tree/property-lines';

/** A line of envcommon. */
export interface EnvcommonPlace {
  readonly file: string;
  readonly line: number;
  /** The function; absent for a constant. */
  readonly name?: string;
}

/**
 * Where a value of envcommon is written: `place` is `envcommon/storage.ts#database` or a file alone, `setting` the path below it. The line of the property
 * in the function's literal; where it writes none, of the function itself.
 */
export function envcommonPlace(root: string, place: string, setting: string): EnvcommonPlace {
  const [file = '', name] = place.split('#');
  const full = path.join(root, file);
  const source = existsSync(full) ? readFileSync(full, 'utf8') : '';
  const wanted = name ?? setting.split('.')[0] ?? '';
  const lines = source.split('\n');
  const start = lines.findIndex((line) => new RegExp(`^export (?:async )?(?:function|const) ${wanted}\\b`).test(line));
  if (start < 0) return { file, line: 1, ...(name === undefined ? {} : { name }) };
  const length = lines.slice(start).findIndex((line, index) => index > 0 && /^\}/.test(line));
  const body = lines.slice(start, length < 0 ? undefined : start + length + 1).join('\n');
  // The literal that it returns: parameters and types before it have properties as well.
  const literal = name === undefined ? body : afterReturn(body);
  const skipped = body.slice(0, body.length - literal.length).split('\n').length - 1;
  const own = name === undefined ? setting.split('.').slice(1).join('.') : setting;
  const found = own === '' ? undefined : propertyLines(literal).find(({ path: one }) => one === own);
  return { file, line: start + 1 + (found === undefined ? 0 : skipped + found.line - 1), ...(name === undefined ? {} : { name }) };
}

function afterReturn(body: string): string {
  const at = body.search(/\breturn\b|=>/);
  return at < 0 ? body : body.slice(at).replace(/^(?:return|=>)\s*\(?/, (word) => ' '.repeat(word.length));
}
