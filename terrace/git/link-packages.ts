import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/**
 * Gives a second work tree of a repository the installed packages of the first: a link to each. A package that is a folder of the
 * repository itself (a workspace) is linked to the second tree's own folder, so that its code is the one of its commit;
 * the packages that are installed for it alone come along.
 * Does nothing where there is no `node_modules`, or the second tree has one.
 */
export function linkPackages(root: string, tree: string): void {
  const from = path.join(root, 'node_modules');
  const to = path.join(tree, 'node_modules');
  if (!existsSync(from) || existsSync(to)) return;
  mkdirSync(to);
  const own = realpathSync(root);
  for (const name of names(from)) {
    // A link to a folder that this commit does not have.
    if (!existsSync(path.join(from, name))) continue;
    const target = realpathSync(path.join(from, name));
    const inside = path.relative(own, target);
    const isWorkspace = !inside.startsWith('..') && !path.isAbsolute(inside) && !inside.split(path.sep).includes('node_modules');
    // A workspace that the second tree's commit does not have is no package of it.
    if (isWorkspace && !existsSync(path.join(tree, inside))) continue;
    mkdirSync(path.dirname(path.join(to, name)), { recursive: true });
    symlinkSync(isWorkspace ? path.join(tree, inside) : target, path.join(to, name), 'dir');
    if (isWorkspace) linkPackages(target, path.join(tree, inside));
  }
}

/** Names of the installed packages, with their scope; and the folder of their programs. */
function names(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('@')) return readdirSync(path.join(folder, entry.name)).map((name) => `${entry.name}/${name}`);
    return entry.name === '.bin' || !entry.name.startsWith('.') ? [entry.name] : [];
  });
}
