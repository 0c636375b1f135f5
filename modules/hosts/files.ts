import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** A file that is handed to another tool. */
export interface HandedFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly content: () => string;
  readonly executable?: boolean;
}

/** The files below a folder, sorted, as they are. */
export function filesBelow(folder: string): readonly HandedFile[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile() && !name.split(path.sep).includes('__pycache__'))
    .sort();
  return names.map((name) => ({
    path: name.split(path.sep).join('/'),
    content: () => readFileSync(path.join(folder, name), 'utf8'),
    executable: (statSync(path.join(folder, name)).mode & 0o100) !== 0,
  }));
}

/** The Ansible role that installs Docker from its own repository; who uses it adds `files/daemon.json`. */
export function dockerRole(): readonly HandedFile[] {
  return filesBelow(path.join(__dirname, 'ansible', 'roles', 'docker')).map((file) => ({ ...file, path: `roles/docker/${file.path}` }));
}
