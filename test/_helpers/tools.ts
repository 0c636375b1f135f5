import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where scripts/setup-ci.sh keeps what it provides. */
export const toolCache = process.env['TERRACE_TOOLS'] ?? path.join(homedir(), '.cache', 'terrace', 'tools');

/**
 * Path of a program that tests need and the product does not: on PATH, in an administrator's folder, or in the tool cache.
 * Undefined where it is absent on a developer's computer; with `CI=true` its absence is an error.
 */
export function tool(name: string): string | undefined {
  const found = optionalTool(name);
  if (found === undefined && process.env['CI'] === 'true') throw new Error(`${name} is missing: run scripts/setup-ci.sh`);
  return found;
}

/** The same for a program that scripts/setup-ci.sh provides only when it is asked to: undefined where it is absent, in CI too. */
export function optionalTool(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/sbin', ...cacheFolders()];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/** A file in the tool cache, under the same rule. */
export function toolFile(name: string): string | undefined {
  const found = path.join(toolCache, name);
  if (existsSync(found)) return found;
  if (process.env['CI'] === 'true') throw new Error(`${found} is missing: run scripts/setup-ci.sh`);
  return undefined;
}

/** Runs a program to its end; gives its exit code and both streams instead of throwing. */
export function runTool(
  file: string,
  args: readonly string[],
  options: ExecFileSyncOptions = {},
): { readonly code: number; readonly output: string } {
  try {
    return { code: 0, output: String(execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options })) };
  } catch (error) {
    if (typeof error !== 'object' || error === null || !('status' in error) || typeof error.status !== 'number') throw error;
    const { stdout, stderr } = error as { readonly stdout?: unknown; readonly stderr?: unknown };
    return { code: error.status, output: `${String(stdout ?? '')}${String(stderr ?? '')}` };
  }
}

function cacheFolders(): readonly string[] {
  if (!existsSync(toolCache)) return [];
  return readdirSync(toolCache)
    .filter((name) => name.startsWith('bin-') || name.startsWith('ansible-'))
    .map((name) => path.join(toolCache, name, name.startsWith('bin-') ? '' : 'bin'));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
