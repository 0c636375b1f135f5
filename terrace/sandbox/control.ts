import { rmSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, TerraceError } from '../base/errors';
import type { Model, UnitModel } from '../model/model';
import { writeConfigFiles } from './environment/config-files';
import { absentProviders, notSimulated } from './providers/tools/absent-providers';
import { askDaemon, askReset, type DaemonStatus, isDaemonOf, readRecord } from './daemon/daemon-record';
import { stopDaemon, startDaemon } from './daemon/daemon-process';
import { emptySandbox } from './daemon/emptying';
import { sandboxEnvironment } from './environment/environment';
import { type LoggedRequest, readRequestLog } from './gateway/request-log';
import { layoutOf } from './daemon/layout';
import { sandboxSecret } from './daemon/secret';
import { changeSettings, ensureSettings, newPort, readSettings, type SandboxSettings } from './daemon/settings';
import { defaultAccount, profilesOf, synthesizedModel } from './environment/synthesized';
import { readSeededVariables, seededAccount, seededValues } from './environment/seeded-variables';
import { generatedVariables } from './environment/variables';

export interface StartOptions {
  /** Folder of the sandbox, `.sandbox` in a project. */
  readonly dir: string;
  /** Folder of the project whose providers are simulated, and whose tree says which variables they need. */
  readonly project: string;
  /** Chooses ports anew, where another program has taken the old ones. @default false */
  readonly newPorts?: boolean;
}

export interface EnvironmentOptions {
  /** Account of the ambient key, 12 digits. @default that of the seeded units, else the first environment's of `live/synth.json` */
  readonly account?: string;
  /** Units whose required variables get generated values. @default those of `live/synth.json` */
  readonly units?: readonly UnitModel[];
  /** Seeded unit whose account and variables count where units were applied with different ones. @default whatever the last of the account's has */
  readonly unit?: string;
  /** The tree whose environments name profiles. @default `live/synth.json` */
  readonly model?: Model;
  /** Process that lives as long as the variables are used. @default this process */
  readonly lifetime?: number;
}

/** A sandbox that runs. */
export interface Sandbox {
  readonly id: string;
  readonly dir: string;
  /** The complete set of variables to merge over `process.env`; an empty value blanks. */
  environment(options?: EnvironmentOptions): Record<string, string>;
  /** What was asked of S3, DynamoDB and STS so far, and what was refused; oldest first. */
  requests(): readonly LoggedRequest[];
  stop(): Promise<void>;
  /** Removes all data and starts again: no bucket, no table, no resource, new generated values. */
  reset(): Promise<void>;
}

/**
 * Starts the daemon of a folder, or attaches to the one that runs; several processes may do so at once.
 * Raises E5002 when it does not come up, E5003 when its port is taken, E5004 when the folder holds something else.
 */
export async function startSandbox({ dir, project, newPorts = false }: StartOptions): Promise<Sandbox> {
  const folder = path.resolve(dir);
  let settings = await ensureSettings(folder);
  if (newPorts) {
    await stopDaemon(folder, settings);
    settings = changeSettings(folder, { port: await newPort(folder), providerPorts: {} });
  }
  await startDaemon(folder, project, settings);
  return sandboxOf(folder, project, settings.id);
}

/** The sandbox of a folder if its daemon runs. */
export async function runningSandbox({ dir, project }: Pick<StartOptions, 'dir' | 'project'>): Promise<Sandbox | undefined> {
  const folder = path.resolve(dir);
  const status = await sandboxStatus(folder);
  return status.state === 'running' ? sandboxOf(folder, project, status.daemon.id) : undefined;
}

/** `stale` means that a daemon died without saying so; the next start puts it right. */
export type SandboxStatus =
  | { readonly state: 'absent' }
  | { readonly state: 'stopped' | 'stale'; readonly settings: SandboxSettings }
  | { readonly state: 'running'; readonly settings: SandboxSettings; readonly daemon: DaemonStatus };

/** What stands in a folder and whether it runs. */
export async function sandboxStatus(dir: string): Promise<SandboxStatus> {
  const folder = path.resolve(dir);
  const settings = readSettings(folder);
  if (settings === undefined) return { state: 'absent' };
  const daemon = await askDaemon(folder, settings.port);
  if (daemon !== undefined && isDaemonOf(daemon, folder, settings.id)) return { state: 'running', settings, daemon };
  return { state: readRecord(folder) === undefined ? 'stopped' : 'stale', settings };
}

/** Stops the daemon of a folder; false when none ran. Data stays. Raises E5005 when it cannot be stopped. */
export async function stopSandbox(dir: string): Promise<boolean> {
  const folder = path.resolve(dir);
  const settings = readSettings(folder);
  return settings === undefined ? false : stopDaemon(folder, settings);
}

/**
 * Removes all data of a sandbox and keeps its id and ports; it runs afterwards if it ran before. A daemon that runs does it itself, in one
 * step between two requests; one that hangs, or is of another version, is stopped for it and started again.
 */
export async function resetSandbox({ dir, project }: Pick<StartOptions, 'dir' | 'project'>): Promise<void> {
  const folder = path.resolve(dir);
  const settings = readSettings(folder);
  if (settings === undefined || (await askReset(folder, settings.port, settings.id))) return;
  const ran = await stopDaemon(folder, settings);
  rmSync(emptySandbox(folder).rubbish, { recursive: true, force: true });
  if (ran) await startDaemon(folder, project, settings);
}

function sandboxOf(dir: string, project: string, id: string): Sandbox {
  return {
    id,
    dir,
    environment: (options = {}) => environmentOf(dir, project, options),
    requests: () => readRequestLog(layoutOf(dir).requests),
    stop: async () => void (await stopSandbox(dir)),
    reset: () => resetSandbox({ dir, project }),
  };
}

function environmentOf(dir: string, project: string, options: EnvironmentOptions): Record<string, string> {
  const settings = readSettings(dir);
  const record = readRecord(dir);
  if (settings === undefined || record === undefined) throw notRunning(dir);
  const model = options.model ?? synthesizedModel(project);
  const secret = sandboxSecret(dir).data;
  const absent = Object.keys(absentProviders).map((source) => ({ source, words: notSimulated(source) }));
  writeConfigFiles(layoutOf(dir), profilesOf(model), secret, absent);
  const seeded = readSeededVariables(dir);
  const account = options.account ?? seededAccount(seeded, options.unit) ?? defaultAccount(model);
  if (!/^\d{12}$/.test(account)) throw wrongAccount(account);
  const units = options.units ?? model?.units ?? [];
  const variables = {
    ...generatedVariables(units, { seed: `${settings.id}:${settings.generation}`, account }),
    ...seededValues(seeded, { account, units, ...(options.unit === undefined ? {} : { unit: options.unit }) }),
  };
  return sandboxEnvironment(
    {
      id: settings.id,
      dir,
      secret,
      port: settings.port,
      reattach: record.reattach,
      lifetime: options.lifetime ?? process.pid,
      account,
      variables,
    },
    process.env,
  );
}

function notRunning(dir: string): TerraceError {
  return new TerraceError({
    code: 'E5001',
    title: 'sandbox not running',
    place: dir,
    found: 'no daemon answers for this folder',
    todo: 'start it: npx --no terrace sandbox start',
  });
}

function wrongAccount(account: string): TerraceError {
  return new TerraceError(
    {
      code: 'E5006',
      title: 'not an account',
      found: `--account ${account}`,
      expected: '12 digits',
      todo: 'terrace list --json names the accounts of the tree',
    },
    exitCodes.wrongUsage,
  );
}
