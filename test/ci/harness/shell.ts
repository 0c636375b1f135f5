import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

import type { ScriptOutcome } from './kept-scripts';

/** Runs a script as a runner does with `shell: bash`, in a process group of its own, whose number `started` gets. */
export function bash(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  started: (pid: number | undefined) => void,
): Promise<ScriptOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    started(child.pid);
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (log += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, log }));
  });
}

/** The outputs that a step wrote into its file, one `name=value` a line. */
export function outputsOf(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  return Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
