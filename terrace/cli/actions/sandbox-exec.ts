import { spawn } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, TerraceError } from '../../base/errors';
import { messageOf } from '../../base/message';
import type { CommandContext } from '../command-context';
import { startSandbox } from '../../sandbox/control';
import { layoutOf } from '../../sandbox/daemon/layout';
import { mirrorEnvironment, writeMirror } from '../../sandbox/providers/mirror/mirror';
import { namesTerraform, providerNotes } from '../../sandbox/providers/tools/provider-notes';
import { requiredProviders } from '../../sandbox/providers/tools/required-providers';
import { sandboxFolder, type FolderFlags } from './sandbox';

export interface ExecFlags extends FolderFlags {
  readonly mirror?: boolean;
  readonly account?: string;
}

/** `terrace sandbox exec -- <command>`: the command's exit code becomes this one's. Raises E5312 when it cannot be started. */
export async function runExec(context: CommandContext, command: readonly string[], flags: ExecFlags): Promise<void> {
  const project = context.project();
  const dir = sandboxFolder(context, flags);
  const sandbox = await startSandbox({ dir, project });
  const variables = sandbox.environment(flags.account === undefined ? {} : { account: flags.account });
  let cwd = process.cwd();
  let over: Readonly<Record<string, string>> = variables;
  if (flags.mirror === true) {
    writeMirror(project, dir, layoutOf(dir).mirror);
    over = mirrorEnvironment(variables);
    cwd = copyForMirror(project, cwd, dir);
    process.stderr.write(`mirror mode runs in ${cwd}\n`);
  }
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...over }).filter(([name, value]) => value !== undefined && over[name] !== ''),
  );
  const dataDir = env['TF_DATA_DIR'] ?? '.terraform';
  const told = namesTerraform(command) ? tell(project, cwd, dataDir, []) : [];
  process.exitCode = await run(command, cwd, env);
  // Modules are there after init only.
  if (namesTerraform(command) && command.some((part) => /\binit\b/.test(part))) tell(project, cwd, dataDir, told);
}

/** Says on the error output what is to be known of the providers that a folder asks for, and has not been said yet. */
function tell(project: string, cwd: string, dataDir: string, told: readonly string[]): readonly string[] {
  const notes = providerNotes(project, requiredProviders(cwd, dataDir)).filter((note) => !told.includes(note));
  for (const note of notes) process.stderr.write(`sandbox: ${note}\n`);
  return notes;
}

/** Mirror mode writes the fakes' hashes into lock files, so it never runs where a real tree stands. */
function copyForMirror(project: string, from: string, sandboxDir: string): string {
  const relative = path.relative(project, from);
  const target = path.join(sandboxDir, 'runs', relative.startsWith('..') || path.isAbsolute(relative) ? path.basename(from) : relative);
  if (from.startsWith(path.join(sandboxDir, 'runs'))) return from;
  mkdirSync(target, { recursive: true });
  cpSync(from, target, {
    recursive: true,
    filter: (source) => !/(^|\/)(\.terraform[^/]*|\.git|\.sandbox|node_modules)$/.test(source) || source.endsWith('.terraform.lock.hcl'),
  });
  return target;
}

function run(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit' });
    // The terminal interrupts the command itself; this process waits for its end.
    const wait = (): void => undefined;
    process.on('SIGINT', wait);
    child.once('error', (error) =>
      reject(
        new TerraceError(
          {
            code: 'E5312',
            title: 'command not started',
            place: program,
            found: messageOf(error, program),
            todo: 'after --, name a command that is on PATH',
          },
          exitCodes.wrongUsage,
        ),
      ),
    );
    child.once('close', (code, signal) => {
      process.removeListener('SIGINT', wait);
      resolve(code ?? (signal === 'SIGINT' ? 130 : exitCodes.failed));
    });
  });
}
