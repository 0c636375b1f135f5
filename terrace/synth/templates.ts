import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Problem } from '../base/errors';
import { replaceFile } from '../base/replace-file';
import { messageOf } from '../base/message';
import { isEvaluated, placeIn, visitValues } from '../tree/unit-json';

/** A template of the output, and the first place that has it. */
interface Found {
  readonly template: string;
  readonly place: string;
}

/** The different templates in the JSON of some units, by their text. */
export function templatesOf(units: Iterable<readonly [unit: string, json: object]>): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const [unit, json] of units)
    visitValues(json, (leaf, at) => {
      if (typeof leaf === 'string' && /[$%]\{/.test(leaf) && isEvaluated(at) && !places.has(leaf))
        places.set(leaf, `${unit}   ${placeIn(at)}`);
    });
  return places;
}

/**
 * Parses each different template once with terraform's own parser. What parsed is remembered by its text in `.terrace/templates.json`, so
 * that a run without a new template does not load the parser (0.3 s). Gives E3104 for each that terraform could not read.
 */
export async function templateProblems(root: string, templates: ReadonlyMap<string, string>): Promise<readonly Problem[]> {
  const file = path.join(root, '.terrace', 'templates.json');
  const known = readKnown(file);
  const unknown: Found[] = [...templates].flatMap(([template, place]) => (known.has(digestOf(template)) ? [] : [{ template, place }]));
  if (unknown.length === 0) return [];
  const { parse } = await import('@cdktf/hcl2json');
  const parses = async (found: readonly Found[]): Promise<string | undefined> => {
    try {
      await parse('templates.tf', found.map(({ template }, index) => asAttribute(index, template)).join(''));
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  };
  const problems: Problem[] = [];
  if ((await parses(unknown)) !== undefined)
    for (const one of unknown) {
      const message = await parses([one]);
      if (message !== undefined)
        problems.push({
          code: 'E3104',
          title: 'template that terraform cannot read',
          place: one.place,
          found: `'${one.template.length > 200 ? `${one.template.slice(0, 200)}…` : one.template}': ${reason(message)}`,
          expected: 'a valid terraform expression',
          todo: 'correct the expression; use literal() from terrace for text that stays text',
        });
    }
  if (problems.length === 0)
    replaceFile(
      file,
      Buffer.from(
        `${JSON.stringify({ version: 1, parsed: [...new Set([...known, ...unknown.map(({ template }) => digestOf(template))])].sort() })}\n`,
      ),
    );
  return problems;
}

/** A template as an attribute of HCL: a heredoc takes text as JSON has it, without escapes of quotes and backslashes. */
function asAttribute(index: number, template: string): string {
  let end = 'END';
  while (template.includes(end)) end += 'X';
  return `t${index} = <<${end}\n${template}\n${end}\n`;
}

function reason(message: string): string {
  return (
    message
      .replace(/templates\.tf:\d+,\d+-\d+(?:,\d+)?: /g, '')
      .split('\n')[0]
      ?.slice(0, 300) ?? ''
  );
}

function readKnown(file: string): ReadonlySet<string> {
  try {
    const kept: { readonly version?: number; readonly parsed?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
    return new Set(kept.version === 1 && Array.isArray(kept.parsed) ? kept.parsed.filter((one) => typeof one === 'string') : []);
  } catch {
    return new Set();
  }
}

function digestOf(template: string): string {
  return createHash('sha256').update(template).digest('base64url').slice(0, 22);
}
