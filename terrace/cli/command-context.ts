import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

import { exitCodes, TerraceError } from '../base/errors';
import { findProject, projectAbove } from '../base/project-root';

/** Where one command line works. Made once from its words and handed down as a value. */
export interface CommandContext {
  /** The project's folder. Raises E0002 (exit 64) outside any, so that only a command that needs a project asks for it. */
  readonly project: () => string;
  /** The same, or undefined outside any project. */
  readonly projectIfAny: () => string | undefined;
  /** Folder whose repository holds rules and history: `--repository`, else the project, outside any the working directory. */
  readonly repository: () => string;
  /** Where it is known what a change is made of: `--repository`, or the project that is a repository; undefined elsewhere. */
  readonly history: () => string | undefined;
  /**
   * Folder of working files: `.terrace` in the project. Outside any it is a cache folder of what the command was pointed at, a tree or
   * a bundle, below `$XDG_CACHE_HOME/terrace` (default `~/.cache/terrace`).
   */
  readonly work: (place: string) => string;
  /** `--include-planned`: include planned environments: described but not built yet. */
  readonly includePlanned: boolean;
}

/** What of it decides which source is read. */
export type SourceContext = Pick<CommandContext, 'project' | 'includePlanned'>;

/** Where a command works that may be pointed at a synthesized tree. */
export interface TreeContext extends CommandContext {
  /** `--tree`: taken as it is, without loading any source. @default the source's, synthesized now */
  readonly tree?: string;
}

/** The same place, pointed at a tree. */
export function onTree(context: CommandContext, tree: string | undefined): TreeContext {
  return tree === undefined ? context : { ...context, tree: path.resolve(tree) };
}

export interface ContextRequest {
  readonly cwd: string;
  /** `--project`: this folder and no other. */
  readonly project?: string;
  /** `--repository`: a work tree or a bare repository. */
  readonly repository?: string;
  /** False where no project's source can be loaded: then no command that needs one runs (E0010). @default true */
  readonly source?: boolean;
  /** @default false */
  readonly includePlanned?: boolean;
  readonly env: NodeJS.ProcessEnv;
}

export function commandContext({ cwd, project, repository, source = true, includePlanned = false, env }: ContextRequest): CommandContext {
  const from = project === undefined ? cwd : path.resolve(cwd, project);
  const given = repository === undefined ? undefined : path.resolve(cwd, repository);
  const projectIfAny = (): string | undefined => (project === undefined ? projectAbove(from) : findProject(from));
  return {
    includePlanned,
    project: () => {
      if (!source) throw withoutSource();
      return findProject(from);
    },
    projectIfAny,
    repository: () => given ?? projectIfAny() ?? cwd,
    history: () => {
      const root = given ?? projectIfAny();
      return root !== undefined && (given !== undefined || existsSync(path.join(root, '.git'))) ? root : undefined;
    },
    work: (place) => {
      const root = projectIfAny();
      return root === undefined ? path.join(cacheFolder(env), placeId(path.resolve(cwd, place))) : path.join(root, '.terrace');
    },
  };
}

function withoutSource(): TerraceError {
  return new TerraceError(
    {
      code: 'E0010',
      title: 'no source in this program',
      found: 'the single-file program does not load the TypeScript of a project',
      todo: 'pass a synthesized tree with --tree, or run the installed package: npx --no terrace',
    },
    exitCodes.wrongUsage,
  );
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
