import path from 'node:path';

import { TerraceError } from '../base/errors';
import { packageRoot } from '../base/package-file';
import { sourceLineOf } from '../base/source-line';
import { firstLine, messageOf } from '../base/message';
import { whileSourceIsClosed } from '../tree/closed-source';
import type { Project } from '../tree/project';

/** Compiles the project's sources; gives the folder of the compiled modules. */
export function compiledProject(root: string): string {
  // The compiler is plain JavaScript beside the compiled package: it runs before anything is compiled.
  const { compileProject }: typeof import('../bin/compile') = require(path.join(packageRoot(), 'bin', 'compile.js'));
  return compileProject(root);
}

/** The project that `main.ts` exports. Raises E0004 when it exports none. */
export function loadProject(root: string): Project {
  const main = path.join(compiledProject(root), 'main');
  const { project } = whileSourceIsClosed(() => requireMain(main));
  if (project === undefined)
    throw new TerraceError({
      code: 'E0004',
      title: 'no project in main.ts',
      place: 'main.ts',
      found: 'no export called project',
      expected: 'export const project: Project',
      todo: 'export the systems of this repository',
    });
  return project;
}

/** Raises E0021 where `main.ts`, or what it imports at once, throws or is missing. */
function requireMain(main: string): { readonly project?: Project } {
  try {
    const exported: { readonly project?: Project } = require(main);
    return exported;
  } catch (cause) {
    if (cause instanceof TerraceError) throw cause;
    throw new TerraceError(
      {
        code: 'E0021',
        title: 'project cannot be loaded',
        place: sourceLineOf(cause instanceof Error ? cause.stack : undefined)?.text ?? 'main.ts',
        found: firstLine(messageOf(cause)),
        todo: 'correct main.ts, or the file that it imports',
      },
      undefined,
      { cause },
    );
  }
}
