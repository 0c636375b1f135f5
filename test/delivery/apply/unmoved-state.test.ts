import { expect, test } from '@jest/globals';

import { movesState } from '../../../terrace/delivery/apply/unmoved-state';
import type { PlanChange, PlanJson, PlanResource } from '../../../terrace/terraform/plan-json';

const resource = (change: PlanChange, more: Partial<PlanResource> = {}): PlanJson => ({
  format_version: '1.2',
  resource_changes: [{ address: 'aws_eip.a', mode: 'managed', type: 'aws_eip', name: 'a', change, ...more }],
});
const output = (change: PlanChange): PlanJson => ({ format_version: '1.2', output_changes: { v: change } });

test.each<[string, PlanJson, 'always' | 'seldom not' | 'not']>([
  ['a creation', resource({ actions: ['create'] }), 'always'],
  ['a destruction', resource({ actions: ['delete'] }), 'always'],
  ['a resource that is forgotten', resource({ actions: ['forget'] }), 'always'],
  ['a resource of another address', resource({ actions: ['no-op'] }, { previous_address: 'aws_eip.b' }), 'always'],
  ['an import', resource({ actions: ['no-op'], importing: { id: 'eipalloc-1' } }), 'always'],
  ['a new output', output({ actions: ['create'], after_unknown: true }), 'always'],
  ['an output that goes', output({ actions: ['delete'], after_unknown: false }), 'always'],
  ['an output of another value', output({ actions: ['update'], before: 'a', after: 'b', after_unknown: false }), 'always'],
  ['an output that may stay as it is', output({ actions: ['update'], before: 'a', after_unknown: true }), 'seldom not'],
  ['an update', resource({ actions: ['update'] }), 'seldom not'],
  ['a replacement', resource({ actions: ['delete', 'create'] }), 'seldom not'],
  ['a read', resource({ actions: ['read'] }, { mode: 'data' }), 'not'],
  ['nothing', resource({ actions: ['no-op'] }, { previous_address: 'aws_eip.a' }), 'not'],
])('what %s does to the state of a unit is known from its plan', (_, plan, moves) => {
  expect(movesState(plan)).toBe(moves);
});
