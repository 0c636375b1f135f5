import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

interface Artefact {
  readonly id: string;
  readonly folder: string;
}

/** What the jobs of one run hand to each other. A re-run starts with none; what an earlier attempt handed over stays on disk, for searches. */
export class Artefacts {
  readonly #kept = new Map<string, Artefact>();

  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** Keeps files below `work` under a name; gives the id, undefined where none of them is there, as `if-no-files-found: error` says. */
  give(name: string, attempt: number, work: string, files: readonly string[]): string | undefined {
    const id = String(this.#kept.size + 1);
    const folder = path.join(this.folder, `${attempt}-${id}-${name}`);
    mkdirSync(folder, { recursive: true });
    const found = files.map((file) => path.resolve(work, file)).filter((file) => existsSync(file));
    // Of a folder, what is in it.
    for (const from of found)
      cpSync(from, statSync(from).isDirectory() ? folder : path.join(folder, path.basename(from)), { recursive: true });
    if (found.length === 0) return undefined;
    this.#kept.set(name, { id, folder });
    return id;
  }

  /** Copies one artefact, by its id or its name; false where there is none. */
  take(of: { readonly id: string } | { readonly name: string }, into: string): boolean {
    const found = 'name' in of ? this.#kept.get(of.name) : [...this.#kept.values()].find(({ id }) => id === of.id);
    if (found === undefined) return false;
    cpSync(found.folder, into, { recursive: true });
    return true;
  }

  /** Copies every artefact whose name starts so, each into a folder of its name. */
  takeAll(start: string, into: string): void {
    for (const [name, { folder }] of this.#kept) if (name.startsWith(start)) cpSync(folder, path.join(into, name), { recursive: true });
  }

  /** Folder of the artefact that was handed over last under a name; empty where there is none. */
  folderOf(name: string): string {
    return this.#kept.get(name)?.folder ?? '';
  }

  clear(): void {
    this.#kept.clear();
  }
}
