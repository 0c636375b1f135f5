import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

import { projectRoot } from '../terrace/project-root';

/** One program with everything that it started. */
export interface MeasuredTree {
  readonly seconds: number;
  /** Largest sum of the resident memory of the program and all of its descendants, looked at every 50 ms; 0 without /proc. */
  readonly megabytes: number;
}

/** Runs a program to its end with its output thrown away. Raises an error unless it ends with 0. */
export function measureTree(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<MeasuredTree> {
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
    const watch = setInterval(() => (megabytes = Math.max(megabytes, treeMegabytes(child.pid ?? 0))), 50);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ seconds: (performance.now() - started) / 1000, megabytes });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}\n${errors}`));
    });
  });
}

function treeMegabytes(root: number): number {
  const parents = new Map<number, number>();
  const sizes = new Map<number, number>();
  for (const name of names('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
      sizes.set(Number(name), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It ended meanwhile.
    }
  }
  let sum = 0;
  for (const [pid, size] of sizes)
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) if (at === root) sum += size;
  return sum;
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
