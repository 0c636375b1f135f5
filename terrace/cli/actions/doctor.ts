import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';

import { exitCodes, TerraceError } from '../../base/errors';
import { apart } from '../../base/apart';
import { packageRoot } from '../../base/package-file';
import { isSandbox } from '../../base/sandbox-shell';
import { modelName, readModel } from '../../model/model-file';
import { sandboxStatus } from '../../sandbox/control';
import { sandboxBuild } from '../../sandbox/daemon/build';
import { findTerraform } from '../../terraform/binary';
import type { CommandContext } from '../command-context';
import { failedCheck, type Check } from '../doctor/check';
import { environmentChecks, sandboxCheck } from '../doctor/places';
import { cdktfCheck, clockCheck, nodeCheck, sourceCheck, terragruntCheck } from '../doctor/programs';
import { renderTable } from '../table';
import { sandboxFolder } from './sandbox';

export interface DoctorFlags {
  readonly json?: boolean;
  /** False with `--offline`. */
  readonly online: boolean;
}

/** `terrace doctor`: looks, changes nothing. Ends with 1 where something failed. */
export async function runDoctor(context: CommandContext, flags: DoctorFlags): Promise<void> {
  const checks = await gather(context, process.env, flags.online);
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ version: 1, checks }, null, 2)}\n`);
  else process.stdout.write(`${doctorText(checks)}\n`);
  if (checks.some(({ state }) => state === 'failed')) process.exitCode = exitCodes.failed;
}

/** The checks as a table; what to do stands below it, once for each check. */
export function doctorText(checks: readonly Check[]): string {
  const rows = checks.map(({ name, state, found }) => [name, state, found]);
  const todos = checks.flatMap(({ name, state, todo }) => (todo === undefined || state === 'ok' ? [] : [`${name}: ${todo}`]));
  return [renderTable(['check', 'state', 'found'], rows, ['left', 'left', 'left']), ...(todos.length === 0 ? [] : ['', ...todos])].join(
    '\n',
  );
}

async function gather(context: CommandContext, env: NodeJS.ProcessEnv, online: boolean): Promise<readonly Check[]> {
  const own: { readonly version: string; readonly engines: { readonly node: string } } = JSON.parse(
    readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'),
  );
  const root = context.projectIfAny();
  const node = process.versions.node;
  const inside = isSandbox(env);
  const [terraform, terragrunt, clock] = await Promise.all([
    terraformCheck(env),
    versionFrom('terragrunt', env),
    online && !inside ? remoteTime() : Promise.resolve(undefined),
  ]);
  const project: Check =
    root === undefined
      ? {
          name: 'project',
          state: 'failed',
          found: 'no cdktf.json in this folder or above it',
          todo: 'run terrace init, or name one with --project',
        }
      : { name: 'project', state: 'ok', found: root };
  return [
    { name: 'terrace', state: 'ok', found: own.version },
    nodeCheck(node, own.engines.node, new Date().toISOString().slice(0, 10)),
    terraform,
    terragruntCheck(terragrunt),
    cdktfCheck(node, {
      library: installed('cdktf', root)?.version,
      cli: installed('cdktf-cli', root)?.version,
      terminal: installed('@cdktf/node-pty-prebuilt-multiarch', root)?.name,
    }),
    project,
    ...(root === undefined ? [] : [sourceCheck(apart(root).how)]),
    clockCheck(new Date(), clock),
    ...(root === undefined ? [] : [sandboxCheck(await sandboxStatus(sandboxFolder(context, {})), inside, sandboxBuild())]),
    ...(root === undefined ? [] : await places(root, env, online || inside)),
  ];
}

async function terraformCheck(env: NodeJS.ProcessEnv): Promise<Check> {
  try {
    const { name, version, path: file } = await findTerraform(env);
    return { name: 'terraform', state: 'ok', found: `${name} ${version} (${file})` };
  } catch (error) {
    const [problem] = error instanceof TerraceError ? error.problems : [];
    if (problem === undefined) throw error;
    return failedCheck('terraform', problem);
  }
}

/** Credentials and backends of the tree that is written; the source is not run for it. */
async function places(root: string, env: NodeJS.ProcessEnv, online: boolean): Promise<readonly Check[]> {
  const skipped = (found: string, todo: string): readonly Check[] => [{ name: 'credentials, backends', state: 'skipped', found, todo }];
  if (!online) return skipped('not checked', 'leave out --offline');
  try {
    return await environmentChecks(readModel(path.join(root, 'live')), env);
  } catch (error) {
    if (error instanceof TerraceError && error.problems[0]?.code === 'E3301')
      return skipped(`no live/${modelName} yet`, 'run terrace synth first');
    throw error;
  }
}

function installed(name: string, root: string | undefined): { readonly name: string; readonly version: string } | undefined {
  try {
    const file = require.resolve(`${name}/package.json`, { paths: [root ?? process.cwd()] });
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function versionFrom(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], { env, timeout: 10_000 }, (_error, stdout) => resolve(/v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1]));
  });
}

/** The time that AWS's STS gives; undefined where it does not answer within three seconds (a proxy, no network). */
function remoteTime(): Promise<Date | undefined> {
  return new Promise((resolve) => {
    const asked = request('https://sts.amazonaws.com/', { method: 'HEAD', timeout: 3000 }, (response) => {
      response.resume();
      const date = new Date(response.headers.date ?? '');
      resolve(Number.isNaN(date.getTime()) ? undefined : date);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}
