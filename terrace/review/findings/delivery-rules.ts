import { pathText } from '../diff/attribute-change';

import { some } from './value-at';
import type { Rule } from './rule';

/** Data sources that run programs or fetch addresses while planning. */
const reaching = new Set(['external', 'http', 'shell_script', 'terraform_remote_state_http']);

export const deliveryRules: readonly Rule[] = [
  {
    scope: 'plan',
    id: 'mocked-value',
    title: 'The plan was made with mocks',
    severity: 'info',
    explain: 'These values do not exist yet. The plan can be read but never applied; plan again once the upstream is applied.',
    *check(units) {
      const mocked = [...new Set(units.flatMap(({ mocks }) => mocks.map(({ unit, output }) => `${output} of ${unit}`)))];
      if (mocked.length > 0) yield { reason: `${mocked.length === 1 ? '' : `${mocked.length} values: `}${some(mocked)}` };
    },
  },
  {
    scope: 'unit',
    id: 'plan-incomplete',
    title: 'The plan is not whole',
    severity: 'critical',
    explain: 'Terraform met an error and stopped: what is not shown may change too.',
    *check(unit) {
      if (unit.errored) yield { reason: 'terraform stopped half-way' };
    },
  },
  {
    scope: 'unit',
    id: 'drift-noticed',
    title: 'Something was changed outside terraform',
    severity: 'low',
    explain: 'The plan brings back what the configuration says: an emergency repair made by hand would be undone.',
    *check(unit) {
      for (const drift of unit.drift) {
        yield {
          reason:
            drift.action === 'gone'
              ? `${drift.address} no longer exists`
              : `${drift.address}: ${some(drift.attributes.map(({ path }) => pathText(path)))}`,
          severity: drift.action === 'gone' ? 'high' : drift.relevant ? 'medium' : 'low',
        };
      }
    },
  },
  {
    scope: 'change',
    id: 'plan-reaches-out',
    title: 'Planning runs a program or fetches an address',
    severity: 'high',
    explain: 'It runs with the planner’s credentials before anybody approved. Such data sources belong in the build, not in the plan.',
    *check(change) {
      if (change.mode === 'data' && reaching.has(change.type)) yield { reason: `${change.address} (${change.type})` };
    },
  },
  {
    scope: 'change',
    id: 'provisioner-runs',
    title: 'A provisioner runs a program at apply',
    severity: 'high',
    explain: 'Its effects are in no plan and in no state, and it runs with the credentials that may change everything.',
    *check(change) {
      if (change.provisioners.length > 0 && (change.action === 'create' || change.action === 'replace'))
        yield { reason: `${some(change.provisioners)} of ${change.address}` };
    },
  },
  {
    scope: 'change',
    id: 'resource-imported',
    title: 'An existing resource is taken over',
    severity: 'low',
    explain: 'From now on terraform changes it back to what is written. Check that the differences shown are meant.',
    *check(change) {
      if (change.imported !== undefined)
        yield {
          reason: `${change.address}${change.imported === '' ? '' : ` from ${change.imported}`}`,
          severity: change.action === 'none' ? 'info' : 'medium',
        };
    },
  },
];
