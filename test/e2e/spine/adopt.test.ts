import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { projectRoot } from '../../_helpers/project-root';
import { run, succeeded } from '../../_helpers/scratch-project';
import { makeShopBackend, shopAccount } from '../../_helpers/shop-tree';
import { smallProject, type SmallProject } from '../../_helpers/small-project';

const test = inOrder();

const text = readFileSync(path.join(projectRoot, 'docs', 'adopt.md'), 'utf8');
/** The page's settings, and its commands in their order, with the test's system in place of the team's. */
const backend = {
  made: 'elsewhere',
  bucket: 'acme-tfstate',
  lockTable: 'acme-locks',
  key: '{environment}/{unit}.tfstate',
  encryption: 'sse-s3',
} as const;
const commands = [...text.matchAll(/^```sh\n([^`]*)```$/gm)].flatMap(([, block = '']) =>
  block
    .trim()
    .split('\n')
    .map((line) => line.replaceAll('npx --no terrace', 'node node_modules/terrace/bin/terrace.js').replaceAll(/\bshop\b/g, 'small')),
);

let project: SmallProject;
/** `id` of the resource behind each address, before anything is taken over. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  project = await smallProject(
    { 'network/vpc': { value: 'net' }, 'compute/api': { value: 'api' }, 'storage/files': { value: 'files' } },
    { root: { backend } },
  );
  await makeShopBackend(project.env, shopAccount, { bucket: backend.bucket, table: backend.lockTable });
  // What the team has: a state in its bucket, and one on a disk that holds two things.
  const has = async (folder: string, terraform: object, resource: object): Promise<void> => {
    const at = path.join(project.root, 'old', folder);
    mkdirSync(at, { recursive: true });
    writeFileSync(path.join(at, 'main.tf.json'), JSON.stringify({ terraform, resource: { terraform_data: resource } }));
    for (const args of [['init'], ['apply', '-auto-approve']])
      succeeded(await run('terraform', [...args, '-no-color', '-input=false'], { cwd: at, env: project.env }));
    const shown = succeeded(await run('terraform', ['show', '-json'], { cwd: at, env: project.env }));
    Object.assign(ids, resourceIds(shown.stdout));
  };
  const s3 = { bucket: backend.bucket, key: 'dev/vpc.tfstate', region: 'eu-central-1', encrypt: true, dynamodb_table: backend.lockTable };
  await has('network', { backend: { s3 } }, { held: { input: 'net' } });
  const network = ids['terraform_data.held'] ?? '';
  await has('application', {}, { held: { input: 'api' }, files: { input: 'files' } });
  ids['network'] = network;
}, 600_000);
afterAll(() => project.dispose());

function resourceIds(show: string): Record<string, string> {
  const { values }: { values: { root_module: { resources: readonly { address: string; values: { id: string } }[] } } } = JSON.parse(show);
  return Object.fromEntries(values.root_module.resources.map(({ address, values: { id } }) => [address, id]));
}

test('the page shows the settings that the test goes by', () => {
  for (const [name, value] of Object.entries(backend)) expect(text).toContain(`    ${name}: '${value}',`);
  expect(commands.length).toBeGreaterThan(10);
});

test('the commands of the page take states over unit by unit, and nothing is made a second time', async () => {
  for (const command of commands) {
    const ended = await run('bash', ['-c', command], { cwd: project.root, env: project.env });
    expect([command, ended.code, ended.code === 0 ? '' : ended.output]).toEqual([command, 0, '']);
    if (command.includes(' plan ')) expect(ended.stdout).not.toMatch(/[1-9]\d* (?:to )?(?:create|change|replace|destroy)/);
  }
  const held: Record<string, string | undefined> = {};
  for (const id of ['network/vpc', 'compute/api', 'storage/files']) {
    const pulled = succeeded(await project.run('state', 'pull', project.path(id)));
    const state: { resources: readonly { name: string; instances: readonly { attributes: { id: string } }[] }[] } = JSON.parse(
      pulled.stdout,
    );
    held[id] = state.resources.map((one) => `${one.name} ${one.instances[0]?.attributes.id ?? ''}`).join();
  }
  expect(held).toEqual({
    'network/vpc': `held ${ids['network'] ?? ''}`,
    'compute/api': `held ${ids['terraform_data.held'] ?? ''}`,
    'storage/files': `held ${ids['terraform_data.files'] ?? ''}`,
  });
  const { units }: { units: readonly { unit: string; status: string }[] } = JSON.parse(
    succeeded(await project.run('status', 'small', '--json')).stdout,
  );
  expect(units.map(({ status }) => status)).toEqual(['current', 'current', 'current']);
  expect((await project.run('plan', 'small', '--detailed-exitcode', '--out', path.join(project.root, 'again'))).code).toBe(0);
}, 600_000);
