import { existsSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { succeeded, type ScratchProject } from '../_helpers/scratch-project';
import { sourceShop } from '../_helpers/source-shop';

const unit = 'shop/dev/eu-central-1/storage/database';
let project: ScratchProject;
beforeAll(() => {
  project = sourceShop();
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
