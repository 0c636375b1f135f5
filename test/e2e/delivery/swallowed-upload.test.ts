import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { aimedRequests } from '../../_helpers/fault-cells';
import { faultWorld, type FaultWorld } from '../../_helpers/fault-world';
import { awsBlocks } from '../../_helpers/lab-project';
import type { Lab } from '../../_helpers/lab-types';
import { succeeded, words } from '../../_helpers/scratch-project';
import { shopAccount } from '../../_helpers/shop-tree';

const test = inOrder();

const lab = (tags: { readonly [name: string]: string }): Lab => ({
  lock: 's3',
  environments: {
    dev: {
      account: shopAccount,
      regions: {
        'eu-central-1': {
          'w/a': {
            json: awsBlocks({
              aws_eip: Object.fromEntries(
                Object.entries(tags).map(([name, note]) => [name, { domain: 'vpc', tags: { Name: name, note } }]),
              ),
            }),
            outputs: {},
          },
        },
      },
    },
  },
});
const key = 'dev/eu-central-1/w/a/terraform.tfstate';

let world: FaultWorld;
beforeAll(async () => {
  world = await faultWorld(lab({ kept: 'one', gone: 'one' }));
  succeeded(await world.project.run('synth'));
  succeeded(await world.cli(...deploy()));
}, 600_000);
afterAll(() => world.dispose());

const deploy = (...more: readonly string[]): readonly string[] => [
  'deploy',
  world.project.path('w/a'),
  '--auto-approve',
  '--tree',
  `${world.project.root}/live`,
  ...more,
];

/** Runs it once to see its requests, puts all back, and runs it again with the upload of the state answered by something else. */
async function swallowed(words: readonly string[]) {
  const before = await world.snapshot();
  const logged = world.requests().length;
  succeeded(await world.cli(...words));
  const made = world.requests().slice(logged);
  await world.restore(before);
  const services = made.filter(({ service }) => service === 's3' || service === 'dynamodb' || service === 'sts');
  const upload = services.findIndex(({ method, target }) => method === 'PUT' && /\/terraform\.tfstate(?:\?|$)/.test(target));
  const aimed = aimedRequests(made)[upload];
  if (aimed === undefined) throw new Error('nothing uploaded a state');
  world.faults.add({ service: aimed.service, operation: 'any', kind: 'empty', status: 200, milliseconds: 0, skip: aimed.skip, times: 1 });
  const outcome = await world.cli(...words);
  world.faults.remove();
  return outcome;
}

test.each<[string, { readonly [name: string]: string }]>([
  ['changes a tag', { kept: 'two', gone: 'one' }],
  ['destroys a resource', { kept: 'two' }],
])(
  'with locks in S3 a deploy that %s, and whose state is answered for and never stored, does not say that it applied; the next one goes on',
  async (_, tags) => {
    world.project.commit(lab(tags), 'change');
    succeeded(await world.project.run('synth'));
    const state = await world.object(key);
    const outcome = await swallowed(deploy());
    expect([outcome.code, words(outcome)]).toEqual([1, expect.stringContaining(`E6091 state not stored ${world.project.path('w/a')}`)]);
    expect(await world.object(key)).toBe(state);
    succeeded(await world.cli(...deploy()));
    expect([...world.resources('aws_eip').values()].toSorted()).toEqual(Object.keys(tags).toSorted());
  },
  600_000,
);

test('with locks in S3 a destroy whose state is never stored ends with 1, and again with 0 once it is', async () => {
  const outcome = await swallowed(deploy('--destroy'));
  expect([outcome.code, words(outcome)]).toEqual([1, expect.stringContaining('E6091 state not stored')]);
  succeeded(await world.cli(...deploy('--destroy')));
  expect([...world.resources('aws_eip')]).toEqual([]);
}, 600_000);
