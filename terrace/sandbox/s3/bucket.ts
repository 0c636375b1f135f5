import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';

import { replaceFile, unfinishedMark, namesIn } from '../storage/durable-file';
import type { BucketSetting } from '../storage/stores';
import { bucketVersioning } from './bucket-settings';
import { lowerBound } from './key-order';
import { readBody, readVersion, type Version, versionHead } from './version';

/** What a bucket is besides its objects; `bucket.json` in its folder. */
export interface BucketFacts {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly settings: Readonly<Partial<Record<BucketSetting, string>>>;
}

/** A version that is about to be stored: what the bucket itself decides is missing. */
export type NewVersion = Omit<Version, 'id' | 'sequence' | 'modified' | 'deleteMarker'>;

/**
 * One bucket: an index of its versions in memory, each version a file of its own on disk.
 * Every change is one synchronous step, so what a caller has just read still holds when it writes: that makes conditional requests atomic.
 */
export class Bucket {
  private readonly versions = new Map<string, Version[]>();
  private readonly keys: string[] = [];
  private nextSequence = 1;

  constructor(
    private readonly folder: string,
    private state: BucketFacts,
  ) {
    this.load();
  }

  get facts(): BucketFacts {
    return this.state;
  }

  /** Keys with at least one version or delete marker, in S3's order. */
  get sortedKeys(): readonly string[] {
    return this.keys;
  }

  get isEmpty(): boolean {
    return this.keys.length === 0 && this.uploadIds().length === 0;
  }

  /** All versions of a key, latest first. */
  versionsOf(key: string): readonly Version[] {
    return this.versions.get(key) ?? [];
  }

  /** The version that a request without version id means; it may be a delete marker. */
  latest(key: string): Version | undefined {
    return this.versions.get(key)?.[0];
  }

  /** The latest version unless that is a delete marker. */
  live(key: string): Version | undefined {
    const version = this.latest(key);
    return version?.deleteMarker === true ? undefined : version;
  }

  version(key: string, id: string): Version | undefined {
    return this.versions.get(key)?.find((version) => version.id === id);
  }

  body(version: Version): Buffer {
    return readBody(this.fileOf(version));
  }

  /** Folder of multipart uploads that are under way. */
  get uploads(): string {
    return path.join(this.folder, 'uploads');
  }

  uploadIds(): readonly string[] {
    return namesIn(this.uploads);
  }

  /** Stores a new latest version; it takes the place of the version `null` where the bucket is not versioned now. */
  put(version: NewVersion, body: Uint8Array): Version {
    return this.add({ ...version, deleteMarker: false }, body);
  }

  /** Makes a delete marker the latest version. */
  mark(key: string): Version {
    return this.add({ key, size: 0, etag: '', headers: {}, tags: {}, deleteMarker: true }, new Uint8Array());
  }

  /** Removes one version for good. */
  remove(version: Version): void {
    rmSync(this.fileOf(version), { force: true });
    const left = this.versionsOf(version.key).filter((other) => other !== version);
    if (left.length > 0) this.versions.set(version.key, left);
    else {
      this.versions.delete(version.key);
      const index = lowerBound(this.keys, version.key);
      if (this.keys[index] === version.key) this.keys.splice(index, 1);
    }
  }

  /** Replaces the tags of a version. */
  retag(version: Version, tags: Readonly<Record<string, string>>): void {
    const after: Version = { ...version, tags };
    replaceFile(this.fileOf(version), [versionHead(after), this.body(version)]);
    this.versions.set(
      version.key,
      this.versionsOf(version.key).map((other) => (other === version ? after : other)),
    );
  }

  set(setting: BucketSetting, body: string | undefined): void {
    const settings = { ...this.state.settings };
    if (body === undefined) delete settings[setting];
    else settings[setting] = body;
    this.state = { ...this.state, settings };
    replaceFile(path.join(this.folder, 'bucket.json'), JSON.stringify(this.state));
  }

  private add(version: NewVersion & { readonly deleteMarker: boolean }, body: Uint8Array): Version {
    const sequence = this.nextSequence;
    this.nextSequence += 1;
    const id = bucketVersioning(this.state.settings.versioning) === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';
    const stored: Version = { ...version, id, sequence, modified: Date.now() };
    const replaced = id === 'null' ? this.version(version.key, 'null') : undefined;
    replaceFile(this.fileOf(stored), [versionHead(stored), body]);
    this.index(stored);
    if (replaced !== undefined) this.remove(replaced);
    return stored;
  }

  private index(version: Version): void {
    const known = this.versions.get(version.key);
    if (known === undefined) {
      this.versions.set(version.key, [version]);
      this.keys.splice(lowerBound(this.keys, version.key), 0, version.key);
    } else this.versions.set(version.key, [version, ...known]);
  }

  private fileOf(version: Version): string {
    const hash = createHash('sha256').update(version.key).digest('hex');
    return path.join(this.folder, 'versions', hash.slice(0, 2), `${hash.slice(2, 34)}-${version.sequence}`);
  }

  private load(): void {
    const root = path.join(this.folder, 'versions');
    const found: Version[] = [];
    for (const part of namesIn(root)) {
      for (const name of namesIn(path.join(root, part))) {
        const file = path.join(root, part, name);
        if (name.startsWith(unfinishedMark)) rmSync(file, { force: true });
        else found.push(readVersion(file));
      }
    }
    found.sort((left, right) => left.sequence - right.sequence);
    for (const version of found) {
      // A kill between writing the new `null` version and removing the old one leaves both.
      const replaced = version.id === 'null' ? this.version(version.key, 'null') : undefined;
      this.index(version);
      if (replaced !== undefined) this.remove(replaced);
    }
    this.nextSequence = (found.at(-1)?.sequence ?? 0) + 1;
  }
}
