import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Texts that a program in one file carries, by their paths within the sources; the bundler sets them. */
declare const TERRACE_TEXTS: Readonly<Record<string, string>> | undefined;

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

/** The text of such a file. A program in one file carries those that it needs. */
export function packageText(name: string): string {
  const carried = typeof TERRACE_TEXTS === 'undefined' ? undefined : TERRACE_TEXTS[name];
  return carried ?? readFileSync(packageFile(name), 'utf8');
}
