import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { exitCodes, TerraceError } from '../../base/errors';
import { simulatedLocks } from '../../terraform/simulated-provider';
import { lockFileBlocks, lockFilePart } from '../lock-file';
import type { TerraformBinary } from '../../terraform/binary';
import { registryEnvironment } from '../../delivery/terraform/process-environment';
import { runTerraform } from '../../terraform/run';
import { fullAddress, type RequiredProviders } from './required-providers';

/** Where terraform runs for teams and CI: what is locked unless told otherwise. */
export const defaultPlatforms = ['darwin_amd64', 'darwin_arm64', 'linux_amd64', 'linux_arm64'] as const;

export interface LockProvidersRequest {
  readonly system: string;
  readonly providers: RequiredProviders;
  /** At least one. */
  readonly platforms: readonly string[];
  /** Folder of packages in the layout of a filesystem mirror, instead of the registries. */
  readonly fsMirror?: string;
  /** Text of the lock file so far; hashes of other platforms are kept. */
  readonly before?: string;
  readonly binary: TerraformBinary;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The text of a system's `.terraform.lock.hcl`, made by terraform itself for every platform: exactly the required providers, sorted.
 * Raises E4608 where terraform cannot make it (no registry, no such package) and E4609 (exit 3) where the packages are a sandbox's.
 */
export async function lockProviders(request: LockProvidersRequest): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'terrace-providers-'));
  const lockFile = path.join(folder, '.terraform.lock.hcl');
  try {
    writeFileSync(
      path.join(folder, 'main.tf.json'),
      `${JSON.stringify({ terraform: { required_providers: blocks(request.providers) } }, null, 2)}\n`,
    );
    if (request.before !== undefined) writeFileSync(lockFile, lockFilePart(request.before, [...request.providers.keys()]));
    const run = await runTerraform(request.binary, {
      cwd: folder,
      // Without reattached providers, with which terraform would lock nothing.
      env: registryEnvironment(request.env),
      args: [
        'providers',
        'lock',
        '-no-color',
        ...request.platforms.map((one) => `-platform=${one}`),
        ...(request.fsMirror === undefined ? [] : [`-fs-mirror=${path.resolve(request.fsMirror)}`]),
      ],
      ...(request.onLine && { onLine: request.onLine }),
      ...(request.signal && { signal: request.signal }),
    });
    if (run.exitCode !== 0) throw notLocked(request, run.stderr || run.stdout);
    const text = lockFilePart(readFileSync(lockFile, 'utf8'), [...request.providers.keys()]);
    const missing = [...request.providers.keys()].filter((source) => !lockFileBlocks(text).has(fullAddress(source)));
    if (missing.length > 0) throw notLocked(request, `terraform locked nothing for ${missing.join(', ')}`);
    refuseSimulated(request.system, text);
    return text;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function blocks(providers: RequiredProviders): Readonly<Record<string, { readonly source: string; readonly version?: string }>> {
  return Object.fromEntries(
    [...providers].map(([source, version], index) => [`p${index}`, { source, ...(version !== '' && { version }) }] as const),
  );
}

function refuseSimulated(system: string, text: string): void {
  const simulated = simulatedLocks(text);
  if (simulated.length === 0) return;
  throw new TerraceError(
    {
      code: 'E4609',
      title: 'hashes of simulated providers',
      place: `stacks/${system}/.terraform.lock.hcl`,
      found: simulated.join(', '),
      expected: 'hashes of real packages',
      todo: "leave out --fs-mirror, or name a mirror of real packages: with the hashes of a sandbox's mirror, terraform would refuse the real providers",
    },
    exitCodes.refused,
  );
}

function notLocked(request: LockProvidersRequest, words: string): TerraceError {
  return new TerraceError({
    code: 'E4608',
    title: 'providers not locked',
    place: `stacks/${request.system}`,
    found: words.trim().split('\n').slice(-30).join('\n'),
    todo:
      request.fsMirror === undefined
        ? 'it needs the provider registries: leave the sandbox (sandbox env --unset), check the proxy, or name a mirror with --fs-mirror'
        : `make sure that ${request.fsMirror} has these versions for ${request.platforms.join(', ')}`,
  });
}
