import type { Judges } from '../delivery/approve/rules';
import type { Problem } from '../base/errors';

/** Ids of findings that the delivery itself makes, beside those of the review. */
const ownIds = ['delivery/destroys', 'delivery/rules-changed'];

/** What judges a bundle beside the approval rules; review and policies are loaded when a bundle is judged. */
export const judges: Judges = {
  review: async (verified) => (await import('../review/bundle-findings')).reviewFindings(verified),
  findingIds: async () => [...ownIds, ...(await import('../review/findings/catalog')).rules.map(({ id }) => id)],
  denials: async (root, commit) => {
    const { hasPolicies, policiesAtRef } = await import('../policy/source');
    if (!(await hasPolicies(root, commit))) return async () => [];
    const source = await policiesAtRef(root, commit);
    return async (verified) => {
      const [{ checkPolicies }, { reviewSource }, { plannedUnits }] = await Promise.all([
        import('../policy/check'),
        import('../review/bundle-source'),
        import('../review/model/build'),
      ]);
      const results = await checkPolicies(source, plannedUnits(reviewSource(verified)), process.env);
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
  },
};
