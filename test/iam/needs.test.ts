import { expect, test } from '@jest/globals';

import { roleNeeds } from '../../terrace/iam/needs';
import { build, demoProject, demoUnits, NetworkUnit } from '../_helpers/demo-project';

class MovedUnit extends NetworkUnit {
  override readonly movedFrom = 'network/old';
}

class MovedToItself extends NetworkUnit {
  override readonly movedFrom = 'network/vpc';
}

test('a unit that moved needs the place where its state stood, unless another unit stands there', async () => {
  const region = {
    region: 'eu-central-1',
    awsRegion: 'eu-central-1',
    units: { ...demoUnits, 'network/main': MovedUnit, 'network/copy': MovedToItself },
  };
  const tree = await build(demoProject({ regions: [region] }));
  const [environment] = tree.systems.flatMap((system) => system.environments);
  if (environment === undefined) throw new Error('no environment');
  expect(
    roleNeeds(environment)
      .units.map(({ state, previous }) => [state.key, previous?.key])
      .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  ).toEqual([
    ['dev/eu-central-1/compute/service/terraform.tfstate', undefined],
    ['dev/eu-central-1/network/copy/terraform.tfstate', undefined],
    ['dev/eu-central-1/network/main/terraform.tfstate', 'dev/eu-central-1/network/old/terraform.tfstate'],
    ['dev/eu-central-1/network/vpc/terraform.tfstate', undefined],
    ['dev/eu-central-1/security/secret/terraform.tfstate', undefined],
  ]);
});
