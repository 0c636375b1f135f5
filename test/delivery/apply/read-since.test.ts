import { beforeAll, expect, test } from '@jest/globals';

import { exitCodes, TerraceError } from '../../../terrace/base/errors';
import { applyBundle } from '../../../terrace/delivery/apply/apply-bundle';
import { judgedBy } from '../../../terrace/delivery/approval/judgement';
import type { BundleContent } from '../../../terrace/delivery/bundle/content';
import type { AppliedRecord } from '../../../terrace/delivery/record/record';
import type { StateTarget } from '../../../terrace/state/state-access';
import { fakeDelivery, MemoryStates } from '../../_helpers/delivery-fakes';
import { appliedRecord } from '../../_helpers/record-text';
import { approvalBy, newCast, sealedBundle, shopPolicy, type Cast, type SealedUnit } from '../../_helpers/sealed-bundle';
import { codesOf } from '../../_helpers/state-sandbox';
import { network, service, shopPath } from '../../_helpers/shop-tree';

const [vpc, api] = [shopPath('network/vpc'), shopPath('compute/api')];
const keyOf = (unit: string): string => `${unit.split('/').slice(1).join('/')}/terraform.tfstate`;
let cast: Cast;
beforeAll(async () => {
  cast = await newCast();
});

/** The network with a plan that destroys its subnet, which `subnet_id` names; `vpc_id` stays. */
const losing = (change?: SealedUnit['change']): SealedUnit => ({
  unit: network(),
  lineage: 'vpc',
  serial: 3,
  plan: {
    resource_changes: [
      {
        address: 'aws_subnet.a',
        mode: 'managed',
        type: 'aws_subnet',
        name: 'a',
        provider_name: 'registry.terraform.io/hashicorp/aws',
        change: {
          actions: ['delete'],
          before: { id: 'subnet-0123456789' },
          after: null,
          after_unknown: {},
          before_sensitive: {},
          after_sensitive: false,
        },
      },
    ],
    output_changes: {
      subnet_id: {
        actions: ['delete'],
        before: 'subnet-0123456789',
        after: null,
        after_unknown: false,
        before_sensitive: false,
        after_sensitive: false,
      },
      vpc_id: {
        actions: ['no-op'],
        before: 'vpc-1',
        after: 'vpc-1',
        after_unknown: false,
        before_sensitive: false,
        after_sensitive: false,
      },
    },
  },
  ...(change === undefined ? {} : { change }),
});

/** States in which one record cannot be read. */
class ClosedStates extends MemoryStates {
  constructor(
    readonly closed: string,
    readonly code: string,
  ) {
    super();
  }

  override async readRecord(target: StateTarget): Promise<AppliedRecord | undefined> {
    if (target.backend.key === this.closed)
      throw new TerraceError({ code: this.code, title: 'closed', found: 'no', todo: 'ask' }, exitCodes.failed);
    return super.readRecord(target);
  }
}

/** What an apply of a bundle ends with, where the service was applied since with these outputs of the network. */
async function applied(content: BundleContent, outputs: readonly string[], states = new MemoryStates()): Promise<string> {
  states.put(keyOf(vpc), 'vpc', 3, { subnet_id: 'subnet-0123456789', vpc_id: 'vpc-1' });
  states.put(keyOf(api), 'api', 5);
  states.records.set(keyOf(api), appliedRecord(api, { [vpc]: outputs }, { state: { lineage: 'api', serial: 5 } }));
  const delivery = fakeDelivery({ states });
  const done = await codesOf(
    applyBundle(delivery, {
      content,
      approvals: [await approvalBy(cast.ana, content)],
      judge: judgedBy(shopPolicy(cast)),
      identities: [cast.age.identity],
    }),
  );
  return `${done}; ${delivery.applied.length} applied`;
}

test('G15: a unit that was applied since the plan, and reads what it destroys, refuses the bundle before anything is applied', async () => {
  const content = await sealedBundle({ units: [losing()] }, cast);
  expect(await applied(content, ['subnet_id'])).toBe('3 E6050; 0 applied');
  expect(await applied(content, ['vpc_id'])).toBe('done; 1 applied');
});

test('G15: so does a reader of the same bundle that was not planned to leave first', async () => {
  const leaving: SealedUnit = { unit: { ...service(), reads: {}, json: { output: {} } }, lineage: 'api', serial: 5 };
  const beside = await sealedBundle({ units: [losing(), leaving] }, cast);
  expect(await applied(beside, ['subnet_id'])).toBe('3 E6050; 0 applied');
  const first = await sealedBundle({ units: [losing((entry) => ({ ...entry, after: [api] })), leaving] }, cast);
  expect(await applied(first, ['subnet_id'])).toBe('done; 2 applied');
});

test('G15: a unit that is destroyed whole takes away every output', async () => {
  const whole = await sealedBundle({ units: [{ ...losing(), operation: 'destroy' }] }, cast);
  expect(await applied(whole, ['vpc_id'])).toBe('3 E6050; 0 applied');
});

test('a record that the role which applies may not read hides no other, and one that cannot be read otherwise fails', async () => {
  const content = await sealedBundle({ units: [losing()] }, cast);
  const other = 'dev/eu-central-1/backend/state/terraform.tfstate';
  const closedAt = (key: string, code: string): MemoryStates => {
    const states = new ClosedStates(key, code);
    states.records.set(other, appliedRecord('shop/dev/eu-central-1/backend/state'));
    return states;
  };
  expect(await applied(content, ['subnet_id'], closedAt(other, 'E4303'))).toBe('3 E6050; 0 applied');
  expect(await applied(content, ['vpc_id'], closedAt(other, 'E4303'))).toBe('done; 1 applied');
  expect(await applied(content, ['vpc_id'], closedAt(other, 'E4309'))).toBe('1 E4309; 0 applied');
});
