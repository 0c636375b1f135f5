import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import type { Problem } from '../../base/errors';
import { problem } from '../problems';

/** Where states of a unit are kept that terraform could not upload. */
export function keptStatesFolder(work: string, unit: string): string {
  return path.join(work, 'errored', ...unit.split('/'));
}

/** Files of the states of a unit that could not be uploaded and were not recovered, sorted. */
export function keptStates(work: string, unit: string): readonly string[] {
  const folder = keptStatesFolder(work, unit);
  try {
    return readdirSync(folder)
      .filter((name) => /^errored(\.\d+)?\.tfstate$/.test(name))
      .toSorted()
      .map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/** Why nothing of a unit is planned or applied while such a state is there: what it holds would be made twice. */
export function keptStateProblems(work: string, unit: string): readonly Problem[] {
  return keptStates(work, unit).map((file) =>
    problem('E6053', {
      place: unit,
      found: `the state of its last apply was not uploaded; ${isEmpty(file) ? `what was kept of it in ${file} is empty: the disk was full` : `it is kept in ${file}`}`,
      todo: isEmpty(file)
        ? `find the JSON that terraform printed instead (in the logs of that run), then: terrace state recover ${unit} --file FILE; remove the empty file`
        : `bring it back, then plan: terrace state recover ${unit}`,
    }),
  );
}

function isEmpty(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.size === 0;
}
