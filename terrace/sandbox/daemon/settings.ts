import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { isErrno } from '../../base/errno';
import { TerraceError } from '../../base/errors';
import { messageOf } from '../../base/message';
import { readJson, replaceFile, unfinishedPath } from '../storage/durable-file';
import { claimPorts, claimsFolder } from './port-block';

/** What a sandbox's folder keeps for its whole life; `sandbox.json` in it. */
export interface SandboxSettings {
  readonly version: 1;
  /** Names the sandbox in shells and in the marks of its states. */
  readonly id: string;
  /** Counts resets; generated values change with it. */
  readonly generation: number;
  /** Port of the gateway, chosen once; the first of a block. */
  readonly port: number;
  /** Ports of the simulated providers, chosen once. */
  readonly providerPorts: Readonly<Record<string, number>>;
  /** What it is a fork of; absent for a sandbox that is none. */
  readonly fork?: ForkSettings;
}

/** What a fork remembers of how it was made. */
export interface ForkSettings {
  /** Folder of the sandbox whose data it began with; absent for an empty one. */
  readonly from?: string;
  /** Process that made it for itself: where that ends, the fork's daemon ends and removes the folder. */
  readonly owner?: number;
}

/** Path of the settings in a sandbox's folder. */
function settingsFile(dir: string): string {
  return path.join(dir, 'sandbox.json');
}

/** Settings of the sandbox in a folder; undefined where there is none. Raises E5004 for a file that is none. */
export function readSettings(dir: string): SandboxSettings | undefined {
  let content: unknown;
  try {
    content = readJson(settingsFile(dir));
  } catch (error) {
    if (isErrno(error, 'ENOTDIR')) return undefined;
    content = null;
  }
  if (content === undefined) return undefined;
  if (isSettings(content)) return content;
  throw new TerraceError({
    code: 'E5004',
    title: 'unreadable sandbox',
    place: settingsFile(dir),
    found: 'the file does not describe a sandbox of this version',
    todo: `remove the folder ${dir}; it holds nothing but the sandbox's own data`,
  });
}

/** Settings of the sandbox in a folder, made when there are none. Of several processes that do this at once, one makes them. */
export async function ensureSettings(dir: string): Promise<SandboxSettings> {
  const known = readSettings(dir);
  if (known !== undefined) return known;
  return makeSettings(dir, { id: randomBytes(6).toString('hex'), generation: 0 });
}

/**
 * Makes the settings of a new sandbox on ports of its own. A fork has the id and generation of what it was copied from: the marks in its
 * states and the values that are generated for it stay what they were.
 */
export async function makeSettings(dir: string, identity: Pick<SandboxSettings, 'id' | 'generation' | 'fork'>): Promise<SandboxSettings> {
  makeFolder(path.resolve(dir));
  const made: SandboxSettings = { version: 1, ...identity, port: await newPort(dir), providerPorts: {} };
  const temporary = unfinishedPath(settingsFile(dir));
  writeFileSync(temporary, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  try {
    linkSync(temporary, settingsFile(dir));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return readSettings(dir) ?? made;
}

/**
 * Makes a folder and those above it. Not by `recursive`: where a parent answers ENOENT for what is made in it (`/proc`), Node.js tries for
 * ever. Raises E5008.
 */
function makeFolder(dir: string): void {
  const missing: string[] = [];
  for (let at = dir; !existsSync(at) && path.dirname(at) !== at; at = path.dirname(at)) missing.push(at);
  try {
    for (const folder of missing.toReversed()) {
      try {
        mkdirSync(folder, { mode: 0o700 });
      } catch (error) {
        // Another start may have made it just now.
        if (!existsSync(folder)) throw error;
      }
    }
    if (!statSync(dir).isDirectory()) throw new Error('it is a file');
  } catch (error) {
    throw new TerraceError(
      {
        code: 'E5008',
        title: 'sandbox folder not made',
        place: dir,
        found: messageOf(error, dir),
        todo: 'use --dir to name a folder that you may create, or create it yourself',
      },
      1,
      { cause: error },
    );
  }
}

/** First port of a block that no other sandbox of this computer has. Raises E5007 when there is none. */
export function newPort(dir: string): Promise<number> {
  const isClaimed = (owner: string, port: number): boolean => {
    try {
      return readSettings(owner)?.port === port;
    } catch {
      return false;
    }
  };
  return claimPorts(path.resolve(dir), isClaimed, claimsFolder());
}

/** Changes settings in place. */
export function changeSettings(dir: string, change: Partial<SandboxSettings>): SandboxSettings {
  const before = readSettings(dir);
  if (before === undefined) throw new Error(`no sandbox in ${dir}`);
  const after: SandboxSettings = { ...before, ...change };
  replaceFile(settingsFile(dir), `${JSON.stringify(after, null, 2)}\n`);
  return after;
}

function isSettings(value: unknown): value is SandboxSettings {
  if (typeof value !== 'object' || value === null) return false;
  const { version, id, generation, port, providerPorts } = value as Partial<Record<keyof SandboxSettings, unknown>>;
  return (
    version === 1 &&
    typeof id === 'string' &&
    /^[\da-f]{12}$/.test(id) &&
    typeof generation === 'number' &&
    typeof port === 'number' &&
    typeof providerPorts === 'object' &&
    providerPorts !== null
  );
}
