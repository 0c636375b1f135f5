import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { readJson, removeFolder, replaceFile, unfinishedMark, unfinishedPath } from '../storage/durable-file';
import { StoreError, type Tables } from '../storage/stores';
import { Table, type TableFacts } from './table';

/** What a new table needs; the rest is what DynamoDB takes where nothing is said. */
export type NewTable = Pick<TableFacts, 'name' | 'region' | 'account' | 'keys'> & Partial<Omit<TableFacts, 'id' | 'created'>>;

/** All tables of a sandbox; a table's identity is account, region and name. */
export class TableStore implements Tables {
  private readonly tables = new Map<string, Table>();

  constructor(private readonly root: string) {
    this.reopen();
  }

  /** Forgets everything and reads what the folder holds now. */
  reopen(): void {
    this.tables.clear();
    mkdirSync(this.root, { recursive: true });
    for (const name of readdirSync(this.root)) {
      const folder = path.join(this.root, name);
      if (name.startsWith(unfinishedMark)) rmSync(folder, { recursive: true, force: true });
      else {
        const facts = readJson(path.join(folder, 'table.json'));
        if (facts !== undefined) this.tables.set(name, new Table(folder, facts as TableFacts));
      }
    }
  }

  create(table: {
    readonly name: string;
    readonly region: string;
    readonly account: string;
    readonly hashKey: string;
    readonly deletionProtection: boolean;
  }): void {
    const { hashKey, ...rest } = table;
    this.add({ ...rest, keys: [{ name: hashKey, type: 'S' }], billing: 'PAY_PER_REQUEST' });
  }

  /** Creates a table. Throws StoreError ResourceInUseException or ValidationException. */
  add(table: NewTable): Table {
    if (!/^[\w.-]{3,255}$/.test(table.name))
      throw new StoreError(
        'ValidationException',
        'TableName must be at least 3 characters long and at most 255 characters long, of [a-zA-Z0-9_.-]',
      );
    const id = identity(table.account, table.region, table.name);
    if (this.tables.has(id)) throw new StoreError('ResourceInUseException', `Table already exists: ${table.name}`);
    const facts: TableFacts = {
      billing: 'PROVISIONED',
      deletionProtection: false,
      pointInTimeRecovery: false,
      sse: null,
      ttlAttribute: null,
      tags: {},
      ...table,
      id: randomUUID(),
      created: Math.floor(Date.now() / 1000),
    };
    const target = path.join(this.root, id);
    const temporary = unfinishedPath(target);
    replaceFile(path.join(temporary, 'table.json'), JSON.stringify(facts));
    renameSync(temporary, target);
    const created = new Table(target, facts);
    this.tables.set(id, created);
    return created;
  }

  delete(name: string, region: string, account?: string): void {
    const table = this.table(name, region, account);
    if (table.facts.deletionProtection)
      throw new StoreError(
        'ValidationException',
        `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
      );
    const id = identity(table.facts.account, table.facts.region, table.facts.name);
    removeFolder(path.join(this.root, id));
    this.tables.delete(id);
  }

  has(name: string, region: string, account?: string): boolean {
    return this.find(name, region, account).length > 0;
  }

  update(
    name: string,
    region: string,
    settings: { readonly deletionProtection?: boolean; readonly pointInTimeRecovery?: boolean },
    account?: string,
  ): void {
    this.table(name, region, account).change(settings);
  }

  /** The table; without an account the only one of that name and region. Throws StoreError ResourceNotFoundException. */
  table(name: string, region: string, account?: string): Table {
    const [table, second] = this.find(name, region, account);
    if (second !== undefined)
      throw new StoreError('ValidationException', `Several accounts have a table ${name} in ${region}: name the account`);
    if (table === undefined) throw new StoreError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    return table;
  }

  /** Every table, sorted by name. */
  list(): readonly Table[] {
    return [...this.tables.values()].sort((left, right) => (left.facts.name < right.facts.name ? -1 : 1));
  }

  private find(name: string, region: string, account: string | undefined): readonly Table[] {
    return this.list().filter(
      ({ facts }) => facts.name === name && facts.region === region && (account === undefined || facts.account === account),
    );
  }
}

/** Folder and identity; `@` is in no account, region or table name. */
function identity(account: string, region: string, name: string): string {
  return `${account}@${region}@${name}`;
}
