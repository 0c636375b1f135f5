import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { checkPolicies, testPolicies } from '../../terrace/policy/check';
import { policiesAtRef, policiesInFolder, type PolicySource } from '../../terrace/policy/source';
import { projectRoot } from '../_helpers/project-root';
import { plannedUnits } from '../../terrace/review/model/build';
import { plannedUnit } from '../../terrace/review/plan/planned-unit';
import { bundleOf } from '../review/_fixtures/bundle-of';
import { planOf, type MadeChange } from '../review/_fixtures/plan-of';
import { temporaryFolder } from '../_helpers/sandbox';
import { runTool } from '../_helpers/tools';

function units(changes: readonly MadeChange[], unit = 'olechka/dev/eu-central-1/network/vpc') {
  return plannedUnits({ bundle: bundleOf(), units: [{ path: unit, plan: planOf({ changes }) }] });
}

function source(files: Readonly<Record<string, string>>): PolicySource {
  return { place: 'made', files: new Map(Object.entries(files)) };
}

/** A policy that refuses by the code given. */
function made(check: string, more = ''): string {
  return `import { planWith, policy } from 'terrace/policy';
${more}
export default policy({
  id: 'made-up', severity: 'deny', explain: 'It exists for a test and for nothing else.',
  check: ${check},
  test: { holds: { 'an empty plan': { units: [] } }, refuses: { 'any change': planWith('shop/dev/r/l/u', 'aws_vpc.main', {}) } },
});`;
}

const refuseAll = `(plan) => plan.units.flatMap((unit) => unit.changes.map(({ address }) => ({ message: 'no ' + address, unit: unit.path, address })))`;

describe('the policies of this project', () => {
  test('hold on their own plans, and there are at least five', async () => {
    const tests = await testPolicies(await policiesInFolder(path.join(projectRoot, 'policies')));
    expect(tests.flatMap(({ policy, failures }) => failures.map((failure) => `${policy}: ${failure}`))).toEqual([]);
    expect(tests.map(({ policy }) => policy)).toEqual(
      expect.arrayContaining(['allowed-regions', 'allowed-types', 'naming', 'required-tags', 'trusted-code']),
    );
  });

  test('refuse a change that breaks several of them, with unit and address, refusals first', async () => {
    const results = await checkPolicies(
      await policiesInFolder(path.join(projectRoot, 'policies')),
      units([
        { address: 'aws_s3_bucket.copy', after: { bucket: 'copy', region: 'us-west-2', tags_all: {} } },
        { address: 'aws_iam_access_key.ci', after: { user: 'ci' } },
      ]),
      {},
    );
    expect(results.map(({ policy, severity, address }) => `${severity} ${policy} ${address}`)).toEqual([
      'deny allowed-regions aws_s3_bucket.copy',
      'deny allowed-types aws_iam_access_key.ci',
      'warn naming aws_s3_bucket.copy',
      'warn required-tags aws_s3_bucket.copy',
    ]);
  });
});

describe('a policy of the organisation', () => {
  test('sees the typed plan and refuses with its explanation', async () => {
    expect(await checkPolicies(source({ 'made.ts': made(refuseAll) }), units([{ address: 'aws_vpc.main', after: {} }]), {})).toEqual([
      {
        policy: 'made-up',
        severity: 'deny',
        explain: 'It exists for a test and for nothing else.',
        message: 'no aws_vpc.main',
        unit: 'olechka/dev/eu-central-1/network/vpc',
        address: 'aws_vpc.main',
      },
    ]);
  });

  test('sees marks in place of sensitive and unknown values', async () => {
    const planned = plannedUnit({
      path: 'shop/dev/r/l/u',
      plan: planOf({
        changes: [{ address: 'aws_vpc.main', after: { password: 'CANARY-secret' }, sensitive: ['password'], unknown: ['arn'] }],
      }),
    });
    const results = await checkPolicies(
      source({
        'made.ts': made(`(plan) => plan.units.flatMap((unit) => unit.changes.map(({ after }) => ({ message: JSON.stringify(after) })))`),
      }),
      [planned],
      {},
    );
    expect(results[0]?.message).toContain('"arn":{"terrace:mark":"unknown"}');
    expect(results[0]?.message).not.toContain('CANARY');
  });

  test('may import another one, and nothing else', async () => {
    const other = source({
      'made.ts': made('refuseAll', `import { refuseAll } from './shared/all';`),
      'shared/all.ts': `import { policy, planWith } from 'terrace/policy';\nexport const refuseAll = ${refuseAll};\nexport default policy({ id: 'other', severity: 'warn', explain: 'It exists for a test and for nothing else.', check: refuseAll, test: { holds: { none: { units: [] } }, refuses: { one: planWith('a/b/c/d/e', 'x.y', {}) } } });`,
    });
    expect((await checkPolicies(other, units([{ address: 'aws_vpc.main', after: {} }]), {})).map(({ policy }) => policy)).toEqual([
      'made-up',
      'other',
    ]);
    await expect(
      testPolicies(source({ 'made.ts': made(refuseAll, `import { readFileSync } from 'node:fs'; readFileSync;`) })),
    ).rejects.toThrow(/E7102 policy cannot be read[\s\S]*imports node:fs: a policy may import other policies/);
    await expect(testPolicies(source({ 'made.ts': made(refuseAll, `import x from '../../etc/passwd'; x;`) }))).rejects.toThrow(/E7102/);
  });

  test.each([
    ['has no process', `() => [{ message: String(typeof process) }]`, 'undefined'],
    [
      'can load nothing',
      `() => { try { require(['node:', 'fs'].join('')); return [{ message: 'loaded' }]; } catch { return [{ message: 'refused' }]; } }`,
      'refused',
    ],
    [
      'cannot make code from text',
      `() => { try { Function('return 1')(); return [{ message: 'made' }]; } catch { return [{ message: 'refused' }]; } }`,
      'refused',
    ],
    [
      'cannot change what others see',
      `(plan) => { 'use strict'; const seen = Object.isFrozen(plan) ? 'frozen' : 'open'; return plan.units.length === 0 ? [] : [{ message: seen }]; }`,
      'frozen',
    ],
  ])('%s', async (_, check, message) => {
    const text = made(check).replace(
      `holds: { 'an empty plan': { units: [] } }`,
      `holds: { 'nothing, so that its own test holds': { units: 'x' === 'x' ? [] : [] } }`,
    );
    const relaxed = text
      .replace(
        'check:',
        `check: (plan) => plan.units.some(({ path }) => path.startsWith('olechka') || path === 'shop/dev/r/l/u') ? judge(plan) : [],\n  judge:`,
      )
      .replace('export default', `const judge = ${check};\nexport default`);
    const results = await checkPolicies(source({ 'made.ts': relaxed }), units([{ address: 'aws_vpc.main', after: {} }]), {});
    expect(results.map((one) => one.message)).toEqual([message]);
  });

  test.each([
    [
      'without a test',
      `export default { id: 'a-b', severity: 'deny', explain: 'long enough to be an explanation', check: () => [] };`,
      'no test that holds and one that refuses',
    ],
    [
      'without an explanation',
      `export default { id: 'a-b', severity: 'deny', explain: 'short', check: () => [], test: { holds: { a: {} }, refuses: { a: {} } } };`,
      'does not explain itself',
    ],
    [
      'of another severity',
      `export default { id: 'a-b', severity: 'fatal', explain: 'long enough to be an explanation', check: () => [], test: { holds: { a: {} }, refuses: { a: {} } } };`,
      'neither deny nor warn',
    ],
    ['without a default export', `export const policy = 1;`, 'no default export'],
    ['that throws', made(`() => { throw new Error('broken') }`), 'broken'],
    ['that is no TypeScript', 'export default {', 'E7102'],
  ])('%s refuses everything', async (_, text, found) => {
    await expect(checkPolicies(source({ 'made.ts': text }), units([]), {})).rejects.toThrow(found);
  });

  test('that does not end is stopped and refuses', async () => {
    // The first of its own plans never comes back; the limit is 20 seconds.
    await expect(testPolicies(source({ 'made.ts': made('() => { for (;;); }') }))).rejects.toThrow(/E7103[\s\S]*timed out/);
  }, 600_000);

  test('whose own tests fail refuses to judge', async () => {
    await expect(checkPolicies(source({ 'made.ts': made('() => []') }), units([]), {})).rejects.toThrow(
      /"any change" should be refused, and is not/,
    );
  });
});

describe('where policies come from', () => {
  test('a commit: what the work tree says does not count', async () => {
    const folder = temporaryFolder('terrace-policies-');
    mkdirSync(path.join(folder, 'policies'));
    writeFileSync(path.join(folder, 'policies', 'made.ts'), made(refuseAll));
    const git = (...args: readonly string[]) =>
      runTool('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args]);
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'policies');
    writeFileSync(path.join(folder, 'policies', 'made.ts'), made('() => []'));
    const base = await policiesAtRef(folder, 'main');
    expect((await checkPolicies(base, units([{ address: 'aws_vpc.main', after: {} }]), {})).map(({ policy }) => policy)).toEqual([
      'made-up',
    ]);
    await expect(policiesAtRef(folder, 'missing')).rejects.toThrow(/^E7101 no policies {3}missing/);
    await expect(policiesAtRef(folder, '--output=/tmp/x')).rejects.toThrow(/^E7101/);
  });

  test('a folder; an empty or missing one is refused', async () => {
    await expect(policiesInFolder(temporaryFolder('terrace-none-'))).rejects.toThrow(/E7101[\s\S]*it contains no policy/);
    await expect(policiesInFolder('/nowhere/at/all')).rejects.toThrow(/E7101/);
  });
});
