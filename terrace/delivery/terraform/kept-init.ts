import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { replaceFile } from '../../base/replace-file';
import type { UnitFiles } from '../../model/content-digest';
import { canonicalText, sha256 } from '../../base/canonical';
import type { DeliveryContext } from './context';

import { isObject } from '../../base/json';
import { lockFileName } from './provider-mirror';

/**
 * What `terraform init` leaves behind for a unit that needs neither modules nor a new lock file: the chosen backend, and links to
 * providers. It depends on the backend, the providers, the lock file and the terraform alone, so the next plan of the unit takes it over
 * instead of running `init`; terraform compares all of it with the configuration and the lock file when it plans.
 */
interface KeptInit {
  readonly version: 1;
  /** The file in which terraform remembers the backend. */
  readonly backend: string;
  /** Links below the data folder, by their paths. */
  readonly links: { readonly [name: string]: string };
}

/** Entries above which the oldest half goes; one has about a kilobyte. */
const mostEntries = 5000;
const backendFile = 'terraform.tfstate';

/** The init that a unit needs. */
export interface NeededInit {
  /** Where it is kept. */
  readonly file: string;
  /** The backend block of the unit's configuration, by its type. */
  readonly backend: unknown;
}

/** Undefined where init does more than can be kept: modules, or a lock file to write. */
export function neededInit(
  context: Pick<DeliveryContext, 'binary' | 'work'>,
  files: UnitFiles,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
): NeededInit | undefined {
  const json: unknown = JSON.parse(Buffer.from(files.get('main.tf.json') ?? new Uint8Array()).toString('utf8'));
  const sources = [...files.keys()].filter((name) => /\.(tf|tofu)(\.json)?$/.test(name));
  if (!isObject(json) || json['module'] !== undefined || sources.length !== 1) return undefined;
  const pinned = files.get(lockFileName);
  const reattached = env['TF_REATTACH_PROVIDERS'] ?? '';
  if (pinned === undefined && reattached === '') return undefined;
  const key = canonicalText([
    context.binary.name,
    context.binary.version,
    json['terraform'] ?? null,
    pinned === undefined ? null : sha256(pinned),
    [...args],
    [...reattached.matchAll(/"([^"]+\/[^"]+\/[^"]+)"\s*:/g)].map(([, address]) => address),
  ]);
  const terraform = json['terraform'];
  return {
    file: path.join(context.work, 'cache', 'init', `${sha256(key).slice(0, 40)}.json`),
    backend: isObject(terraform) ? terraform['backend'] : undefined,
  };
}

/**
 * Puts a kept init into a workspace; false where there is none, where a provider that it links to is gone, or where it names another
 * backend: terraform goes by that file, not by the configuration, as long as a checksum in it fits.
 */
export function takeInit({ file, backend }: NeededInit, dataFolder: string): boolean {
  const kept = readKept(file);
  if (kept === undefined || Object.values(kept.links).some((target) => !existsSync(target))) return false;
  if (!isOfBackend(kept.backend, backend)) return false;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  for (const [name, target] of Object.entries(kept.links)) {
    mkdirSync(path.dirname(path.join(dataFolder, name)), { recursive: true });
    symlinkSync(target, path.join(dataFolder, name));
  }
  writeFileSync(path.join(dataFolder, backendFile), kept.backend, { mode: 0o600 });
  return true;
}

/** Keeps what init left in a workspace, unless it left more than a backend and links. A disk that is full only costs the next init. */
export function keepInit({ file }: NeededInit, dataFolder: string): void {
  try {
    const links = linksBelow(dataFolder, '');
    if (links === undefined) return;
    const kept: KeptInit = { version: 1, backend: readFileSync(path.join(dataFolder, backendFile), 'utf8'), links };
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    replaceFile(file, JSON.stringify(kept), 0o600);
    prune(path.dirname(file));
  } catch {
    // Without it the next plan runs init.
  }
}

/** Forgets an init that terraform did not accept. */
export function forgetInit({ file }: NeededInit, dataFolder: string): void {
  rmSync(file, { force: true });
  rmSync(dataFolder, { recursive: true, force: true });
}

/** True where the file sets exactly what the block of the configuration sets. */
function isOfBackend(text: string, block: unknown): boolean {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return false;
  }
  const chosen = isObject(file) ? file['backend'] : undefined;
  if (!isObject(chosen) || !isObject(chosen['config']) || typeof chosen['type'] !== 'string') return false;
  const set = Object.fromEntries(Object.entries(chosen['config']).filter(([, value]) => value !== null));
  return canonicalText({ [chosen['type']]: set }) === canonicalText(block ?? null);
}

function readKept(file: string): KeptInit | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isObject(content) || content['version'] !== 1 || typeof content['backend'] !== 'string' || !isObject(content['links']))
      return undefined;
    const links = Object.entries(content['links']).flatMap(([name, target]) =>
      typeof target === 'string' ? [[name, target] as const] : [],
    );
    return { version: 1, backend: content['backend'], links: Object.fromEntries(links) };
  } catch {
    return undefined;
  }
}

/** Absolute targets of all links; undefined where there is any file but the backend's. */
function linksBelow(folder: string, prefix: string): { readonly [name: string]: string } | undefined {
  const found: Record<string, string> = {};
  for (const name of readdirSync(path.join(folder, prefix))) {
    const inner = path.join(prefix, name);
    const stat = lstatSync(path.join(folder, inner));
    if (stat.isSymbolicLink()) found[inner] = path.resolve(folder, prefix, readlinkSync(path.join(folder, inner)));
    else if (stat.isDirectory()) {
      const below = linksBelow(folder, inner);
      if (below === undefined) return undefined;
      Object.assign(found, below);
    } else if (inner !== backendFile) return undefined;
  }
  return found;
}

function prune(folder: string): void {
  const names = readdirSync(folder);
  if (names.length <= mostEntries) return;
  const aged = names.map((name) => ({ name, at: statSync(path.join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
  for (const { name } of aged.toSorted((a, b) => a.at - b.at).slice(0, names.length / 2)) rmSync(path.join(folder, name), { force: true });
}
