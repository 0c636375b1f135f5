import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { isMissing, replaceFile } from './durable-file';

/** Planned misfortunes in a file of the cloud folder. Read at every call, so that a fault works at once, in other processes as well. */
export class FaultFile<F extends { readonly id: number }> {
  private readonly file: string;

  constructor(dir: string, name: string) {
    this.file = path.join(dir, name);
  }

  list(): F[] {
    try {
      const raw: unknown = JSON.parse(readFileSync(this.file, 'utf8'));
      return Array.isArray(raw) ? (raw as F[]) : [];
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Adds one under the next number. */
  protected append(make: (id: number) => F): F {
    const all = this.list();
    const added = make(Math.max(0, ...all.map(({ id }) => id)) + 1);
    this.write([...all, added]);
    return added;
  }

  /** Removes one fault, or all of them; tells how many. */
  remove(id?: number): number {
    const all = this.list();
    const left = id === undefined ? [] : all.filter((fault) => fault.id !== id);
    this.write(left);
    return all.length - left.length;
  }

  protected write(faults: readonly F[]): void {
    if (faults.length === 0) return rmSync(this.file, { force: true });
    mkdirSync(path.dirname(this.file), { recursive: true });
    replaceFile(this.file, `${JSON.stringify(faults, undefined, 2)}\n`);
  }
}
