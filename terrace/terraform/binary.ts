import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../base/errors';

/** A terraform or OpenTofu program that Terrace may run. */
export interface TerraformBinary {
  /** Absolute path. */
  readonly path: string;
  readonly name: 'terraform' | 'tofu';
  /** `1.11.4`, without a leading `v`. */
  readonly version: string;
}

/** The first version whose S3 backend reads `AWS_ENDPOINT_URL_*`, which the sandbox needs. */
export const oldestTerraform = '1.6.0';

/**
 * Finds the program that TERRAFORM_BINARY_NAME names (a name on PATH or a path; `terraform` by default) and asks its version.
 * Raises E8001 when it is absent, E8002 when it is below 1.6 and E8003 when it does not answer with a version.
 */
export async function findTerraform(env: NodeJS.ProcessEnv = process.env): Promise<TerraformBinary> {
  const wanted =
    env['TERRAFORM_BINARY_NAME'] === undefined || env['TERRAFORM_BINARY_NAME'] === '' ? 'terraform' : env['TERRAFORM_BINARY_NAME'];
  const file = locate(wanted, env);
  if (file === undefined) throw new TerraceError(absent(wanted, env));
  const name = path.basename(file).startsWith('tofu') ? 'tofu' : 'terraform';
  const version = await versionOf(file, env);
  if (version === undefined) {
    throw new TerraceError({
      code: 'E8003',
      title: 'terraform gives no version',
      place: file,
      found: `"${wanted} version -json" did not print a version`,
      todo: `run it by hand; ${howToInstall(name)}`,
    });
  }
  if (compareVersions(version, oldestTerraform) < 0) {
    throw new TerraceError({
      code: 'E8002',
      title: 'terraform too old',
      place: file,
      found: `${name} ${version}`,
      expected: `${oldestTerraform} or newer: older versions do not read AWS_ENDPOINT_URL_S3, so the sandbox could not hold their state`,
      todo: howToInstall(name),
    });
  }
  return { path: file, name, version };
}

/** Negative when a is older than b; a pre-release (`1.6.0-rc1`) is older than its release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => {
    const [core = '', pre] = version.split(/-(.*)/s);
    return { numbers: core.split('.').map(Number), pre };
  });
  if (left === undefined || right === undefined) return 0;
  for (let i = 0; i < 3; i++) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.pre === right.pre) return 0;
  if (left.pre === undefined) return 1;
  if (right.pre === undefined) return -1;
  return left.pre < right.pre ? -1 : 1;
}

function locate(wanted: string, env: NodeJS.ProcessEnv): string | undefined {
  if (wanted.includes('/') || wanted.includes(path.sep)) return executable(path.resolve(wanted));
  for (const folder of (env['PATH'] ?? '').split(path.delimiter)) {
    if (folder === '') continue;
    const found =
      executable(path.join(path.resolve(folder), wanted)) ??
      (process.platform === 'win32' ? executable(path.join(path.resolve(folder), `${wanted}.exe`)) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function executable(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

function versionOf(file: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, ['version', '-json'], { env: { PATH: env['PATH'], CHECKPOINT_DISABLE: '1' }, timeout: 30_000 }, (_error, stdout) => {
      const version = /"terraform_version"\s*:\s*"v?([0-9]+\.[0-9]+\.[0-9]+[^"]*)"/.exec(stdout)?.[1];
      resolve(version);
    });
  });
}

function absent(wanted: string, env: NodeJS.ProcessEnv) {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return {
    code: 'E8001',
    title: 'no terraform',
    found: wanted.includes('/')
      ? `no program at ${wanted} (TERRAFORM_BINARY_NAME)`
      : `no program "${wanted}" on PATH; looked in\n${folders.map((folder) => `  ${folder}`).join('\n') || '  (PATH is empty)'}`,
    todo: howToInstall(wanted.includes('tofu') ? 'tofu' : 'terraform'),
  };
}

function howToInstall(name: 'terraform' | 'tofu'): string {
  return name === 'tofu'
    ? 'install OpenTofu 1.6 or newer: https://opentofu.org/docs/intro/install/ (brew install opentofu; snap install opentofu --classic),\nor unset TERRAFORM_BINARY_NAME to use terraform'
    : 'install Terraform 1.6 or newer: https://developer.hashicorp.com/terraform/install (brew install hashicorp/tap/terraform;\napt-get install terraform after adding apt.releases.hashicorp.com), or use OpenTofu with TERRAFORM_BINARY_NAME=tofu';
}
