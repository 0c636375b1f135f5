import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { linkPackages } from '../../terrace/git/link-packages';
import { projectRoot } from '../project-root';

/** A project of a generated system, `fleet`, in a folder of its own. */
export interface GeneratedProject {
  readonly root: string;
  /** Path of a unit in the middle of the tree. */
  readonly someUnit: string;
  /** Gives one unit another value, or none. */
  change(unit?: string): void;
  dispose(): void;
}

/** Writes the project; nothing of it is compiled or synthesized yet. The packages are those of this repository. */
export function generatedProject(units: number): GeneratedProject {
  const root = mkdtempSync(path.join(tmpdir(), 'terrace-generated-'));
  const change = (changed?: string): void =>
    writeFileSync(path.join(root, 'stacks', 'size.json'), `${JSON.stringify({ units, ...(changed === undefined ? {} : { changed }) })}\n`);
  mkdirSync(path.join(root, 'stacks'));
  for (const name of ['cdktf.json', 'tsconfig.json', 'package.json', '.gitignore'])
    cpSync(path.join(projectRoot, name), path.join(root, name));
  cpSync(path.join(projectRoot, 'bench', 'generated', 'main.ts'), path.join(root, 'main.ts'));
  linkPackages(projectRoot, root);
  symlinkSync(path.join(projectRoot, 'terrace'), path.join(root, 'node_modules', 'terrace'), 'dir');
  change();
  const region = Math.floor(Math.floor(units / 50) / 2);
  return {
    root,
    someUnit: `fleet/prod/cell-${region}/layer-0/unit-5`,
    change,
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}
