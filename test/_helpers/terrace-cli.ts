import { spawn } from 'node:child_process';
import path from 'node:path';

import { projectRoot } from './project-root';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line while it runs, in a process group of its own as a shell would start it. */
export interface RunningCli {
  readonly pid: number;
  /** Sends a signal to the process alone, or to its whole group as a terminal does at Ctrl-C. */
  signal(name: NodeJS.Signals, to: 'process' | 'group'): void;
  readonly ended: Promise<CliResult>;
}

/** Starts the command line as a user does; `before` are words of a program that runs it. */
export function startCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  { cwd = projectRoot, before = [] }: { readonly cwd?: string; readonly before?: readonly string[] } = {},
): RunningCli {
  const [program = process.execPath, ...rest] = [
    ...before,
    process.execPath,
    path.join(projectRoot, 'terrace', 'bin', 'terrace.js'),
    ...args,
  ];
  const child = spawn(program, rest, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const pid = child.pid ?? 0;
  return {
    pid,
    signal: (name, to) => void process.kill(to === 'group' ? -pid : pid, name),
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) =>
        resolve({ code, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') }),
      );
    }),
  };
}

/** Runs the command line to its end. */
export function terraceCli(args: readonly string[], env: NodeJS.ProcessEnv = process.env, cwd = projectRoot): Promise<CliResult> {
  return startCli(args, env, { cwd }).ended;
}
