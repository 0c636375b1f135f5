import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { deliveryOf, runnersFor, type SystemDelivery } from '../../terrace/ci/delivery';
import { githubFiles } from '../../terrace/ci/github/github';
import { Remarked } from '../../terrace/ci/github/yaml';
import { shardsOf } from '../../terrace/ci/pipelines/checks';
import type { Model, UnitModel } from '../../terrace/model/model';
import type { CiEnvironmentValues } from '../../terrace/tree/ci-values';
import { full } from '../_helpers/where-available';
import { deliveryProject, values } from './harness/delivery-project';
import { mainOf } from './harness/small-project';
import { needsOf, type Workflow } from './workflow-files';

const backend = { bucket: 'states', key: 'k', region: 'eu-central-1', useLockfile: false };

/** A system of one environment with so many units, in waves of two. */
function large(count: number, settings: Partial<CiEnvironmentValues> = {}, guarded: readonly string[] = []): SystemDelivery {
  const units = Array.from({ length: count }, (_, index): UnitModel => ({
    path: `large/dev/eu/app/u${index}`,
    system: 'large',
    environment: 'dev',
    region: 'eu',
    layer: 'app',
    name: `u${index}`,
    stackId: `large-dev-eu-app-u${index}`,
    wave: index % 2,
    dependencies: [],
    outputs: [],
    variables: [],
    backend,
    bootstrap: false,
    appliedByBootstrap: false,
  }));
  const model: Model = {
    version: 1,
    commit: null,
    dirty: false,
    systems: [
      {
        name: 'large',
        project: 'large',
        lock: 'dynamodb',
        liveTree: 'ignored',
        keyPrefix: '',
        environments: [{ name: 'dev', stateAccount: '123456789012', credentials: { kind: 'ambient' } }],
      },
    ],
    units,
  };
  return deliveryOf(
    'large',
    { repository: { name: 'acme/large' }, environments: { dev: { approvals: 1, roles: { plan: 'plan', apply: 'apply' }, ...settings } } },
    model,
    '{environment}/{region}/{layer}/{unit}/terraform.tfstate',
    guarded,
  );
}

function round(delivery: SystemDelivery): Workflow {
  const facts = {
    branch: 'main',
    action: (name: string) => new Remarked(`${name}@${'a'.repeat(40)}`, 'v1'),
    terraformVersion: '1.11.4',
    nodeVersion: '22',
    own: false,
  };
  return parse(githubFiles([delivery], facts).get('.github/workflows/_round.yml') ?? '') as Workflow;
}

test('an environment of a thousand units is planned by runners side by side, one wave a round, and joined into one bundle', () => {
  const delivery = large(1000);
  expect(delivery.environments[0]).toMatchObject({ runners: 17, waves: [0, 1], rounds: 3 });
  const { jobs } = round(delivery);
  expect(jobs['part']?.strategy?.matrix).toEqual({ shard: '${{ fromJSON(needs.place.outputs.shards) }}' });
  const [look] = jobs['place']?.steps ?? [];
  const table: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(look?.env?.['TABLE'] ?? '{}');
  expect(JSON.parse(table['large/dev']?.['shards'] ?? '')).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  expect(table['large/dev']?.['waves']).toBe('0 1 gone');
  expect(needsOf(jobs['plan'])).toEqual(['place', 'judge', 'part']);
  const give = jobs['part']?.steps?.find(({ uses }) => uses?.startsWith('actions/upload-artifact') === true);
  const take = jobs['plan']?.steps?.find((step) => step.with?.['pattern'] !== undefined);
  expect(give?.with?.['name']).toBe('part-${{ needs.place.outputs.name }}-${{ inputs.round }}-${{ matrix.shard }}');
  expect(take?.with?.['pattern']).toBe('part-${{ needs.place.outputs.name }}-${{ inputs.round }}-*');
});

test('where no environment is that large, there is no such job', () => {
  expect(large(60).environments[0]).toMatchObject({ runners: 1, rounds: 1 });
  expect(Object.keys(round(large(60)).jobs)).not.toContain('part');
});

test('no matrix has more than 256 entries, however large an environment is', () => {
  expect([1, 60, 61, 15_360, 1_000_000].map((units) => runnersFor(units))).toEqual([1, 1, 2, 256, 256]);
  const [environment] = large(20_000).environments;
  if (environment === undefined) throw new Error('no environment');
  for (const count of [1, 3, 200]) expect(count * shardsOf({ environments: Array(count).fill(environment) })).toBeLessThanOrEqual(256);
  expect(() => large(1, { runners: 257 })).toThrow('E0501');
  expect(() => large(1, { runners: 0 })).toThrow('E0501');
});

test('an environment that is protected is never applied without asking', () => {
  expect(large(1, { approvals: 0 }).environments).toHaveLength(1);
  expect(large(1, { approvals: 1 }, ['dev']).environments).toHaveLength(1);
  expect(() => large(1, { approvals: 0 }, ['dev'])).toThrow('dev is protected, but would be applied without an approval');
});

if (full)
  test('runners that share a round plan it together, wave by wave, reviewed and applied as one bundle; what is gone goes in a round of its own', async () => {
    const project = await deliveryProject({ runners: 2 });
    try {
      const run = project.start(project.merge(project.commit('first', 'ana', values('a', 'b')), 'ana'));
      expect(await run.go()).toMatchObject({ 'dev-1/part': 'success', 'dev-1/plan': 'success', 'dev-1/review': 'waiting' });
      run.approve('dev-review', 'bob', run.outputs('dev-1/plan')['hash'] ?? '');
      expect(await run.go()).toMatchObject({ 'dev-1/apply': 'success', 'dev-2/part': 'success', 'dev-2/review': 'waiting' });
      run.approve('dev-review', 'bob', run.outputs('dev-2/plan')['hash'] ?? '');
      expect(await run.go()).toMatchObject({ 'dev-2/apply': 'success', 'dev-3/plan': 'success', 'dev-3/apply': 'skipped' });
      const next = project.start(project.merge(project.commit('words', 'ana', { 'README.md': 'words\n' }), 'ana'));
      expect(await next.go()).toMatchObject({
        'dev-1/plan': 'success',
        'dev-1/review': 'skipped',
        'dev-2/plan': 'success',
        'dev-2/apply': 'skipped',
        'dev-3/plan': 'success',
        'dev-3/apply': 'skipped',
      });
      // The unit of the last wave is gone, and with it its wave: what is gone has a round of its own.
      const rest = mainOf(2, ['network/first']);
      const less = project.start(project.merge(project.commitGenerated('less', 'ana', { 'main.ts': rest }), 'ana'));
      expect(await less.go()).toMatchObject({ 'dev-1/review': 'skipped', 'dev-2/part': 'success', 'dev-2/review': 'waiting' });
      expect(less.summary).toContain('compute/second');
      const hash = less.outputs('dev-2/plan')['hash'] ?? '';
      less.approve('dev-review', 'bob', hash);
      // The workflows changed with it, and they judge.
      expect(await less.go()).toMatchObject({ 'dev-2/review-2': 'waiting' });
      less.approve('dev-review-2', 'cem', hash);
      expect(await less.go()).toMatchObject({ 'dev-2/apply': 'success' });
      expect(less.outputs('dev-2')['left']).toBe('false');
    } finally {
      await project.dispose();
    }
  }, 1_800_000);
