import { quantity } from '../../base/plural';
import { partOf, selectPaths } from '../../model/select';
import type { UnitModel } from '../../model/model';
import { excludedEnvironments, excludedLines } from '../../model/planned';
import type { CommandContext } from '../command-context';
import { loadModel } from '../project';
import { renderTable } from '../table';

/** `terrace list` */
export async function runList(context: CommandContext, selectors: readonly string[], json: boolean): Promise<void> {
  const model = await loadModel(context.project(), selectors, context.includePlanned);
  const selected = new Set(
    selectPaths(
      model.units.map(({ path }) => path),
      selectors,
    ),
  );
  const units = model.units.filter(({ path }) => selected.has(path));
  process.stdout.write(
    json
      ? `${JSON.stringify({ version: 1, units }, null, 2)}\n`
      : `${[table(units), ...excludedLines(excludedEnvironments(model).filter(partOf(selectors)))].join('\n')}\n`,
  );
}

function table(units: readonly UnitModel[]): string {
  if (units.length === 0) return 'no units';
  const rows = units.map((unit) => [nameOf(unit), String(unit.wave), String(unit.dependencies.length)]);
  const waves = new Set(units.map(({ wave }) => wave)).size;
  return `${renderTable(['unit', 'wave', 'needs'], rows, ['left', 'right', 'right'])}\n\n${quantity(units.length, 'unit')} in ${quantity(waves, 'wave')}`;
}

function nameOf({ path, planned }: UnitModel): string {
  return planned === true ? `${path} (planned)` : path;
}
