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
    explain: 'These values do not exist yet. The plan can be reviewed but never applied; plan again once the upstream is applied.',
    *check(units) {
      const mocked = [...new Set(units.flatMap(({ mocks }) => mocks.map(({ unit, output }) => `${output} of ${unit}`)))];
      if (mocked.length > 0) yield { reason: `${mocked.length === 1 ? '' : `${mocked.length} values: `}${some(mocked)}` };
    },
  },
  {
    scope: 'unit',
    id: 'plan-incomplete',
    title: 'The plan is incomplete',
    severity: 'critical',
    explain: 'Terraform stopped with an error: there may be changes that are not shown.',
    *check(unit) {
      if (unit.errored) yield { reason: 'terraform stopped part-way' };
    },
  },
  {
    scope: 'unit',
    id: 'drift-noticed',
    title: 'Something was changed outside terraform',
    severity: 'low',
    explain: 'The plan restores what the configuration says: an emergency fix made by hand would be undone.',
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
    explain: 'It runs with the planner’s credentials before anybody has approved. Such data sources belong in the build, not in the plan.',
    *check(change) {
      if (change.mode === 'data' && reaching.has(change.type)) yield { reason: `${change.address} (${change.type})` };
    },
  },
  {
    scope: 'change',
    id: 'provisioner-runs',
    title: 'A provisioner runs a program at apply',
    severity: 'high',
    explain: 'Its effects are in no plan and no state, and it runs with credentials that may change everything.',
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
    explain: 'From now on terraform keeps it as configured. Check that the differences shown are intended.',
    *check(change) {
      if (change.imported !== undefined)
        yield {
          reason: `${change.address}${change.imported === '' ? '' : ` from ${change.imported}`}`,
          severity: change.action === 'none' ? 'info' : 'medium',
        };
    },
  },
];
