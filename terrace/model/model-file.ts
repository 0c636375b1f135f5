import { readFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../base/errors';
import { messageOf } from '../base/message';
import type { Model } from './model';
import { replaceIfChanged } from '../base/replace-file';

/** Name of the model beside the systems of a live tree. */
export const modelName = 'synth.json';

/** Reads the model of a synthesized tree. Raises E3301 where there is none, E3302 where it is of another version, E3304 where it is no JSON. */
export function readModel(out: string): Model {
  const file = path.join(out, modelName);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new TerraceError({
      code: 'E3301',
      title: 'tree not synthesized',
      place: file,
      found: 'no such file',
      expected: 'what `terrace synth` writes beside the systems',
      todo: 'run `terrace synth` first',
    });
  }
  const model = parsed(file, text);
  if (model.version !== 1)
    throw new TerraceError({
      code: 'E3302',
      title: 'model of another version',
      place: file,
      found: `version ${String(model.version)}`,
      expected: 'version 1',
      todo: 'synthesize again with this version of Terrace',
    });
  return model;
}

function parsed(file: string, text: string): Model {
  try {
    const model: Model = JSON.parse(text);
    return model;
  } catch (cause) {
    throw new TerraceError(
      {
        code: 'E3304',
        title: 'unreadable model',
        place: file,
        found: messageOf(cause),
        expected: 'the JSON that `terrace synth` writes beside the systems',
        todo: 'run `terrace synth` again, which replaces the file; it is generated and must not be merged by hand',
      },
      undefined,
      { cause },
    );
  }
}

/** Writes the model of a synthesis: entries of the selected part are replaced, the others kept. */
export function writeModel(out: string, model: Model, selected: readonly string[], isInPart: (path: string) => boolean): void {
  const wanted = new Set(selected);
  const before = readOptionalModel(out);
  const systems = new Map([...(before?.systems ?? []), ...model.systems].map((system) => [system.name, system]));
  const units = [
    ...(before?.units ?? []).filter((unit) => !isInPart(unit.path)),
    ...model.units.filter((unit) => wanted.has(unit.path)),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const used = new Set(units.map((unit) => unit.system));
  const merged: Model = {
    version: 1,
    commit: model.commit,
    dirty: model.dirty,
    systems: [...systems.values()].filter((system) => used.has(system.name)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    units,
  };
  replaceIfChanged(path.join(out, modelName), `${JSON.stringify(merged, null, 2)}\n`);
}

function readOptionalModel(out: string): Model | undefined {
  try {
    return readModel(out);
  } catch {
    return undefined;
  }
}
