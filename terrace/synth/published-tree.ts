import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../base/errors';
import { messageOf } from '../base/message';

/**
 * Extracts `live/<system>` of a branch into `folder/<system>` and gives that path, so that it can be compared like one on disk.
 * Raises E3303 where the branch, or the tree in it, does not exist.
 */
export function extractPublishedTree(repository: string, branch: string, system: string, folder: string): string {
  const target = path.join(folder, system);
  mkdirSync(target, { recursive: true });
  const tree = `${branch}:live/${system}`;
  try {
    const archive = execFileSync('git', ['archive', '--format=tar', tree], {
      cwd: repository,
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    execFileSync('tar', ['-x', '-C', target], { input: archive });
  } catch (error) {
    throw new TerraceError(
      {
        code: 'E3303',
        title: 'tree not published',
        place: tree,
        found: messageOf(error).split('\n')[1] ?? messageOf(error),
        expected: `live/${system} on branch ${branch}, as the root setting liveTree says`,
        todo: `publish it with \`terrace publish ${system}\`, or fetch the branch`,
      },
      undefined,
      { cause: error },
    );
  }
  return target;
}
