import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from './project-root';

export interface Measured {
  readonly seconds: number;
  /** Peak resident memory, 0 where /proc does not tell. */
  readonly megabytes: number;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Wall time of a program, its output thrown away, and the peak memory of its own process. Raises an error unless it ends with 0. */
export function measureProcess(command: string, args: readonly string[], options: ProcessOptions = {}): Promise<Measured> {
  return measure(command, args, options, peakMegabytes, 20);
}

/** The same with everything that the program started: the largest sum of resident memory, looked at every 50 ms. */
export function measureTree(command: string, args: readonly string[], options: ProcessOptions = {}): Promise<Measured> {
  return measure(command, args, options, treeMegabytes, 50);
}

function measure(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
  memory: (pid: number) => number,
  milliseconds: number,
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, {
      cwd: options.cwd ?? projectRoot,
      env: options.env ?? process.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    let megabytes = 0;
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const watch = setInterval(() => (megabytes = Math.max(megabytes, memory(child.pid ?? 0))), milliseconds);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ seconds: (performance.now() - started) / 1000, megabytes });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}\n${errors}`));
    });
  });
}

function peakMegabytes(pid: number): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(peak ?? 0) / 1024;
  } catch {
    return 0;
  }
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

/** Where terragrunt lies, if it does: the folder of the tools, or on PATH. */
export function terragruntPath(): string | undefined {
  const folders = [
    ...(process.env['TERRACE_TOOLS'] === undefined ? [] : [process.env['TERRACE_TOOLS'], path.join(process.env['TERRACE_TOOLS'], 'bin')]),
    ...(process.env['PATH'] ?? '').split(path.delimiter),
  ];
  return folders.map((folder) => path.join(folder, 'terragrunt')).find((file) => existsSync(file));
}
