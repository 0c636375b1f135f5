import path from 'node:path';

import { exitCodes, TerraceError } from '../../base/errors';
import type { CommandContext } from '../command-context';
import {
  type EnvironmentOptions,
  resetSandbox,
  runningSandbox,
  type SandboxStatus,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from '../../sandbox/control';
import { synthesizedModel } from '../../sandbox/environment/synthesized';
import { enterLines, leaveLines, listedNames, shellPid } from '../../sandbox/environment/shell';

export interface FolderFlags {
  /** The sandbox's folder; the shell's, else `.sandbox` in the project. */
  readonly dir?: string;
}

export interface EnvFlags extends FolderFlags {
  readonly account?: string;
  readonly unit?: string;
  readonly unset?: boolean;
  readonly json?: boolean;
}

/** The sandbox's folder: the one named, else the one that the shell is in, else the project's. */
export function sandboxFolder(context: CommandContext, { dir }: FolderFlags): string {
  return path.resolve(dir ?? process.env['TERRACE_SANDBOX_DIR'] ?? path.join(context.project(), '.sandbox'));
}

/** `terrace sandbox start` */
export async function runStart(
  context: CommandContext,
  flags: FolderFlags & { readonly newPorts?: boolean; readonly json?: boolean },
): Promise<void> {
  const dir = sandboxFolder(context, flags);
  await startSandbox({ dir, project: context.project(), newPorts: flags.newPorts ?? false });
  await runStatus(context, { dir, json: flags.json ?? false });
  if (flags.json !== true) process.stderr.write('enter it with: eval "$(npx --no terrace sandbox env)"\n');
}

/** `terrace sandbox stop` */
export async function runStop(context: CommandContext, flags: FolderFlags): Promise<void> {
  const dir = sandboxFolder(context, flags);
  process.stdout.write((await stopSandbox(dir)) ? `stopped; the data stays in ${dir}\n` : 'not running\n');
}

/** `terrace sandbox status` */
export async function runStatus(context: CommandContext, flags: FolderFlags & { readonly json?: boolean }): Promise<void> {
  const dir = sandboxFolder(context, flags);
  const status = await sandboxStatus(dir);
  process.stdout.write(flags.json === true ? `${JSON.stringify({ version: 1, dir, ...status }, null, 2)}\n` : `${describe(dir, status)}\n`);
  if (status.state !== 'running') process.exitCode = exitCodes.failed;
}

/** `terrace sandbox reset` */
export async function runReset(context: CommandContext, flags: FolderFlags): Promise<void> {
  const dir = sandboxFolder(context, flags);
  const before = await sandboxStatus(dir);
  await resetSandbox({ dir, project: context.project() });
  process.stdout.write(
    before.state === 'absent' ? 'nothing to reset\n' : `emptied ${dir}; evaluate sandbox env again to get new generated values\n`,
  );
}

/** `terrace sandbox env` */
export async function runEnv(context: CommandContext, flags: EnvFlags): Promise<void> {
  const listed = listedNames(process.env);
  if (flags.unset === true) {
    if (listed.length === 0) process.stderr.write('this shell is not in a sandbox\n');
    else process.stdout.write(`${leaveLines(listed).join('\n')}\n`);
    return;
  }
  const project = context.project();
  const dir = sandboxFolder(context, flags);
  const sandbox = (await runningSandbox({ dir, project })) ?? (await startSandbox({ dir, project }));
  const options = {
    ...(await treeBeforeSynth(project, context.includePlanned)),
    ...(flags.account === undefined ? {} : { account: flags.account }),
    ...(flags.unit === undefined ? {} : { unit: flags.unit }),
  };
  if (flags.json === true) {
    const status = await sandboxStatus(dir);
    if (status.state !== 'running')
      throw new TerraceError({
        code: 'E5001',
        title: 'sandbox not running',
        place: dir,
        found: 'it has just stopped',
        todo: 'run the command again',
      });
    const variables = sandbox.environment({ ...options, lifetime: status.daemon.pid });
    process.stdout.write(`${JSON.stringify({ version: 1, id: sandbox.id, dir, variables }, null, 2)}\n`);
    return;
  }
  process.stdout.write(`${enterLines(sandbox.environment({ ...options, lifetime: shellPid }), listed).join('\n')}\n`);
}

/** The tree as its source has it, where nothing has been synthesized yet. */
async function treeBeforeSynth(project: string, includePlanned: boolean): Promise<Pick<EnvironmentOptions, 'model' | 'units'>> {
  if (synthesizedModel(project) !== undefined) return {};
  try {
    const { loadModel } = await import('../project');
    const model = await loadModel(project, [], includePlanned);
    return { model, units: model.units };
  } catch (error) {
    if (!(error instanceof TerraceError)) throw error;
    process.stderr.write(`the tree cannot be built, so the account and the variables are placeholders:\n${error.message}\n`);
    return {};
  }
}

function describe(dir: string, status: SandboxStatus): string {
  switch (status.state) {
    case 'absent':
      return `no sandbox in ${dir}`;
    case 'stopped':
      return `sandbox ${status.settings.id} is stopped; its data is in ${dir}`;
    case 'stale':
      return `sandbox ${status.settings.id} ended unexpectedly; its data is in ${dir}; start it again`;
    case 'running': {
      const { daemon } = status;
      const providers = Object.keys(daemon.reattach).filter((source) => source.startsWith('registry.terraform.io/'));
      return [
        `sandbox ${daemon.id} runs on 127.0.0.1:${daemon.port} (process ${daemon.pid})`,
        `data       ${dir}`,
        `S3         ${daemon.buckets} buckets, ${daemon.objects} objects`,
        `DynamoDB   ${daemon.tables} tables`,
        `providers  ${providers.length === 0 ? 'none' : providers.map((source) => source.replace('registry.terraform.io/', '')).join(', ')}`,
      ].join('\n');
    }
  }
}
