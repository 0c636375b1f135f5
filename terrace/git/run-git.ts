import { execFileSync } from 'node:child_process';

import { TerraceError } from '../base/errors';

export interface GitOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Runs git and gives its trimmed output. Raises E4601 with git's own words where it fails. */
export function git(args: readonly string[], options: GitOptions): string {
  try {
    return execFileSync('git', args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      input: options.input ?? '',
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'pipe'],
    }).trim();
  } catch (error) {
    const words = typeof error === 'object' && error !== null ? Reflect.get(error, 'stderr') : undefined;
    throw new TerraceError(
      {
        code: 'E4601',
        title: 'git failed',
        place: options.cwd,
        found: `git ${args.join(' ').slice(0, 200)}\n${String(words ?? error).trim()}`,
        todo: 'read the message of git; nothing was published',
      },
      1,
      { cause: error },
    );
  }
}

/** As {@link git}, but undefined where it fails. */
export function tryGit(args: readonly string[], options: GitOptions): string | undefined {
  try {
    return git(args, options);
  } catch {
    return undefined;
  }
}
