import { spawn } from 'node:child_process';

import { messageOf } from '../../../../base/message';
import type { ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { resolvePath } from './paths';

export interface Program {
  /** Name or path, then its arguments. */
  readonly program: readonly string[];
  /** Where it runs; relative to terraform's folder. */
  readonly directory: string;
  /** What it reads. */
  readonly input: string;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bytes of an output; more ends the program. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Runs a program as terraform's own process would: in its folder and with its variables, those of the sandbox's shell, by which no address but
 * this machine's is reached. Refuses where the system does not tell which process asks, since its variables are then not known, and what cannot be started.
 */
export async function runProgram(call: ResourceCall, { program, directory, input }: Program): Promise<Ran> {
  const [name = '', ...args] = program;
  const { caller } = call.settings;
  if (caller?.known !== true)
    throw new Refusal(
      'program not run',
      `${name}: on this system the sandbox does not know terraform's variables; give the result by a variable`,
    );
  const child = spawn(name, args, { cwd: resolvePath(call, directory), env: { ...caller.environment }, stdio: 'pipe' });
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let bytes = 0;
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) child.kill('SIGKILL');
      else output[stream].push(chunk);
    });
  // A program that reads nothing closes its input early.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new Refusal('program not started', `${name}: ${messageOf(error, name)}`)));
    child.once('close', (status, signal) => resolve(status ?? (signal === null ? 1 : 128)));
  });
  return { code, stdout: Buffer.concat(output.stdout).toString('utf8'), stderr: Buffer.concat(output.stderr).toString('utf8') };
}
