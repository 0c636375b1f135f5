import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { newAgeKey } from '../../../terrace/delivery/bundle/age';
import { inOrder } from '../../_helpers/in-order';
import { dataBlocks } from '../../_helpers/lab-project';
import type { Lab } from '../../_helpers/lab-types';
import { succeeded, words } from '../../_helpers/scratch-project';
import { shopAccount } from '../../_helpers/shop-tree';
import { team, type Team } from '../../_helpers/team';

const test = inOrder();

const environment = (blocks: object): Lab['environments'][string] => ({
  account: shopAccount,
  regions: { 'eu-central-1': { 'network/vpc': { json: blocks as never } } },
});

let it: Team;
beforeAll(async () => {
  it = await team({ environments: { dev: environment(dataBlocks({ held: 'one' })), prod: environment(dataBlocks({ held: 'one' })) } });
  it.rules({ 'lab/dev': {}, 'lab/prod': { approvals: 3 } });
  await it.save('base');
  for (const name of ['lab/dev', 'lab/prod']) await it.setUp(name);
}, 600_000);
afterAll(() => it.dispose());

const tree = (...names: readonly string[]): string => path.join(it.root, 'live', ...names);
const edit = (file: string, change: (text: string) => string): void => writeFileSync(file, change(readFileSync(file, 'utf8')));

test('a dev unit that carries the state of prod, in its files and in synth.json, is refused before terraform runs', async () => {
  succeeded(await it.go('synth'));
  for (const file of [tree('synth.json'), tree('lab/dev/eu-central-1/network/vpc/main.tf.json')])
    edit(file, (text) =>
      text.replaceAll('dev/eu-central-1/network/vpc/terraform.tfstate', 'prod/eu-central-1/network/vpc/terraform.tfstate'),
    );
  const refused = await it.plan('lab/dev', '--tree', tree());
  expect([refused.code, words(refused)]).toEqual([3, expect.stringMatching(/E6063.*the key of its state/)]);
  expect(existsSync(refused.place)).toBe(false);
}, 600_000);

test('the role of prod, smuggled into synth.json, is refused before it is assumed', async () => {
  succeeded(await it.go('synth'));
  edit(tree('synth.json'), (text) => text.replace(/"roleArn": "[^"]*"/, `"roleArn": "arn:aws:iam::${shopAccount}:role/prod-apply"`));
  const refused = await it.plan('lab/dev', '--tree', tree());
  expect([refused.code, words(refused)]).toEqual([3, expect.stringMatching(/E6063.*its credentials/)]);
}, 600_000);

test('plans of an environment whose rules name recipients are opened by these alone, whoever planned for whom', async () => {
  const [own, mallory] = [await newAgeKey(), await newAgeKey()];
  it.file('.terrace/prod.key', `${own.identity}\n`);
  it.file('.terrace/mallory.key', `${mallory.identity}\n`);
  it.rules({ 'lab/dev': {}, 'lab/prod': { approvals: 3, recipients: [own.recipient] } });
  const commit = await it.save('prod has recipients of its own');
  succeeded(await it.go('rules', 'accept', commit, 'lab/prod', '--policy-ref', 'main', '--confirm', 'lab/prod'));
  const bundle = await it.plan('lab/prod', '--recipient', mallory.recipient);
  succeeded(bundle);
  await it.approve(bundle.place, 'ana', 'bob', 'cem');
  const apply = (key: string) => it.go('apply', bundle.place, '--policy-ref', 'main', '--identity', path.join(it.root, '.terrace', key));
  expect([(await apply('mallory.key')).code, (await apply('prod.key')).code]).toEqual([3, 0]);
  expect(await it.accepted('lab/prod')).toMatchObject({ commit, by: 'apply' });
}, 600_000);

test('a bundle that names another commit, author or base than git knows is judged by what git knows', async () => {
  it.file('.github/workflows/apply.yml', 'on: push');
  await it.save('softens the pipeline', 'ana');
  await it.save('nothing', 'dan');
  const bundle = await it.plan('lab/dev', '--author', 'dan@example.com');
  await it.approve(bundle.place, 'ana');
  expect(words(await it.verify(bundle.place))).toMatch(
    /delivery\/rules-changed .github\/workflows\/apply.yml.*ana@example.com made this change/,
  );
}, 600_000);

test('nobody answers for a person: --auto-approve is refused where the accepted rules do not allow it, whatever the change allows', async () => {
  it.rules({ 'lab/dev': { autoApprove: true }, 'lab/prod': { approvals: 3 } });
  await it.save('allows it itself', 'ana');
  const keys = ['--key', path.join(it.root, '.terrace', 'ana.pem'), '--identity', path.join(it.root, '.terrace', 'age.key')];
  const refused = await it.go(
    'deploy',
    'lab/dev',
    '--policy-ref',
    'main',
    '--auto-approve',
    '--recipient',
    (await newAgeKey()).recipient,
    ...keys,
  );
  expect([refused.code, refused.stderr.slice(0, 5)]).toEqual([3, 'E6029']);
}, 600_000);

test('in the sandbox a provisioner is refused as well, and the policies of the work tree are asked', async () => {
  it.commit({
    'network/vpc': { json: { 'resource.terraform_data': { held: { input: 'x', provisioner: [{ 'local-exec': { command: 'true' } }] } } } },
  });
  const judged = { ...it.env, TERRACE_SANDBOX_UNJUDGED: undefined };
  const refused = await it.terrace(['plan', 'lab/dev', '--out', path.join(it.root, '.terrace', 'x')], judged);
  expect([refused.code, words(refused)]).toEqual([3, expect.stringMatching(/E6062.*runs a program \(a provisioner\)/)]);
  it.file(
    'policies/nothing.ts',
    `import { planWith, policy } from 'terrace/policy';
export default policy({
  id: 'nothing-at-all', severity: 'deny', explain: 'Nothing may be made here, for the sake of this test.',
  check: (plan) => plan.units.flatMap((unit) => unit.changes.map(({ address }) => ({ message: 'made', unit: unit.path, address }))),
  test: { holds: { nothing: { units: [] } }, refuses: { one: planWith('a/b/c/d/e', 'x_y.z', {}) } },
});\n`,
  );
  it.commit({ 'network/vpc': { json: dataBlocks({ held: 'other' }) } });
  const place = path.join(it.root, '.terrace', 'y');
  const denied = await it.terrace(['plan', 'lab/dev', '--out', place], judged);
  expect([denied.code, words(denied), existsSync(place)]).toEqual([3, expect.stringContaining('E7108 policy refuses'), false]);
  // One that was sealed where nobody was asked is approved, verified and applied by nobody.
  const sealed = path.join(it.root, '.terrace', 'z');
  succeeded(await it.terrace(['plan', 'lab/dev', '--out', sealed], it.env));
  for (const verb of ['approve', 'verify', 'apply']) {
    const bound = await it.terrace([verb, sealed], judged);
    expect([verb, bound.code, words(bound)]).toEqual([verb, 3, expect.stringContaining('E7108 policy refuses')]);
  }
}, 600_000);
