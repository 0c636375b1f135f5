import path from 'node:path';

import { unitEnvironment } from '../../bootstrap/bootstrap-environment';
import { TerraceError } from '../../base/errors';
import { quantity } from '../../base/plural';
import type { Model, UnitModel } from '../../model/model';
import { pullState } from '../../state/pull';
import { openState } from '../../state/state-access';
import { syncFolder } from '../../synth/tree-store';
import type { CommandContext } from '../command-context';
import { compiledProject } from '../load-project';
import { environmentWords } from '../one-environment';
import { askSynthesizer } from '../synthesizer';
import { liveRoot } from '../project';
import { renderTable } from '../table';
import { isAbsentBucket } from './state-units';

/** `terrace handover`. Raises E0401 for anything but `<system>/<environment>`, E9101 before an apply. */
export async function runHandover(
  context: CommandContext,
  selector: string,
  flags: { readonly out?: string; readonly json?: boolean },
): Promise<void> {
  const [system = '', name = ''] = environmentWords(selector, 'artifacts');
  const { filled, files } = await handedOver(context, selector);
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
  const text = rows.length === 0 ? `no artifact of ${system}/${name} waits for values of an apply` : table;
  process.stdout.write(`${text}\n${quantity(files.length, 'file')} in ${folder}\n`);
}

/**
 * The files of the environment, filled. The source is built without credentials; the states are read here, and what fills something is handed to
 * it, secrets left out.
 */
async function handedOver(context: CommandContext, selector: string) {
  const root = context.project();
  const request = { kind: 'handover', root, selector, includePlanned: context.includePlanned } as const;
  compiledProject(root);
  const asked = await askSynthesizer(root, request);
  if (asked.kind !== 'handover-asks') throw new Error(`a handover was asked for, and the answer was ${asked.kind}`);
  const read = await Promise.all(asked.units.map(async (unit) => [unit.path, openOutputs(await stateOf(asked.model, unit))] as const));
  const answer = await askSynthesizer(root, { ...request, outputs: Object.fromEntries(read) });
  if (answer.kind !== 'handed-over') throw new Error(`a handover was asked for, and the answer was ${answer.kind}`);
  return { ...answer, files: answer.files.map((file) => ({ ...file, content: Buffer.from(file.content, 'base64') })) };
}

/** The outputs of a state that are no secrets, as JSON; null without a state. A secret stands there without its value: who wants it is told. */
function openOutputs(state: string | undefined): string | null {
  if (state === undefined) return null;
  const { outputs = {} }: { readonly outputs?: { readonly [name: string]: { readonly value: unknown; readonly sensitive?: boolean } } } =
    JSON.parse(state);
  return JSON.stringify({
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [name, output.sensitive === true ? { ...output, value: null } : output]),
    ),
  });
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
