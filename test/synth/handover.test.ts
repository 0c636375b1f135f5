import { expect, test } from '@jest/globals';

import { handoverOf } from '../../terrace/synth/handover';
import { deployedFrom } from '../../terrace/tree/deployed-content';
import type { Environment } from '../../terrace/tree/environment';
import type { BuiltTree } from '../../terrace/tree/project';
import { build, demoProject, NetworkUnit, problemsOf, SecretUnit } from '../_helpers/demo-project';

const network = 'demo/dev/eu-central-1/network/vpc';

/** A system whose environment hands two files over, of which one waits for the network. */
async function demo(
  describe?: (environment: Environment) => void,
): Promise<{ readonly tree: BuiltTree; readonly environment: Environment }> {
  const tree = await build(
    demoProject({
      change: ({ environments: [environment] }) => {
        if (environment === undefined) return;
        environment.artifact('inventory.json', '{}', {
          deployed: deployedFrom(
            () => environment.region('eu-central-1').unit(NetworkUnit),
            ({ vpcId, subnetIds }) => `${vpcId}: ${subnetIds.join(', ')}`,
          ),
        });
        environment.artifact('run.sh', '#!/bin/sh\n', { executable: true });
        describe?.(environment);
      },
    }),
  );
  const environment = tree.systems[0]?.environments[0];
  if (environment === undefined) throw new Error('no environment');
  return { tree, environment };
}

const state = (outputs: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    version: 4,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value, type: 'dynamic' }])),
  });

test('what waits for a unit is filled from its state, and everything else is handed over as it is', async () => {
  const { tree, environment } = await demo();
  const asked: string[] = [];
  const { files, filled } = await handoverOf(tree, environment, async ({ path }) => {
    asked.push(path);
    return state({ vpc_id: 'vpc-1', subnet_ids: ['subnet-a', 'subnet-b'] });
  });
  expect(files.map(({ path, content, executable }) => [path, content.toString(), executable])).toEqual([
    ['dev/artifacts/inventory.json', 'vpc-1: subnet-a, subnet-b', false],
    ['dev/artifacts/run.sh', '#!/bin/sh\n', true],
  ]);
  expect(filled).toEqual([{ path: 'dev/artifacts/inventory.json', unit: network }]);
  expect(asked).toEqual([network]);
  expect(environment.artifacts()[0]?.content).toBe('{}');
});

test('a unit without a state is named, with the apply that is missing', async () => {
  const { tree, environment } = await demo();
  expect(await problemsOf(handoverOf(tree, environment, async () => undefined))).toEqual([
    {
      code: 'E9101',
      title: 'not applied yet',
      place: network,
      found: 'it has no state',
      expected: 'a state to which this source was applied',
      todo: 'apply it first (terrace deploy demo/dev), then run terrace handover demo/dev again',
    },
  ]);
});

test.each([
  ['is not there', { vpc_id: 'vpc-1' }],
  ['is of another type', { vpc_id: 'vpc-1', subnet_ids: 'subnet-a' }],
])('an output that %s counts as not applied', async (_, outputs) => {
  const { tree, environment } = await demo();
  const [problem] = await problemsOf(handoverOf(tree, environment, async () => state(outputs)));
  expect(problem).toMatchObject({ code: 'E9101', place: network, found: 'output subnet_ids is not in its state' });
});

test('a secret is not written into a file', async () => {
  const { tree, environment } = await demo((own) =>
    own.artifact('password', '', {
      deployed: deployedFrom(
        () => own.region('eu-central-1').unit(SecretUnit),
        ({ password }) => password,
      ),
    }),
  );
  const problems = await problemsOf(
    handoverOf(tree, environment, async () => state({ vpc_id: 'vpc-1', subnet_ids: [], password: 'secret' })),
  );
  expect(problems.map(({ code, place }) => [code, place])).toEqual([['E9102', 'demo/dev/eu-central-1/security/secret']]);
});
