import { expect, test } from '@jest/globals';

import { withoutVariables } from '../../../terrace/delivery/plan/not-given';
import type { PlanTarget } from '../../../terrace/delivery/target/plan-target';
import type { UnitModel } from '../../../terrace/model/model';

function target(name: string, ...variables: readonly string[]): PlanTarget {
  const unit: UnitModel = {
    path: `shop/dev/eu/app/${name}`,
    system: 'shop',
    environment: 'dev',
    region: 'eu',
    layer: 'app',
    name,
    stackId: `shop-dev-eu-app-${name}`,
    wave: 0,
    dependencies: [],
    outputs: [],
    variables: variables.map((one) => ({ name: one, type: 'string', sensitive: true, required: true, description: '' })),
    backend: { bucket: 'b', key: 'k', region: 'eu-central-1', useLockfile: false },
    bootstrap: false,
    appliedByBootstrap: false,
  };
  return {
    unit,
    files: new Map(),
    operation: 'apply',
    access: { stateAccount: '123456789012', credentials: { kind: 'ambient' } },
  };
}

test('units that need a variable which is not given get no plan, and the review says which and why', () => {
  const [cache, web] = [target('cache', 'upstash_api_key', 'upstash_email'), target('web', 'cloudflare_api_token')];
  expect(withoutVariables([cache, web], ['upstash_api_key'])).toEqual({
    targets: [web],
    remarks: [
      {
        kind: 'unit-unplanned',
        unit: 'shop/dev/eu/app/cache',
        text: 'it is not planned here: upstash_api_key exists only with write access, and is available to the protected branch alone',
      },
    ],
  });
  expect(withoutVariables([cache, web], [])).toEqual({ targets: [cache, web], remarks: [] });
});
