import { expect, test } from '@jest/globals';

import { planState } from '../../../terrace/sandbox/providers/plan/plan';
import type { ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';
import type { Block } from '../../../terrace/sandbox/providers/schema/schema';

// A server's `network` block: an element of a set that holds a set itself, so that terraform cannot merge what was there before.
const block: Block = {
  attributes: { name: { type: 'string', required: true } },
  block_types: {
    network: {
      nesting_mode: 'set',
      block: {
        attributes: {
          ip: { type: 'string', optional: true, computed: true },
          mac_address: { type: 'string', computed: true },
          alias_ips: { type: ['set', 'string'], optional: true, computed: true },
        },
      },
    },
  },
};

test('an element of a set keeps what the provider computed for it, when nothing that was configured changed', () => {
  const config: ObjectValue = { name: 'a', network: [{ ip: '10.0.2.10', mac_address: null, alias_ips: null }] };
  const prior: ObjectValue = { name: 'a', network: [{ ip: '10.0.2.10', mac_address: '86:00:00:00:00:01', alias_ips: [] }] };
  expect(planState({ block, config, proposed: config, prior, predict: () => undefined })).toEqual(prior);
});

test('another element is computed anew', () => {
  const config: ObjectValue = { name: 'a', network: [{ ip: '10.0.2.11', mac_address: null, alias_ips: null }] };
  const prior: ObjectValue = { name: 'a', network: [{ ip: '10.0.2.10', mac_address: '86:00:00:00:00:01', alias_ips: [] }] };
  const planned = planState({ block, config, proposed: config, prior, predict: () => undefined });
  expect(planned).toMatchObject({ network: [{ ip: '10.0.2.11' }] });
  expect(planned).not.toMatchObject({ network: [{ mac_address: '86:00:00:00:00:01' }] });
});
