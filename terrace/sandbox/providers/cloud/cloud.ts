import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../../../base/errors';
import { childrenOf, isCloudRecord, type CloudKey, type CloudRecord } from './record';

let writes = 0;

/** Resources that are kept in memory as they were last read; a cloud of ten thousand is about 30 MB. */
const mostKept = 10_000;

/** The cloud folder: one JSON file per simulated resource, at `<provider>/<scope>/<type>/<id>.json`. Safe for parallel applies. */
export class Cloud {
  private readonly kept = new Map<string, { readonly stamp: string; readonly record: CloudRecord }>();

  constructor(readonly dir: string) {}

  /** Stores a new resource under its id and gives its key; undefined when there is one with this id, or ever was and `fresh` is wanted. */
  create(record: CloudRecord, fresh: boolean): CloudKey | undefined {
    const key = keyOf(record, 1);
    if (fresh && existsSync(this.tombstone(key))) return undefined;
    return this.place(key, record) ? key : undefined;
  }

  /** Stores a resource whose id another one already has: a second setting of one bucket, say. Gives a key of its own. */
  createBeside(record: CloudRecord): CloudKey {
    for (let attempt = 2; ; attempt++) {
      const key = keyOf(record, attempt);
      if (this.place(key, record)) return key;
    }
  }

  /** The resource under a key; undefined when it is gone. Raises E5304 when its file is no longer JSON of the right shape. */
  read(key: CloudKey): CloudRecord | undefined {
    return this.readFile(this.file(key));
  }

  /** A file is read again when it is another one or has changed: its number, its time and its length tell, whoever writes it. */
  private readFile(file: string): CloudRecord | undefined {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    const stamp = `${stat.ino}:${stat.mtimeMs}:${stat.size}`;
    const kept = this.kept.get(file);
    if (kept?.stamp === stamp) return kept.record;
    const record = this.parsed(file);
    if (this.kept.size >= mostKept) this.kept.clear();
    if (record !== undefined) this.kept.set(file, { stamp, record });
    return record;
  }

  private parsed(file: string): CloudRecord | undefined {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
      throw error;
    }
    const raw = parse(text);
    if (isCloudRecord(raw)) return raw;
    throw new TerraceError({
      code: 'E5304',
      title: 'unreadable cloud entry',
      place: file,
      found: raw === undefined ? 'not JSON' : 'JSON without type, id and values',
      todo: 'correct the file, or remove it: terraform then sees the resource as deleted',
    });
  }

  update(key: CloudKey, record: CloudRecord): void {
    const file = this.file(key);
    const part = this.writePart(file, record);
    renameSync(part, file);
  }

  /** Removes a resource and what belongs to it. */
  remove(key: CloudKey): void {
    const file = this.file(key);
    if (!existsSync(file)) return;
    for (const child of childrenIn(file)) this.remove(child);
    writeFileSync(this.tombstone(key), '');
    rmSync(file, { force: true });
  }

  /** Removes a resource without a trace: another one takes its id. */
  forget(key: CloudKey): void {
    rmSync(this.file(key), { force: true });
  }

  /** The key of the resource with this id, whether it exists or not. */
  keyOfId(provider: string, scope: string, type: string, id: string): CloudKey {
    return keyOf({ provider, scope, type, id }, 1);
  }

  has(provider: string, scope: string, type: string, id: string): boolean {
    return existsSync(this.file(this.keyOfId(provider, scope, type, id)));
  }

  /** All resources of a type in one scope, or in all scopes of the provider; oldest first. */
  list(provider: string, type: string, scope?: string): { readonly key: CloudKey; readonly record: CloudRecord }[] {
    const scopes = scope === undefined ? this.scopes(provider) : [scope];
    const found = scopes.flatMap((one) => {
      const folder = path.join(this.dir, provider, one, type) + path.sep;
      return this.keys(provider, one, type).flatMap((key) => {
        const record = this.readFile(`${folder}${key.slice(key.lastIndexOf('/') + 1)}.json`);
        return record === undefined ? [] : [{ key, record }];
      });
    });
    return found.sort((left, right) => left.record.created - right.record.created || left.key.localeCompare(right.key));
  }

  /** Every key in the folder, sorted. */
  allKeys(): CloudKey[] {
    return names(this.dir)
      .filter((name) => !name.includes('.'))
      .flatMap((provider) =>
        this.scopes(provider).flatMap((scope) =>
          names(path.join(this.dir, provider, scope)).flatMap((type) => this.keys(provider, scope, type)),
        ),
      );
  }

  /** The file of a key; refuses keys that leave the folder. */
  file(key: CloudKey): string {
    const file = path.join(this.dir, `${key}.json`);
    if (!file.startsWith(this.dir + path.sep)) throw new Error(`not a key of the cloud folder: ${key}`);
    return file;
  }

  /** Marks an id as used once, so that a replacement gets another one. */
  private tombstone(key: CloudKey): string {
    return `${this.file(key).slice(0, -5)}.gone`;
  }

  private keys(provider: string, scope: string, type: string): CloudKey[] {
    return names(path.join(this.dir, provider, scope, type))
      .filter((name) => name.endsWith('.json'))
      .map((name) => `${provider}/${scope}/${type}/${name.slice(0, -5)}`);
  }

  /** Scopes are one or two folders deep; types are the folders that begin with the provider's name, or have it. */
  private scopes(provider: string): string[] {
    const root = path.join(this.dir, provider);
    return names(root).flatMap((first) => {
      const inner = names(path.join(root, first));
      return inner.some((name) => name === provider || name.startsWith(`${provider}_`))
        ? [first]
        : inner.map((second) => `${first}/${second}`);
    });
  }

  private place(key: CloudKey, record: CloudRecord): boolean {
    const file = this.file(key);
    if (existsSync(file)) return false;
    const part = this.writePart(file, record);
    try {
      linkSync(part, file);
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    } finally {
      rmSync(part, { force: true });
    }
  }

  private writePart(file: string, record: CloudRecord): string {
    const part = `${file}.${process.pid}-${(writes += 1)}.part`;
    const text = `${JSON.stringify(record, undefined, 2)}\n`;
    try {
      writeFileSync(part, text);
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error;
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(part, text);
    }
    return part;
  }
}

function keyOf(record: Pick<CloudRecord, 'provider' | 'scope' | 'type' | 'id'>, attempt: number): CloudKey {
  const encoded = encodeURIComponent(record.id).replaceAll('*', '%2A').replaceAll('.', '%2E') || '_';
  const short =
    encoded.length <= 120 ? encoded : `${encoded.slice(0, 100)}~${createHash('sha256').update(record.id).digest('hex').slice(0, 12)}`;
  return `${record.provider}/${record.scope}/${record.type}/${short}${attempt === 1 ? '' : `~${attempt}`}`;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

/** Children of the resource in a file; none where people made it unreadable. */
function childrenIn(file: string): readonly CloudKey[] {
  const raw = parse(readFileSync(file, 'utf8'));
  return isCloudRecord(raw) ? childrenOf(raw) : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
