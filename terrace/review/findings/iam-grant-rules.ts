import { isDestroyed, isWritten, valueAt, valuesAt, some, word } from './value-at';
import type { ChangeRule } from './rule';

/** What widens or narrows rights without a policy's text: attachments, boundaries, login providers. */
export const iamGrantRules: readonly ChangeRule[] = [
  {
    scope: 'change',
    id: 'iam-managed-policy-attached',
    title: 'A managed policy is attached',
    severity: 'medium',
    explain:
      'A managed policy can grow without a change here. AdministratorAccess, PowerUserAccess and *FullAccess are more than any program needs.',
    *check(change) {
      if (!isWritten(change)) return;
      const arns = (object: typeof change.after): readonly string[] =>
        ['policy_arn', 'managed_policy_arn', 'managed_policy_arns']
          .flatMap((name) => valuesAt(object, name))
          .filter((value): value is string => typeof value === 'string');
      const added = arns(change.after).filter((arn) => !arns(change.before).includes(arn));
      for (const arn of added) {
        const isOwn = !/:aws:policy\//.test(arn);
        const whom = ['role', 'user', 'group', 'name'].map((name) => valueAt(change.after, name)).find((value) => value !== undefined);
        yield {
          reason: `${arn} for ${word(whom)}`,
          severity: isOwn
            ? 'low'
            : /AdministratorAccess|PowerUserAccess|IAMFullAccess/.test(arn)
              ? 'critical'
              : /FullAccess/.test(arn)
                ? 'high'
                : 'medium',
          attribute: valueAt(change.after, 'policy_arn') === undefined ? 'managed_policy_arns' : 'policy_arn',
        };
      }
    },
  },
  {
    scope: 'change',
    id: 'iam-boundary-removed',
    title: 'A permissions boundary is removed or changed',
    severity: 'critical',
    explain: 'The boundary limits what the role can ever do, whatever policies it gets.',
    *check(change) {
      const [before, after] = [valueAt(change.before, 'permissions_boundary'), valueAt(change.after, 'permissions_boundary')];
      if (change.after !== null && before !== undefined && before !== after)
        yield { reason: `${word(before)} → ${word(after)}`, attribute: 'permissions_boundary' };
    },
  },
  {
    scope: 'change',
    id: 'login-provider-changed',
    title: 'A trusted login provider changes',
    severity: 'high',
    explain: 'Whoever can issue tokens for this provider and audience can assume the roles that trust it.',
    *check(change) {
      if (
        !['aws_iam_openid_connect_provider', 'aws_iam_saml_provider', 'azurerm_federated_identity_credential'].includes(change.type) ||
        change.before === null ||
        isDestroyed(change)
      )
        return;
      const changed = change.attributes.filter(({ path }) =>
        ['url', 'client_id_list', 'thumbprint_list', 'issuer', 'subject', 'audience', 'saml_metadata_document'].includes(String(path[0])),
      );
      if (changed.length > 0)
        yield {
          reason: `${some(changed.map(({ path }) => String(path[0])))} of ${change.address}`,
          attribute: String(changed[0]?.path[0]),
        };
    },
  },
  {
    scope: 'change',
    id: 'iam-trust-by-name',
    title: 'A role trusts a GitHub repository by its name alone',
    severity: 'medium',
    explain:
      'A name can be given up and taken by somebody else, and repositories created or renamed since 2026-07-15 send subjects with ids. Require the ids of the owner and the repository.',
    *check(change) {
      if (change.type !== 'aws_iam_role' || !isWritten(change)) return;
      const named = (object: typeof change.after): readonly string[] => {
        const policy = valueAt(object, 'assume_role_policy');
        return typeof policy === 'string' && !policy.includes(':repository_id') ? (policy.match(/repo:[\w.-]+\/[\w.-]+:[^"]*/g) ?? []) : [];
      };
      const added = named(change.after).filter((subject) => !named(change.before).includes(subject));
      if (added.length > 0) yield { reason: some(added), attribute: 'assume_role_policy' };
    },
  },
];
