import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { readJson, removeFolder, replaceFile, unfinishedMark, unfinishedPath } from '../storage/durable-file';
import { type Buckets, type BucketSetting, StoreError } from '../storage/stores';
import { Bucket, type BucketFacts } from './bucket';
import { initialSettings } from './bucket-settings';

/** All buckets of a sandbox, one folder each. Opening reads what an earlier process left, whole or killed halfway. */
export class BucketStore implements Buckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly folder: string) {
    this.reopen();
  }

  /** Forgets everything and reads what the folder holds now. */
  reopen(): void {
    this.buckets.clear();
    mkdirSync(this.folder, { recursive: true });
    for (const name of readdirSync(this.folder)) {
      const bucketFolder = path.join(this.folder, name);
      if (name.startsWith(unfinishedMark)) rmSync(bucketFolder, { recursive: true, force: true });
      else {
        const facts = readJson(path.join(bucketFolder, 'bucket.json'));
        if (facts !== undefined) this.buckets.set(name, new Bucket(bucketFolder, facts as BucketFacts));
      }
    }
  }

  create({ name, region, account }: { readonly name: string; readonly region: string; readonly account: string }): void {
    checkBucketName(name);
    const existing = this.buckets.get(name);
    if (existing !== undefined) {
      throw existing.facts.account === account
        ? new StoreError('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.')
        : new StoreError(
            'BucketAlreadyExists',
            'The requested bucket name is not available. The bucket namespace is shared by all users of the system.',
          );
    }
    const facts: BucketFacts = { name, region, account, created: Date.now(), settings: initialSettings };
    const target = path.join(this.folder, name);
    const temporary = unfinishedPath(target);
    replaceFile(path.join(temporary, 'bucket.json'), JSON.stringify(facts));
    renameSync(temporary, target);
    this.buckets.set(name, new Bucket(target, facts));
  }

  delete(name: string, options: { readonly force?: boolean } = {}): void {
    const bucket = this.bucket(name);
    if (!bucket.isEmpty && options.force !== true)
      throw new StoreError('BucketNotEmpty', 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.');
    removeFolder(path.join(this.folder, name));
    this.buckets.delete(name);
  }

  has(name: string): boolean {
    return this.buckets.has(name);
  }

  read(name: string, key: string): Uint8Array | undefined {
    const bucket = this.buckets.get(name);
    const version = bucket?.live(key);
    return version === undefined ? undefined : bucket?.body(version);
  }

  set(name: string, setting: BucketSetting, body: string | undefined): void {
    this.bucket(name).set(setting, body);
  }

  /** The bucket of that name. Throws StoreError NoSuchBucket. */
  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new StoreError('NoSuchBucket', 'The specified bucket does not exist');
    return bucket;
  }

  /** Facts of every bucket, sorted by name. */
  list(): readonly BucketFacts[] {
    return [...this.buckets.values()].map((bucket) => bucket.facts).sort((left, right) => (left.name < right.name ? -1 : 1));
  }
}

/** Throws StoreError InvalidBucketName for a name that Amazon S3 refuses. */
function checkBucketName(name: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !/\.\.|^\d+\.\d+\.\d+\.\d+$|^xn--|^sthree-|-s3alias$|--ol-s3$/.test(name);
  if (!valid) throw new StoreError('InvalidBucketName', 'The specified bucket is not valid.');
}
