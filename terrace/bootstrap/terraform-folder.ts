import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { isErrno } from '../base/errno';
import { exitCodes, TerraceError } from '../base/errors';
import { replaceFile } from '../base/replace-file';
import type { TerraformBinary } from '../terraform/binary';
import { processEnvironments, requiredSources } from '../delivery/terraform/process-environment';
import { stepError, type TerraformStep } from '../delivery/terraform/terraform-steps';
import { livingTerraformIn } from '../terraform/living-terraform';
import { runTerraform, type TerraformResult } from '../terraform/run';
import type { UnitJson } from './unit-json';

/** Where a local state lies; not terraform's own name, which makes every later init ask whether to move it. */
export const localStateName = 'bootstrap.tfstate';

export interface TerraformFolderOptions {
  readonly unit: string;
  /** A copy of the unit's folder; its state and terraform's own files stay in it from run to run. */
  readonly folder: string;
  readonly binary: TerraformBinary;
  /** Variables of the unit's account; terraform gets of them what a unit may have. */
  readonly env: NodeJS.ProcessEnv;
  /** Variables that the unit declares. */
  readonly variables: readonly { readonly name: string }[];
  readonly log: string;
  readonly signal?: AbortSignal;
}

/** The JSON of a unit's folder. */
export function readUnitJson(folder: string): UnitJson {
  return JSON.parse(readFileSync(path.join(folder, 'main.tf.json'), 'utf8'));
}

/** A copy of one unit's folder in which its JSON is changed between terraform's runs. */
export class TerraformFolder {
  constructor(readonly options: TerraformFolderOptions) {}

  /** Copies the unit's files here; what terraform left here stays. Raises E4214 (exit 4) while a terraform of a killed Terrace works here. */
  fill(source: string): void {
    const { unit, folder } = this.options;
    const pid = livingTerraformIn(folder);
    if (pid !== undefined) throw stillAtWork(unit, pid);
    mkdirSync(this.options.folder, { recursive: true });
    cpSync(source, this.options.folder, { recursive: true });
  }

  /** True where a run has begun that did not end: a run that ends removes the folder. */
  isStarted(): boolean {
    return existsSync(path.join(this.options.folder, 'main.tf.json'));
  }

  read(): UnitJson {
    return readUnitJson(this.options.folder);
  }

  write(json: UnitJson): void {
    replaceFile(path.join(this.options.folder, 'main.tf.json'), JSON.stringify(json, null, 2));
  }

  readLocalState(): string | undefined {
    try {
      return readFileSync(path.join(this.options.folder, localStateName), 'utf8');
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  writeLocalState(text: string): void {
    replaceFile(path.join(this.options.folder, localStateName), text, 0o600);
  }

  /** Removes the folder, and with it the local copy of the state. */
  remove(): void {
    rmSync(this.options.folder, { recursive: true, force: true });
  }

  /** Runs terraform; raises E4205 (E4210 after Ctrl-C) with the end of its output unless it exits with one of `accepted`. */
  async run(args: readonly string[], accepted: readonly number[] = [0]): Promise<TerraformResult> {
    const { binary, folder, variables, log, signal, unit } = this.options;
    const env = processEnvironments(this.options.env, { variables, providers: requiredSources(this.read()), pass: [] });
    const result = await runTerraform(binary, {
      cwd: folder,
      args: withoutColour(args),
      env: args[0] === 'init' ? env.init : env.run,
      log,
      // It goes on where Terrace is killed: a closed pipe would take it down inside a create.
      outlives: folder,
      ...(signal === undefined ? {} : { signal }),
    });
    if (accepted.includes(result.exitCode)) return result;
    refuseKnown(result, { unit, name: args[0] ?? '', code: 'E6019', log });
    throw new TerraceError({
      ...(result.interrupted ? { code: 'E4210', title: 'bootstrap interrupted' } : { code: 'E4205', title: 'bootstrap failed' }),
      place: unit,
      found: `terraform ${args[0] ?? ''} ended with ${result.exitCode}\n${tail(`${result.stdout}\n${result.stderr}`)}`,
      expected: `exit code ${accepted.join(' or ')}`,
      todo: `read ${log}, then run the same command again: it resumes where it stopped`,
    });
  }
}

/** What has a code of its own whichever command ran into it: a lock that is held, with its holder and how it is released, and a full disk. */
function refuseKnown(result: TerraformResult, step: TerraformStep): void {
  if (result.interrupted) return;
  const error = stepError(result, step);
  if (error.problems.some(({ code }) => code !== step.code && code !== 'E6033')) throw error;
}

/** `state list|push` know no `-no-color`. */
function withoutColour(args: readonly string[]): readonly string[] {
  return args[0] === 'state' ? args : [args[0] ?? '', '-no-color', ...args.slice(1)];
}

function stillAtWork(unit: string, pid: number): TerraceError {
  return new TerraceError(
    {
      code: 'E4214',
      title: 'bootstrap already running',
      place: unit,
      found: `terraform from an earlier run is still working on it (process ${pid} on this host)`,
      expected: 'one bootstrap at a time',
      todo: 'wait until it has ended, then run the same command again: it resumes where that one stopped',
    },
    exitCodes.lockHeld,
  );
}

function tail(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-12)
    .join('\n');
}
