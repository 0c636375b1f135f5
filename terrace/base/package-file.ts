import { existsSync } from 'node:fs';
import path from 'node:path';

/** The package's own folder: the nearest one upwards from this file with a `package.json`, wherever this file was compiled to. */
export function packageRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (path.dirname(folder) === folder) throw new Error(`no package.json above ${__dirname}`);
  }
}

/** A file that the package reads beside its code, by its path within the sources: in a checkout the source itself, else its copy in `dist/`. */
export function packageFile(name: string): string {
  const root = packageRoot();
  const source = path.join(root, name);
  return existsSync(source) ? source : path.join(root, 'dist', name);
}
