import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

import { findProject, projectAbove } from '../base/project-root';

/** Where one command line works. Made once from its words and handed down as a value. */
export interface CommandContext {
  /** The project's folder. Raises E0002 (exit 64) outside any, so that only a command that needs a project asks for it. */
  readonly project: () => string;
  /** The same, or undefined outside any project. */
  readonly projectIfAny: () => string | undefined;
  /** Folder whose repository holds rules and history: the project, outside any the working directory. */
  readonly repository: () => string;
  /**
   * Folder of working files: `.terrace` in the project. Outside any it is a cache folder of what the command was pointed at, a tree or
   * a bundle, below `$XDG_CACHE_HOME/terrace` (default `~/.cache/terrace`).
   */
  readonly work: (place: string) => string;
}

export interface ContextRequest {
  readonly cwd: string;
  /** `--project`: this folder and no other. */
  readonly project?: string;
  readonly env: NodeJS.ProcessEnv;
}

export function commandContext({ cwd, project, env }: ContextRequest): CommandContext {
  const from = project === undefined ? cwd : path.resolve(cwd, project);
  const projectIfAny = (): string | undefined => (project === undefined ? projectAbove(from) : findProject(from));
  return {
    project: () => findProject(from),
    projectIfAny,
    repository: () => projectIfAny() ?? cwd,
    work: (place) => {
      const root = projectIfAny();
      return root === undefined ? path.join(cacheFolder(env), placeId(path.resolve(cwd, place))) : path.join(root, '.terrace');
    },
  };
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  return path.join(env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'terrace');
}

/** The same for every way of writing a path. */
function placeId(place: string): string {
  let real = place;
  try {
    real = realpathSync(place);
  } catch {
    // What is not there has working files all the same, until the command says that it is not there.
  }
  return createHash('sha256').update(real).digest('hex').slice(0, 16);
}
