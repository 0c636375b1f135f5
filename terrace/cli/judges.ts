import { existsSync } from 'node:fs';
import path from 'node:path';

import type { Problem } from '../base/errors';
import type { Denials, Judges } from '../delivery/approve/judges';
import type { PolicySource } from '../policy/source';

/** Ids of findings that the delivery itself makes, beside those of the review. */
const ownIds = ['delivery/destroys', 'delivery/rules-changed', 'delivery/rules-accepted', 'delivery/history-superseded'];

const nothing: Denials = async () => [];

/** What judges a bundle beside the approval rules; review and policies are loaded when a bundle is judged. */
export const judges: Judges = {
  review: async (verified) => (await import('../review/bundle-findings')).reviewFindings(verified),
  findingIds: async () => [...ownIds, ...(await import('../review/findings/catalog')).rules.map(({ id }) => id)],
  denials: async (root, commit, compiled) => {
    const { hasPolicies, policiesAtRef, policiesInFolder } = await import('../policy/source');
    if (compiled !== undefined) return denialsOf(await policiesInFolder(compiled));
    return (await hasPolicies(root, commit)) ? denialsOf(await policiesAtRef(root, commit)) : nothing;
  },
  denialsIn: async (folder) => {
    const { holdsPolicies, policiesInFolder } = await import('../policy/source');
    const policies = path.join(folder, 'policies');
    return existsSync(policies) && (await holdsPolicies(policies)) ? denialsOf(await policiesInFolder(policies)) : nothing;
  },
};

/** What policies refuse in a bundle. */
function denialsOf(given: PolicySource): Denials {
  let source: Promise<PolicySource> | undefined;
  return async (verified) => {
    if (verified.bundle.units.length === 0) return [];
    const [{ checkPolicies, compiledOnce }, { reviewSource }, { plannedUnits }] = await Promise.all([
      import('../policy/check'),
      import('../review/bundle-source'),
      import('../review/model/build'),
    ]);
    source ??= compiledOnce(given);
    const results = await checkPolicies(await source, plannedUnits(reviewSource(verified)), process.env);
    return results
      .filter(({ severity }) => severity === 'deny')
      .map(({ policy, unit, address, message, explain }): Problem => ({
        code: 'E7108',
        title: 'policy refuses',
        place: [policy, unit, address].filter((part) => part !== undefined).join(' › '),
        found: message,
        todo: explain,
      }));
  };
}
