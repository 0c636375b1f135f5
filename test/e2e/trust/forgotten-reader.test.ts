import { readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { itemPlace } from '../../../terrace/state/lock/lock-places';
import { newLockInfo } from '../../../terrace/state/lock/lock-info';
import { openState } from '../../../terrace/state/state-access';
import { inOrder } from '../../_helpers/in-order';
import { dataBlocks, read } from '../../_helpers/lab-project';
import type { Lab, LabUnits } from '../../_helpers/lab-types';
import { recoveryBlocks } from '../../_helpers/recovery-page';
import { succeeded, words, type Outcome } from '../../_helpers/scratch-project';
import { shopAccount } from '../../_helpers/shop-tree';
import { team, type Team } from '../../_helpers/team';

const test = inOrder();

const region = 'eu-central-1';
const zone = `lab/hub/${region}/dns/zone`;
const site = `lab/dev/${region}/web/site`;

/** A zone that every environment may read, and a site of another environment that reads it. */
function lab(value: string, environments: readonly ('hub' | 'dev')[] = ['hub', 'dev']): Lab {
  const units: { readonly [name in 'hub' | 'dev']: LabUnits } = {
    hub: {
      'dns/zone': { shared: true, json: dataBlocks({ zone: value }), outputs: { id: '${terraform_data.zone.id}' } },
      'dns/other': { shared: true, json: dataBlocks({ other: 'kept' }), outputs: { id: '${terraform_data.other.id}' } },
    },
    dev: {
      'web/site': { reads: { [`hub/${region}/dns/zone`]: ['id'] }, json: dataBlocks({ site: read(`hub/${region}/dns/zone`, 'id') }) },
    },
  };
  return {
    environments: Object.fromEntries(environments.map((name) => [name, { account: shopAccount, regions: { [region]: units[name] } }])),
  };
}

let it: Team;
const write = (...given: Parameters<typeof lab>): void => it.file('stacks/lab.json', `${JSON.stringify(lab(...given), null, 2)}\n`);
const forget = (reader: string, ...flags: readonly string[]): Promise<Outcome> =>
  it.go('state', 'forget-reader', reader, '--policy-ref', 'main', ...flags);
const confirmed = (...flags: readonly string[]): Promise<Outcome> => forget(site, '--confirm', site, ...flags);
/** Plans, approves and applies. */
async function deployed(selector: string): Promise<void> {
  const bundle = await it.plan(selector);
  succeeded(bundle);
  await it.approve(bundle.place, 'ana');
  succeeded(await it.apply(bundle.place));
}

beforeAll(async () => {
  it = await team(lab('one'));
  it.rules({ 'lab/*': {} });
  await it.save('two environments');
  for (const environment of ['lab/hub', 'lab/dev']) await it.setUp(environment);
  await deployed('lab/hub');
  await deployed('lab/dev');
}, 600_000);
afterAll(() => it.dispose());

test('a reader that can still be planned is not forgotten: the protected branch has its environment, whatever a branch pretends', async () => {
  const here = await confirmed();
  expect([here.code, words(here)]).toEqual([
    3,
    expect.stringContaining(`E6092 reader can still be planned ${site} terrace.environments.json of main still has lab/dev`),
  ]);
  it.git('checkout', '--quiet', '-b', 'pretending');
  write('one', ['hub']);
  await it.save('there was never a dev');
  const pretended = await confirmed();
  expect([pretended.code, words(pretended)]).toEqual([3, expect.stringContaining('E6092')]);
  it.git('checkout', '--quiet', 'main');
}, 600_000);

test('where the environment is gone, its reader keeps what it reads from being destroyed', async () => {
  write('two', ['hub']);
  await it.save('dev is gone');
  const destroying = await it.plan(zone, '--destroy');
  expect([destroying.code, words(destroying)]).toEqual([3, expect.stringContaining(`${site} reads id of it`)]);
}, 600_000);

test('what is no such reader is refused, each with its code, and nothing is written without the name typed', async () => {
  const refusals: readonly (readonly [code: number, text: string, args: readonly string[]])[] = [
    [64, 'E0005', ['lab/dev']],
    [3, `no commit of main has facts about lab/stage`, [`lab/stage/${region}/web/site`]],
    [3, 'E6093 no such reader', [`lab/dev/${region}/web/none`]],
    [3, 'its record does not say that it reads', [site, '--of', `lab/hub/${region}/dns/other`]],
    [3, 'E4213 names do not match', [site]],
    [3, 'E4213 names do not match', [site, '--confirm', 'lab/dev']],
  ];
  for (const [code, text, [reader = '', ...flags]] of refusals) {
    const outcome = await forget(reader, ...flags);
    expect([outcome.code, words(outcome)]).toEqual([code, expect.stringContaining(text)]);
  }
  const shown = await forget(site);
  expect(words(shown)).toContain(`It reads id of ${zone}.`);
  expect(words(shown)).toContain('dan@example.com');
  expect(words(shown)).toContain('WARNING: its state still holds 1 resource.');
  expect((await it.plan(zone, '--destroy')).code).toBe(3);
}, 600_000);

test('a lock that is held is 4, with its holder, for the reader and for what it reads', async () => {
  for (const unit of [zone, site]) {
    const key = `${unit.split('/').slice(1).join('/')}/terraform.tfstate`;
    const place = { bucket: `terraform-state-${shopAccount}-${region}`, region, key, dynamodbTable: `terraform-locks-${shopAccount}` };
    const access = await openState({ path: unit, backend: { ...place, useLockfile: false } }, it.shell);
    await itemPlace(access).take({ ...newLockInfo({ operation: 'terrace apply', path: unit }), id: 'held', who: 'ana@elsewhere' });
    const held = await confirmed();
    const standing = await itemPlace(access).read();
    if (standing !== undefined) await itemPlace(access).remove(standing);
    access.close();
    expect([unit, held.code, words(held).includes('ana@elsewhere')]).toEqual([unit, 4, true]);
  }
}, 600_000);

test('forgotten: a bundle of before is refused, the next one says who forgot the reader, needs one more, and once applied nothing is said', async () => {
  const before = await it.plan(zone);
  succeeded(before);
  await it.approve(before.place, 'ana', 'bob');
  const done = succeeded(await confirmed('--json'));
  const { by, at, ...rest } = JSON.parse(done.stdout).forgotten[0];
  expect(rest).toEqual({ reader: site, unit: zone, outputs: ['id'], resources: 1, commit: it.git('rev-parse', 'main') });
  expect(by).toMatch(/^arn:aws:(?:iam|sts)::/);
  const again = succeeded(await forget(site));
  expect(again.stdout).toContain(`${site} was already forgotten as a reader of ${zone} (id) by ${by} at ${at}`);

  const stale = await it.apply(before.place);
  expect([stale.code, words(stale)]).toEqual([3, expect.stringContaining('E6096 reader forgotten since')]);

  const bundle = await it.plan(zone);
  succeeded(bundle);
  const said = `${by} forgot ${site} at ${at}: it read id`;
  const place = path.join(it.root, '.terrace', 'review');
  const review = succeeded(await it.go('review', bundle.place, '--json', '-', '--html', `${place}.html`, '--markdown', `${place}.md`));
  const finding = JSON.parse(review.stdout).findings.find((one: { readonly rule: string }) => one.rule === 'reader-forgotten');
  expect(finding).toMatchObject({ severity: 'critical', reason: expect.stringContaining(said) });
  for (const kind of ['html', 'md']) expect(readFileSync(`${place}.${kind}`, 'utf8')).toContain('A reader of a unit was forgotten by hand');
  await it.approve(bundle.place, 'ana');
  const refused = await it.verify(bundle.place);
  expect([refused.code, words(refused)]).toEqual([3, expect.stringMatching(/1 of 2 approvals.*reader-forgotten/)]);
  await it.approve(bundle.place, 'bob');
  succeeded(await it.apply(bundle.place));

  const later = await it.plan(zone, '--destroy');
  succeeded(later);
  expect(words(later)).not.toContain('forgot');
}, 600_000);

test('undone: where the environment is back in the source its reader counts again, and applied it stands in its record as before', async () => {
  write('two');
  await it.save('dev is back');
  const blocked = await it.plan(zone, '--destroy');
  expect([blocked.code, words(blocked)]).toEqual([3, expect.stringContaining(`${site} reads id of it`)]);
  await deployed('lab/dev');
  write('two', ['hub']);
  await it.save('dev is gone again');
  const gone = await it.plan(zone, '--destroy');
  expect([gone.code, words(gone)]).toEqual([3, expect.stringContaining(`${site} reads id of it`)]);
}, 600_000);

test('the procedure of docs/recovery.md: forgotten with its path typed, what it read can be destroyed', async () => {
  const [lines = []] = recoveryBlocks().get('A reader whose environment is gone') ?? [];
  const [forgets = '', plans = ''] = lines.map((line) =>
    line.replaceAll(/\b(?:shop\/dev|hub\/production)\//g, (name) => `lab/${name.startsWith('shop') ? 'dev' : 'hub'}/`),
  );
  expect([forgets, plans]).toEqual([`terrace state forget-reader ${site}`, `terrace plan ${zone} --destroy --out next`]);
  const forgotten = succeeded(await confirmed());
  expect(forgotten.stdout).toContain(`${zone}: ${site} is forgotten`);
  succeeded(await it.plan(zone, '--destroy'));
}, 600_000);
