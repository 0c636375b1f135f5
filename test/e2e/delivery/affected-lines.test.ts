import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { succeeded, type ScratchProject } from '../../_helpers/scratch-project';
import { makeShopBackend } from '../../_helpers/shop-tree';
import { sourceShop } from '../../_helpers/source-shop';

const test = inOrder();

let project: ScratchProject;
let env: NodeJS.ProcessEnv;
const database = 'stacks/shop/units/storage/database.ts';

interface Changed {
  readonly unit: string;
  readonly source?: string;
  readonly values?: readonly { readonly block: string; readonly attribute: string; before?: unknown; after?: unknown; source?: string }[];
}

beforeAll(async () => {
  project = sourceShop();
  project.edit(database, 'export class DatabaseUnit', "const level = 'info';\n\nexport class DatabaseUnit");
  project.edit(database, "engine: 'postgres',", "engine: 'postgres',\n        level,\n        old: true,");
  project.edit(
    database,
    '    this.outputs({ address',
    "    new DataResource(this, 'spare', { input: { any: 1 } });\n    this.outputs({ address",
  );
  project.git('init', '--quiet', '--initial-branch', 'main');
  project.git('add', '--all', '.');
  project.git('commit', '--quiet', '--message', 'before');
  env = await project.sandbox('123456789012');
  await makeShopBackend(env);
  succeeded(await project.terrace(['deploy', 'shop', '--auto-approve'], env));
  project.edit('stacks/shop/dev/env.ts', 'backupDays: 7,', 'backupDays: 14,');
  project.edit('envcommon/storage.ts', "backupWindow: '03:00-04:00'", "backupWindow: '05:00-06:00'");
  project.edit(database, "const level = 'info'", "const level = 'debug'");
  project.edit(database, "engine: 'postgres',", "engine: 'mysql',");
  project.edit(database, '        old: true,\n', '');
  project.edit(database, "    new DataResource(this, 'spare', { input: { any: 1 } });\n", '');
  project.edit('stacks/shop/system.ts', "'compute/api': ApiUnit", "\n    'compute/web': ApiUnit");
}, 600_000);
afterAll(() => project.dispose());

const lineOf = (file: string, text: string): string =>
  `${file}:${project.git('grep', '--line-number', '--fixed-strings', text, '--', file).split(':')[1]}`;

test('what a commit had stands beside what the source gives now, with the line that decides it', async () => {
  const { units }: { units: readonly Changed[] } = JSON.parse(
    succeeded(await project.terrace(['affected', '--base', 'main', '--json'], env)).stdout,
  );
  const [web, store] = ['compute/web', 'storage/database'].map((name) => units.find(({ unit }) => unit.endsWith(name)));
  const shown = store?.values?.map(({ block, attribute, before, after, source }) => [
    block.replace(/_[0-9A-F]{8}$/, ''),
    attribute,
    before,
    after,
    source,
  ]);
  expect(shown).toEqual([
    ['terraform_data.cluster', 'input.backup_days', 7, 14, 'stacks/shop/dev/env.ts:7'],
    ['terraform_data.cluster', 'input.engine', 'postgres', 'mysql', lineOf(database, "engine: 'mysql'")],
    ['terraform_data.cluster', 'input.hours', 168, 336, 'stacks/shop/dev/env.ts:7'],
    ['terraform_data.cluster', 'input.level', 'info', 'debug', lineOf(database, "const level = 'debug'")],
    ['terraform_data.cluster', 'input.old', true, undefined, lineOf(database, 'nodes: values.size')],
    ['terraform_data.cluster', 'input.window', '03:00-04:00', '05:00-06:00', 'envcommon/storage.ts:10'],
    ['terraform_data.spare', '', { input: { any: 1 } }, undefined, lineOf(database, 'this.outputs({ address')],
  ]);
  expect(web?.source).toBe(lineOf('stacks/shop/system.ts', "'compute/web'"));
}, 600_000);

test('what was applied stands there as well, by the commit that the record names', async () => {
  const text = succeeded(await project.terrace(['affected', '--base', 'applied'], env)).stdout.replaceAll(/ {2,}/g, ' ');
  for (const shown of [
    'input.backup_days 7 → 14 stacks/shop/dev/env.ts:7',
    `input.level "info" → "debug" ${lineOf(database, "const level = 'debug'")}`,
    `input.old gone: true ${lineOf(database, 'nodes: values.size')}`,
  ])
    expect(text).toContain(shown);
}, 600_000);
