import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Problem } from '../base/errors';
import { isObject } from '../base/json';
import { projectAbove } from '../base/project-root';
import { isSandbox } from '../base/sandbox-shell';

/** What lacks credentials, keys or rules: all of them are there in a sandbox. */
const lacking = new Set('E4101 E4105 E4302 E6013 E6021 E6022 E6023 E6032 E6046 E6048 E6049 E6070 E6074'.split(' '));

/** Where a command lacks what the shell of a sandbox has, and one runs in this project: how it is entered. Said once, whatever lacked it. */
export function sandboxHint(problems: readonly Problem[], env: Readonly<NodeJS.ProcessEnv>, cwd: string): string | undefined {
  if (isSandbox(env) || !problems.some(({ code }) => lacking.has(code))) return undefined;
  const project = projectAbove(cwd);
  return project !== undefined && isRunning(path.join(project, '.sandbox', 'daemon.json'))
    ? 'A sandbox runs in this project. To work in it: eval "$(npx terrace sandbox env)"'
    : undefined;
}

function isRunning(record: string): boolean {
  try {
    const value: unknown = JSON.parse(readFileSync(record, 'utf8'));
    const pid = isObject(value) ? value['pid'] : undefined;
    return typeof pid === 'number' && process.kill(pid, 0);
  } catch {
    return false;
  }
}
