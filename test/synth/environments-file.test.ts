import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { project } from '../../main';
import { environmentsFile, parseEnvironments } from '../../terrace/delivery/approval/environment-facts';
import { synthesizeInMemory, withScratch } from '../../terrace/synth/synthesize';
import { environmentsText, syncEnvironmentsFile } from '../../terrace/synth/environments-file';
import { inTemporaryFolder } from '../_helpers/demo-project';
import { projectRoot } from '../_helpers/project-root';

const built = async (selectors: readonly string[], includePlanned = false) =>
  withScratch(
    projectRoot,
    async (scratch) =>
      (await synthesizeInMemory(project, { root: projectRoot, selectors, scratch, commit: null, dirty: false, includePlanned })).tree,
  );
const committed = readFileSync(path.join(projectRoot, environmentsFile), 'utf8');

test('the committed facts are those of the source, and fit their schema', async () => {
  expect(environmentsText(await built([], true), undefined, true)).toBe(committed);
  const { environments } = await parseEnvironments(committed, environmentsFile);
  expect(environments['olechka/production']).toMatchObject({
    stateAccount: environments['olechka/production']?.account,
    lock: 'dynamodb',
    protected: true,
    accepted: { key: 'production/accepted.json' },
    stateKey: '{environment}/{region}/{layer}/{unit}/terraform.tfstate',
  });
  for (const { accepted, states } of Object.values(environments)) expect(states.map(({ bucket }) => bucket)).toContain(accepted.bucket);
}, 600_000);

test('planned environments that are left out keep their facts', async () => {
  expect(environmentsText(await built(['astra']), committed, false)).toBe(committed);
  const without = JSON.parse(environmentsText(await built(['astra']), undefined, true));
  expect(Object.keys(without.environments)).toEqual(['astra/development', 'astra/staging']);
}, 600_000);

test('a part that is synthesized changes the facts of the environments that it covers whole, and no others', async () => {
  const before = JSON.stringify({ version: 1, environments: { 'a/b': { kept: true }, 'tux/staging': {}, 'olechka/dev': { old: true } } });
  const after: { environments: Record<string, unknown> } = JSON.parse(
    environmentsText(await built(['tux/staging', 'olechka/dev/eu-central-1/network/vpc']), before, false),
  );
  expect(Object.keys(after.environments)).toEqual(['a/b', 'olechka/dev', 'tux/staging']);
  expect(after.environments).toMatchObject({ 'a/b': { kept: true }, 'olechka/dev': { old: true }, 'tux/staging': { lock: 'dynamodb' } });
}, 600_000);

test('a check writes nothing and says whether the file differs; what cannot be read is refused', async () => {
  const tree = await built(['tux/staging']);
  await inTemporaryFolder(async (root) => {
    const file = path.join(root, environmentsFile);
    writeFileSync(file, 'no JSON');
    expect(syncEnvironmentsFile(root, tree, { everything: true, check: true })).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('no JSON');
    await expect(parseEnvironments('no JSON', environmentsFile)).rejects.toThrow('E6042');
    await expect(parseEnvironments('{"version":1,"environments":{"x":{}}}', environmentsFile)).rejects.toThrow(/E6042[^]*stateAccount/);
    expect(syncEnvironmentsFile(root, tree, { everything: true, check: false })).toBe(true);
    expect(syncEnvironmentsFile(root, tree, { everything: true, check: true })).toBe(false);
  });
}, 600_000);
