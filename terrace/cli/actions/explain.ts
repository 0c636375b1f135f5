import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { closest } from 'fastest-levenshtein';

import { exitCodes, TerraceError } from '../../base/errors';
import { explain, settingsBelow, type Explanation, type ValueLevel } from '../../tree/explain';
import { selectorPath } from '../../model/select';
import type { CommandContext } from '../command-context';
import { withScratch } from '../../synth/synthesize';
import { buildTree } from '../../tree/project';
import type { Unit } from '../../tree/unit';
import { includesPlanned } from '../include-planned';
import { loadProject } from '../load-project';

/** `terrace explain`. Raises E1206 for a selector of several units and E1207 for an unknown setting. */
export async function runExplain(context: CommandContext, selector: string, setting: string | undefined, json: boolean): Promise<void> {
  const root = context.project();
  const tree = await withScratch(root, (scratch) =>
    buildTree(loadProject(root), { selectors: [selector], scratch, commit: null, dirty: false, includePlanned: includesPlanned() }),
  );
  const unit = tree.units.find((one) => one.path === selectorPath(selector));
  if (unit === undefined)
    throw new TerraceError(
      {
        code: 'E1206',
        title: 'not one unit',
        place: selector,
        found: `${tree.selected.length} units lie below it`,
        expected: 'the path of one unit',
        todo: `name one: ${tree.selected[0] ?? ''}`,
      },
      exitCodes.wrongUsage,
    );
  const all = explain(levelsOf(unit, root));
  const wanted = settingsBelow(all, setting);
  if (wanted.length === 0) {
    const names = [...new Set(all.flatMap((one) => prefixes(one.setting)))];
    throw new TerraceError(
      {
        code: 'E1207',
        title: 'unknown setting',
        place: unit.path,
        found: `'${setting ?? ''}'`,
        expected: names.filter((name) => !name.includes('.')).join(', '),
        todo: `did you mean ${closest(setting ?? '', names)}?`,
      },
      exitCodes.wrongUsage,
    );
  }
  process.stdout.write(
    json ? `${JSON.stringify({ version: 1, unit: unit.path, settings: wanted }, null, 2)}\n` : `${wanted.map(text).join('\n')}\n`,
  );
}

function levelsOf(unit: Unit, root: string): readonly ValueLevel[] {
  const { region } = unit;
  const { environment } = region;
  const system = `stacks/${environment.system.name}`;
  const read = (file: string, under?: string): ValueLevel['files'] => {
    const name = path.join(root, file);
    return existsSync(name) ? [{ file, source: readFileSync(name, 'utf8'), ...(under === undefined ? {} : { under }) }] : [];
  };
  return [
    { level: 'root', values: { ...environment.system.values }, files: read(`${system}/root.ts`) },
    {
      level: 'environment',
      values: { ...environment.values },
      files: [...read(`stacks/${environment.path}/env.ts`), ...read(`stacks/${environment.path}/account.ts`, 'account')],
    },
    { level: 'region', values: { ...region.values }, files: read(`stacks/${region.path}/region.ts`) },
  ];
}

/** `a.b.c` → `a`, `a.b`, `a.b.c` */
function prefixes(setting: string): readonly string[] {
  return setting.split('.').map((_, index, words) => words.slice(0, index + 1).join('.'));
}

function text(one: Explanation): string {
  const place = `${one.file}:${one.line}${one.computed ? ' (computed there)' : ''}`;
  return [
    `${one.setting} = ${JSON.stringify(one.value)}`,
    `  ${one.level}  ${place}`,
    ...one.overrides.map((other) => `  overrides ${JSON.stringify(other.value)} of the ${other.level}  ${other.file}:${other.line}`),
  ].join('\n');
}
