import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { TerraceError } from '../../terrace/base/errors';
import { layoutOf } from '../../terrace/sandbox/daemon/layout';
import { ServiceFaults } from '../../terrace/sandbox/gateway/service-faults';
import { awsAccepted } from '../../terrace/state/accepted-object';
import { aimedRequests, faultCells, type FaultCell } from '../_helpers/fault-cells';
import { testSandbox, type TestSandbox } from '../_helpers/sandbox';
import { makeStateBackend, stateTarget, testAccount } from '../_helpers/state-backend';
import { codesOf } from '../_helpers/state-sandbox';

let sandbox: TestSandbox;
let env: NodeJS.ProcessEnv;
let faults: ServiceFaults;
let counter = 0;
beforeAll(async () => {
  sandbox = await testSandbox();
  // Each request is tried once: what strikes is not repeated away.
  env = { ...sandbox.env({ account: testAccount, units: [] }), AWS_MAX_ATTEMPTS: '1' };
  await makeStateBackend(env);
  faults = new ServiceFaults(layoutOf(sandbox.dir).cloud);
}, 600_000);
afterAll(() => sandbox.dispose());

/** A place for an environment's accepted commit, at which `before` stands. */
async function placeWithOne() {
  counter += 1;
  const { backend } = stateTarget('e/r/l/u');
  const place = {
    bucket: backend.bucket,
    region: backend.region,
    key: `e${counter}/accepted.json`,
    owner: testAccount,
    ...(backend.kmsKeyId === undefined ? {} : { kmsKeyId: backend.kmsKeyId }),
  };
  await awsAccepted.write(place, env, 'before', undefined);
  return place;
}

type Place = Awaited<ReturnType<typeof placeWithOne>>;

async function accept(place: Place): Promise<void> {
  const standing = await awsAccepted.read(place, env);
  if (standing?.text === 'after') return;
  if (!(await awsAccepted.write(place, env, 'after', standing)))
    throw new TerraceError({ code: 'E4311', title: 'meanwhile', found: '', todo: '' });
}

async function struck({ service, skip, kind }: FaultCell) {
  const place = await placeWithOne();
  faults.add({ service, operation: 'any', kind, status: 500, milliseconds: 50, skip, times: 1 });
  const outcome = await codesOf(accept(place));
  const hit = faults.remove() === 0;
  const stands = (await awsAccepted.read(place, env))?.text;
  const again = await codesOf(accept(place));
  const after = (await awsAccepted.read(place, env))?.text;
  const isRight = hit && (outcome === 'done' ? stands === 'after' : /^[134]( E4\d{3})+$/.test(outcome)) && again === 'done';
  return isRight && after === 'after' ? [] : [{ service, skip, kind, hit, outcome, stands, again, after }];
}

test('the accepted commit moves through every fault at every request: a success is one, and the next run goes on', async () => {
  const place = await placeWithOne();
  const logged = sandbox.requests().length;
  expect(await codesOf(accept(place))).toBe('done');
  const cells = faultCells(aimedRequests(sandbox.requests().slice(logged)));
  expect(cells.length).toBeGreaterThan(10);
  const wrong: unknown[] = [];
  for (const cell of cells) wrong.push(...(await struck(cell)));
  expect(wrong).toEqual([]);
}, 600_000);
