import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { projectRoot } from '../terrace/project-root';

export interface Measured {
  readonly seconds: number;
  /** Peak resident memory of the process itself, 0 where /proc does not tell. */
  readonly megabytes: number;
}

/** Runs a program to its end with its output thrown away, and measures wall time and peak memory. Raises an error unless it ends with 0. */
export function measureProcess(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, {
      cwd: options.cwd ?? projectRoot(),
      env: options.env ?? process.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    let megabytes = 0;
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const watch = setInterval(() => (megabytes = Math.max(megabytes, peakMegabytes(child.pid))), 20);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ seconds: (performance.now() - started) / 1000, megabytes });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}\n${errors}`));
    });
  });
}

function peakMegabytes(pid: number | undefined): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(peak ?? 0) / 1024;
  } catch {
    return 0;
  }
}
