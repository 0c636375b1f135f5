import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { canonicalText, sha256 } from '../../base/canonical';
import { isSandbox } from '../../base/sandbox-shell';
import type { UnitFiles } from '../../model/content-digest';
import { failed } from '../problems';
import type { DeliveryContext } from './context';
import { terraformErrors } from './terraform-steps';

import { isObject } from '../../base/json';

/** Terraform's record of provider versions and hashes, beside a unit's configuration. */
export const lockFileName = '.terraform.lock.hcl';
const filling = new Map<string, Promise<string>>();

/**
 * Arguments of `terraform init` for a unit. Its providers come from a mirror that is filled once per set of providers and lock file, so
 * that a hundred units ask the registry once. Nothing is needed where every provider is reattached, and in the sandbox, whose CLI
 * configuration names its own mirror.
 */
export async function initArguments(context: DeliveryContext, files: UnitFiles, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const common = ['init', '-input=false', '-no-color'];
  const json: unknown = JSON.parse(Buffer.from(files.get('main.tf.json') ?? new Uint8Array()).toString('utf8'));
  const lockFile = files.get(lockFileName);
  const needed = providersToInstall(json, env);
  if (Object.keys(needed).length === 0) return common;
  const pinned = lockFile === undefined ? common : [...common, '-lockfile=readonly'];
  if (isSandbox(env)) return pinned;
  const id = sha256(canonicalText([context.binary.name, needed, lockFile === undefined ? null : sha256(lockFile)])).slice(0, 32);
  const mirror = path.join(context.work, 'providers', id);
  const known = filling.get(mirror);
  if (known !== undefined) return [...pinned, `-plugin-dir=${await known}`];
  const filled = fill(context, mirror, needed, lockFile, env);
  filling.set(mirror, filled);
  filled.catch(() => filling.delete(mirror));
  return [...pinned, `-plugin-dir=${await filled}`];
}

/** The required providers that init has to install: neither built in nor reattached. */
export function providersToInstall(json: unknown, env: NodeJS.ProcessEnv): { readonly [name: string]: unknown } {
  const terraform = isObject(json) ? json['terraform'] : undefined;
  const required = isObject(terraform) && isObject(terraform['required_providers']) ? terraform['required_providers'] : {};
  const reattached = reattachedProviders(env);
  return Object.fromEntries(
    Object.entries(required).filter(([name, entry]) => {
      const source = isObject(entry) && typeof entry['source'] === 'string' ? entry['source'] : `hashicorp/${name}`;
      if (source.startsWith('terraform.io/builtin/')) return false;
      const short = source.split('/').slice(-2).join('/');
      return !reattached.some((address) => address === source || address.endsWith(`/${short}`));
    }),
  );
}

function reattachedProviders(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    return Object.keys(JSON.parse(env['TF_REATTACH_PROVIDERS'] || '{}') as object);
  } catch {
    return [];
  }
}

async function fill(
  context: DeliveryContext,
  mirror: string,
  needed: { readonly [name: string]: unknown },
  lockFile: Uint8Array | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  if (existsSync(mirror)) return mirror;
  const scratch = `${mirror}.${process.pid}.tmp`;
  const cache = path.join(scratch, 'mirror');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  try {
    writeFileSync(path.join(scratch, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: needed } }));
    if (lockFile !== undefined) writeFileSync(path.join(scratch, lockFileName), lockFile);
    const result = await context.run({
      cwd: scratch,
      args: ['init', '-input=false', '-no-color', '-backend=false', ...(lockFile === undefined ? [] : ['-lockfile=readonly'])],
      env: { ...env, TF_PLUGIN_CACHE_DIR: cache, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: '' },
      signal: context.signal,
    });
    if (result.exitCode !== 0) {
      throw failed('E6035', {
        place: Object.keys(needed).join(', '),
        found: terraformErrors(result.stderr) || terraformErrors(result.stdout) || `terraform init ended with ${result.exitCode}`,
        todo: 'the providers could not be installed: check the network, the versions, and the lock file (`terrace providers lock`)',
      });
    }
    try {
      renameSync(cache, mirror);
    } catch (error) {
      if (!existsSync(mirror)) throw error;
    }
    return mirror;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
