import path from 'node:path';

import { unitEnvironment } from '../../bootstrap/bootstrap-environment';
import { TerraceError } from '../../base/errors';
import { quantity } from '../../base/plural';
import type { Model, UnitModel } from '../../model/model';
import { pullState } from '../../state/pull';
import { openState } from '../../state/state-access';
import { handoverOf } from '../../synth/handover';
import { syncFolder } from '../../synth/tree-store';
import type { CommandContext } from '../command-context';
import { withEnvironment } from '../one-environment';
import { liveRoot } from '../project';
import { renderTable } from '../table';
import { isAbsentBucket } from './state-units';

/** `terrace handover`. Raises E0401 for anything but `<system>/<environment>`, E9101 before an apply. */
export async function runHandover(
  context: CommandContext,
  selector: string,
  flags: { readonly out?: string; readonly json?: boolean },
): Promise<void> {
  const { system, name, filled, files } = await withEnvironment(
    context,
    selector,
    'artifacts',
    async ({ tree, environment, ...place }) => ({
      ...place,
      ...(await handoverOf(tree, environment, (unit) => stateOf(tree.model, unit))),
    }),
  );
  const out = flags.out === undefined ? liveRoot(context.project()) : path.resolve(flags.out);
  syncFolder(path.join(out, system), { files, isInPart: (file) => file.startsWith(`${name}/artifacts/`) });
  const rows = filled.map(({ path: file, unit }) => ({ file: `${system}/${file}`, unit }));
  if (flags.json === true) {
    process.stdout.write(
      `${JSON.stringify({ version: 1, environment: `${system}/${name}`, out, files: files.length, filled: rows }, null, 2)}\n`,
    );
    return;
  }
  const table = renderTable(
    ['filled', 'from the outputs of'],
    rows.map(({ file, unit }) => [file, unit]),
    ['left', 'left'],
  );
  const folder = path.join(path.relative(process.cwd(), out) || '.', system, name, 'artifacts');
  const text = rows.length === 0 ? `nothing in the artifacts of ${system}/${name} waits for an apply` : table;
  process.stdout.write(`${text}\n${quantity(files.length, 'file')} in ${folder}\n`);
}

/** The text of a unit's state; undefined where it, or its bucket, does not exist. */
async function stateOf(model: Model, unit: UnitModel): Promise<string | undefined> {
  const access = await openState(unit, await unitEnvironment(model, unit, process.env));
  try {
    return await pullState(access);
  } catch (error) {
    if (error instanceof TerraceError && (isAbsentBucket(error) || error.problems.every(({ code }) => code === 'E4510'))) return undefined;
    throw error;
  } finally {
    access.close();
  }
}
