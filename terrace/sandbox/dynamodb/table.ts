import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { readJson, replaceFile, unfinishedMark, namesIn } from '../storage/durable-file';
import { type AttributeValue, canonical, type Item } from './attribute-value';
import { invalid } from './dynamodb-error';

/** What a table is besides its items; `table.json` in its folder. */
export interface TableFacts {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly account: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** First the hash key, then the range key where there is one. */
  readonly keys: readonly { readonly name: string; readonly type: 'S' | 'N' | 'B' }[];
  readonly billing: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readonly deletionProtection: boolean;
  readonly pointInTimeRecovery: boolean;
  readonly sse: { readonly keyArn: string } | null;
  readonly ttlAttribute: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** One table: its items in memory, each a file of its own. Every change is one synchronous step, which makes conditional writes atomic. */
export class Table {
  private readonly items = new Map<string, Item>();

  constructor(
    private readonly folder: string,
    private state: TableFacts,
  ) {
    mkdirSync(path.join(folder, 'items'), { recursive: true });
    for (const name of namesIn(path.join(folder, 'items'))) {
      const file = path.join(folder, 'items', name);
      if (name.startsWith(unfinishedMark)) rmSync(file, { force: true });
      else {
        const item = readJson(file) as Item;
        this.items.set(this.identity(item), item);
      }
    }
  }

  get facts(): TableFacts {
    return this.state;
  }

  get size(): number {
    return this.items.size;
  }

  /** Items in the order of their keys. */
  all(): readonly Item[] {
    return [...this.items].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)).map(([, item]) => item);
  }

  /** The item of that key; the key may hold no other attributes. */
  get(key: Item): Item | undefined {
    this.checkKeyOnly(key);
    return this.items.get(this.identity(key));
  }

  /** The stored item with the same key as a whole item. */
  sameKey(item: Item): Item | undefined {
    return this.items.get(this.identity(item));
  }

  put(item: Item): void {
    const identity = this.identity(item);
    if (Buffer.byteLength(JSON.stringify(item)) > 400 * 1024) throw invalid('Item size has exceeded the maximum allowed size');
    replaceFile(this.fileOf(identity), JSON.stringify(item));
    this.items.set(identity, item);
  }

  remove(key: Item): void {
    const identity = this.identity(key);
    rmSync(this.fileOf(identity), { force: true });
    this.items.delete(identity);
  }

  change(facts: Partial<TableFacts>): void {
    this.state = { ...this.state, ...facts };
    replaceFile(path.join(this.folder, 'table.json'), JSON.stringify(this.state));
  }

  /** The key attributes alone. */
  keyOf(item: Item): Item {
    return Object.fromEntries(this.state.keys.map(({ name }) => [name, this.keyAttribute(item, name)] as const));
  }

  private checkKeyOnly(key: Item): void {
    if (Object.keys(key).length !== this.state.keys.length) throw invalid('The provided key element does not match the schema');
  }

  private identity(item: Item): string {
    return this.state.keys.map(({ name }) => canonical(this.keyAttribute(item, name))).join('\u0000');
  }

  private keyAttribute(item: Item, name: string): AttributeValue {
    const value = item[name];
    const type = this.state.keys.find((key) => key.name === name)?.type;
    if (value === undefined) throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    if (type === undefined || !(type in value))
      throw invalid(`One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type ?? ''}`);
    if ('S' in value && value.S === '')
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
      );
    return value;
  }

  private fileOf(identity: string): string {
    return path.join(this.folder, 'items', `${createHash('sha256').update(identity).digest('hex').slice(0, 40)}.json`);
  }
}
