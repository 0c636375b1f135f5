import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { scratchProject, succeeded, type ScratchProject } from '../_helpers/scratch-project';

const files: Readonly<Record<string, string>> = {
  'main.ts': `import type { Project } from 'terrace';
export const project: Project = { systems: { shop: async () => (await import('./stacks/shop/system')).shop } };
`,
  'envcommon/storage.ts': `export interface DatabaseNeeds {
  readonly backupDays: number;
  readonly logDays?: number;
}

/** A database. */
export function database(needs: DatabaseNeeds) {
  return {
    ...needs,
    backupWindow: '03:00-04:00',
    logDays: needs.logDays ?? 30,
  };
}
`,
  'stacks/shop/dev/account.ts': `export const account = { id: '123456789012', name: 'dev' };
`,
  'stacks/shop/dev/env.ts': `import { account } from './account';

export const env = {
  environment: 'dev',
  account,
  database: {
    backupDays: 7,
  },
  size: 'small' as 'small' | 'large',
};
`,
  'stacks/shop/units/storage/database.ts': `import { DataResource } from 'cdktf';
import { declareOutputs, Region, text, Unit } from 'terrace';

import { database } from '../../../../envcommon/storage';
import type { ShopEnvironment } from '../../system';

const outputs = declareOutputs({ address: text('db.example.org') });

export class DatabaseUnit extends Unit<typeof outputs> {
  constructor(region: Region<{ region: string; awsRegion: string }, ShopEnvironment>, id: string) {
    super(region, id, outputs);
    const { values } = region.environment;
    const settings = database(values.database);
    const cluster = new DataResource(this, 'cluster', {
      input: {
        backup_days: settings.backupDays,
        hours: settings.backupDays * 24,
        window: settings.backupWindow,
        logs: settings.logDays,
        engine: 'postgres',
        nodes: values.size === 'small' ? 1 : 3,
      },
    });
    this.outputs({ address: cluster.id });
  }
}

export class ApiUnit extends Unit {
  constructor(region: Region<{ region: string; awsRegion: string }, ShopEnvironment>, id: string) {
    super(region, id, {});
    const store = this.dependency(region.unit(DatabaseUnit));
    new DataResource(this, 'api', { input: { store: store.address, size: region.environment.values.size } });
  }
}
`,
  'stacks/shop/system.ts': `import { Environment, Region, System, type TreeApp } from 'terrace';

import { env } from './dev/env';
import { ApiUnit, DatabaseUnit } from './units/storage/database';

export class ShopEnvironment extends Environment<typeof env> {}

export function shop(app: TreeApp): System {
  const system = new System(app, { system: 'shop', project: 'shop' });
  const environment = new ShopEnvironment(system, env);
  new Region(environment, { region: 'eu-central-1', awsRegion: 'eu-central-1' }, { 'storage/database': DatabaseUnit, 'compute/api': ApiUnit });
  return system;
}
`,
};

const unit = 'shop/dev/eu-central-1/storage/database';
let project: ScratchProject;
beforeAll(() => {
  project = scratchProject();
  for (const folder of ['stacks', 'envcommon', 'modules', 'backend', 'policies'])
    rmSync(path.join(project.root, folder), { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(project.root, name)), { recursive: true });
    writeFileSync(path.join(project.root, name), text);
  }
});
afterAll(() => project.dispose());

const explain = async (...args: readonly string[]): Promise<string> => succeeded(await project.terrace(['explain', ...args])).stdout;
/** Names without the hash that cdktf adds. */
const plain = (text: string): string => text.replaceAll(/terraform_data\.(\w+?)(?:_[0-9A-F]{8})?\b/g, 'terraform_data.$1');

test('a setting is followed from its literal through envcommon and the argument of the unit to its attributes, also those it is computed to', async () => {
  expect(plain(await explain(unit, 'database.backupDays')).split('\n')).toEqual([
    'database.backupDays = 7',
    '  environment  stacks/shop/dev/env.ts:7',
    '  function  database()  envcommon/storage.ts:7',
    '  argument  stacks/shop/units/storage/database.ts:16  backup_days: settings.backupDays,',
    '  argument  stacks/shop/units/storage/database.ts:17  hours: settings.backupDays * 24,',
    '  attribute  terraform_data.cluster input.backup_days = 7',
    '  attribute  terraform_data.cluster input.hours = 168',
    '',
  ]);
});

test('a default of envcommon is a setting as well, at the line of its literal', async () => {
  expect(plain(await explain(unit, 'database.logDays')).split('\n')).toEqual([
    'database().logDays = 30',
    '  envcommon  envcommon/storage.ts:11',
    '  argument  stacks/shop/units/storage/database.ts:19  logs: settings.logDays,',
    '  attribute  terraform_data.cluster input.logs = 30',
    '',
  ]);
});

test('an attribute names the settings that decide it and their lines; one that none decides names the line that makes it', async () => {
  const { attributes, made } = JSON.parse(await explain(unit, 'terraform_data.cluster', '--json'));
  const deciding = attributes.map(
    (one: { readonly attribute: string; readonly settings: readonly { setting: string; file: string; line: number }[] }) => [
      one.attribute,
      one.settings.map(({ setting, file, line }) => `${setting} ${file}:${line}`),
    ],
  );
  expect(deciding).toEqual([
    ['input.backup_days', ['database.backupDays stacks/shop/dev/env.ts:7']],
    ['input.hours', ['database.backupDays stacks/shop/dev/env.ts:7']],
    ['input.logs', ['database().logDays envcommon/storage.ts:11']],
    ['input.nodes', ['size stacks/shop/dev/env.ts:9']],
    ['input.window', ['database().backupWindow envcommon/storage.ts:10']],
  ]);
  expect(made).toEqual(['stacks/shop/units/storage/database.ts:14']);
  const engine = plain(await explain(`${unit}/terraform_data.cluster`, 'input.engine'));
  expect(engine).toContain('input.engine = "postgres"\n  no setting: stacks/shop/units/storage/database.ts:14');
  const store = await explain('terraform_data.api', 'input.store');
  expect(store).toContain(`  output address of ${unit}`);
});

test('the other way round a setting names its units and attributes, in the part of the tree that is asked for', async () => {
  expect(plain(await explain('--used-by', 'size')).split('\n')).toEqual([
    'shop/dev/eu-central-1/compute/api',
    '  terraform_data.api input.size',
    unit,
    '  terraform_data.cluster input.nodes',
    'size is used by 2 units',
    '',
  ]);
  const { units } = JSON.parse(await explain('--used-by', 'database', 'shop/dev', '--json'));
  expect(units.map((one: { readonly unit: string }) => one.unit)).toEqual([unit]);
});

test('what is not there is refused with what is meant', async () => {
  const refused = async (...args: readonly string[]) => {
    const { code, stderr } = await project.terrace(['explain', ...args]);
    return [code, /E\d{4}/.exec(stderr)?.[0], /did you mean (\S+)\?/.exec(plain(stderr))?.[1]];
  };
  expect(await refused(unit, 'terraform_data.clustr')).toEqual([64, 'E1210', 'terraform_data.cluster']);
  expect(await refused(unit, 'databse')).toEqual([64, 'E1207', 'database']);
  expect(await refused('--used-by', 'nothing')).toEqual([64, 'E1207', undefined]);
  expect((await project.terrace(['explain'])).code).toBe(64);
  expect([existsSync(path.join(project.root, 'live')), existsSync(path.join(project.root, 'cdktf.out'))]).toEqual([false, false]);
});
