import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import type { Caller } from '../engine/context';
import { typesOfTwoDepths, usesDepth, type Depth } from '../schema/recursive-blocks';
import { zipTexts } from './zip-texts';

/** Reads an object of the sandbox's S3; undefined when there is none. */
export type ReadObject = (bucket: string, key: string) => Uint8Array | undefined;

/** What of a provider's schemas a terraform process can meet. */
export interface UsedTypes {
  readonly types: ReadonlySet<string>;
  readonly depth: Depth;
}

/** Commands that look at configuration and state alone, and those that read a saved plan, which holds both. */
const commands = new Set(['plan', 'apply', 'destroy', 'refresh', 'validate']);
const readers = new Set(['apply', 'show']);

/**
 * Names of types that a terraform process can meet: every word of the provider's form in its configuration, modules and state.
 * Taking all of a large provider's schemas in costs terraform a quarter of a second, so it is given these; undefined, and with it
 * all types, wherever anything about the process is in doubt: another command, a workspace, an unknown backend. A saved plan brings
 * its own configuration and state.
 */
export function usedTypes(caller: Caller, provider: string, readObject: ReadObject | undefined): UsedTypes | undefined {
  const { directory, command } = caller;
  if (directory === undefined || command === undefined) return undefined;
  try {
    const files = filesOf(command, directory);
    if (files === undefined) return undefined;
    const dataDir = path.resolve(directory, caller.environment['TF_DATA_DIR'] ?? '.terraform');
    const texts =
      files.length > 0
        ? files.flatMap((file) => zipTexts(readFileSync(file)) ?? [undefined])
        : [...configuration(directory, dataDir), ...(state(directory, dataDir, readObject) ?? [undefined])];
    if (texts.includes(undefined)) return undefined;
    const types = new Set(texts.flatMap((text) => text?.match(new RegExp(`\\b${provider}_[a-z0-9_]+`, 'g')) ?? []));
    const deep = typesOfTwoDepths.some((type) => types.has(type)) && texts.some((text) => usesDepth(text ?? ''));
    return { types, depth: deep ? 'deep' : 'flat' };
  } catch {
    return undefined;
  }
}

/** The saved plan that a command applies or shows, no file for a command without one; undefined where neither is certain. */
function filesOf(command: readonly string[], directory: string): string[] | undefined {
  const [program = '', ...args] = command;
  const [name = '', ...words] = args.filter((one) => !one.startsWith('-'));
  if (!/^(terraform|tofu)[^/]*$/.test(path.basename(program)) || !(commands.has(name) || readers.has(name))) return undefined;
  if (args.some((one) => /^-(chdir|state|backend)/.test(one))) return undefined;
  const files = words.map((word) => path.resolve(directory, word)).filter((file) => existsSync(file));
  return (files.length === 0 && commands.has(name)) || (files.length === 1 && readers.has(name)) ? files : undefined;
}

/** Texts of the configuration and of every installed module. */
function configuration(directory: string, dataDir: string): string[] {
  const manifest = path.join(dataDir, 'modules', 'modules.json');
  const modules = existsSync(manifest)
    ? [...readFileSync(manifest, 'utf8').matchAll(/"Dir":\s*"((?:[^"\\]|\\.)*)"/g)].map(([, dir = '']) =>
        path.resolve(directory, String(JSON.parse(`"${dir}"`))),
      )
    : [];
  return [...new Set([directory, ...modules])].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.(tf|tofu)(\.json)?$/.test(name))
      .map((name) => readFileSync(path.join(folder, name), 'utf8')),
  );
}

/** Texts of the state, where it can be found for certain; undefined where not. */
function state(directory: string, dataDir: string, readObject: ReadObject | undefined): string[] | undefined {
  const workspace = path.join(dataDir, 'environment');
  if (existsSync(workspace) && readFileSync(workspace, 'utf8').trim() !== 'default') return undefined;
  const selected = path.join(dataDir, 'terraform.tfstate');
  if (!existsSync(selected)) return localState(directory);
  const { backend } = JSON.parse(readFileSync(selected, 'utf8')) as {
    readonly backend?: { readonly type?: string; readonly config?: Readonly<Record<string, unknown>> };
  };
  if (backend?.type === 'local' && (backend.config?.['path'] ?? null) === null && (backend.config?.['workspace_dir'] ?? null) === null)
    return localState(directory);
  const { bucket, key } = backend?.config ?? {};
  if (backend?.type !== 's3' || typeof bucket !== 'string' || typeof key !== 'string' || readObject === undefined) return undefined;
  const found = readObject(bucket, key);
  return found === undefined ? [] : [Buffer.from(found).toString('utf8')];
}

function localState(directory: string): string[] {
  const file = path.join(directory, 'terraform.tfstate');
  return existsSync(file) && statSync(file).isFile() ? [readFileSync(file, 'utf8')] : [];
}
