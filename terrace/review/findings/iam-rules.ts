import type { PlannedUnit, ResourceChange } from '../plan/plan-model';

import { isWritten, some } from './value-at';
import { withOpenFunctions } from './open-functions';
import { policiesOf, type ComparedPolicy, type PolicyKind } from './iam/policies';
import { widening, type Widening } from './iam/widening';
import type { ChangeRule, Observation } from './rule';

/** Actions by which somebody can give himself more, read secrets, or take protection away. */
const powerful =
  /^(?:\*|iam:|organizations:|sts:|kms:(?:\*|put|create|decrypt|schedule|disable)|secretsmanager:(?:\*|get|put|delete)|s3:(?:\*|put|delete)|ec2:\*|rds:(?:\*|delete)|dynamodb:(?:\*|delete)|logs:delete|cloudtrail:|lambda:(?:\*|update|create)|ssm:(?:\*|get|send))/i;

function hasWildcardAction(action: string): boolean {
  return action.includes('*');
}

function describe(rights: readonly Widening[]): string {
  const actions = some(
    rights.map(({ action }) => action),
    5,
  );
  const resources = some(
    rights.map(({ resource }) => resource).filter((resource) => resource !== '*'),
    3,
  );
  const everything = rights.some(({ resource }) => resource === '*') ? 'everything' : resources;
  const principals = some(
    rights.map(({ principal }) => principal).filter((principal) => principal !== '*'),
    3,
  );
  return `${actions} on ${everything}${principals === '' ? '' : ` for ${principals}`}`;
}

type Judge = (policy: ComparedPolicy, rights: readonly Widening[], change: ResourceChange) => Iterable<Observation>;

interface Compared {
  readonly policy: ComparedPolicy;
  readonly rights: readonly Widening[];
}

const comparedBefore = new WeakMap<ResourceChange, readonly Compared[]>();

/** The policies of a change that are known, with the rights they newly give; ten rules ask for them. */
function compared(change: ResourceChange, unit: PlannedUnit): readonly Compared[] {
  const known = comparedBefore.get(change);
  if (known !== undefined) return known;
  const found = policiesOf(change, unit).flatMap((policy) =>
    policy.after === undefined ? [] : [{ policy, rights: widening(policy.before, policy.after) }],
  );
  comparedBefore.set(change, found);
  return found;
}

/** A rule over the rights that policies of some kinds give newly. */
function wideningRule(
  text: Pick<ChangeRule, 'id' | 'title' | 'severity' | 'explain'>,
  kinds: readonly PolicyKind[],
  judge: Judge,
): ChangeRule {
  return {
    ...text,
    scope: 'change',
    *check(change: ResourceChange, unit: PlannedUnit) {
      if (!isWritten(change)) return;
      for (const { policy, rights } of compared(change, unit)) if (kinds.includes(policy.kind)) yield* judge(policy, rights, change);
    },
  };
}

function* oneOf(
  policy: ComparedPolicy,
  rights: readonly Widening[],
  says: (text: string) => string,
  severity?: Observation['severity'],
): Generator<Observation> {
  if (rights.length > 0)
    yield { reason: says(describe(rights)), attribute: policy.attribute, ...(severity === undefined ? {} : { severity }) };
}

const everyKind: readonly PolicyKind[] = ['identity', 'trust', 'resource', 'key'];

export const iamRules: readonly ChangeRule[] = [
  wideningRule(
    {
      id: 'iam-action-added',
      title: 'A policy allows a new action',
      severity: 'medium',
      explain: 'Whoever has the policy can do more than before. Compare it with what the program really calls.',
    },
    ['identity', 'resource'],
    function* (policy, rights, change) {
      const added = rights.filter(({ kind, action }) => kind === 'action' && !hasWildcardAction(action));
      const strong = added.some(({ action }) => powerful.test(action));
      yield* oneOf(
        policy,
        added,
        (text) => `${change.before === null ? 'allows' : 'newly allows'} ${text}`,
        change.before === null ? (strong ? 'medium' : 'low') : strong ? 'high' : 'medium',
      );
    },
  ),
  wideningRule(
    {
      id: 'iam-wildcard-added',
      title: 'A policy allows by wildcard',
      severity: 'high',
      explain: 'A wildcard also allows whatever the service adds next year. Name the actions.',
    },
    ['identity', 'resource'],
    function* (policy, rights) {
      const added = rights.filter(
        ({ kind, action }) => kind !== 'deny' && kind !== 'exclusion' && hasWildcardAction(action) && kind !== 'condition',
      );
      yield* oneOf(
        policy,
        added,
        (text) => `allows ${text}`,
        added.some(({ action }) => action === '*' || /^(?:iam|organizations|sts|kms):\*$/i.test(action)) ? 'critical' : 'high',
      );
    },
  ),
  wideningRule(
    {
      id: 'iam-resource-widened',
      title: 'A policy reaches more resources',
      severity: 'high',
      explain: 'A limited action reaches further than before. Check that the pattern cannot match somebody else’s resources.',
    },
    ['identity', 'resource'],
    function* (policy, rights) {
      yield* oneOf(
        policy,
        rights.filter(({ kind, action }) => kind === 'resource' && !hasWildcardAction(action)),
        (text) => `reaches further: ${text}`,
      );
    },
  ),
  wideningRule(
    {
      id: 'iam-condition-loosened',
      title: 'A condition of a policy is loosened',
      severity: 'high',
      explain: 'The permission had a condition (source, MFA, tag, encryption) that no longer limits it.',
    },
    everyKind,
    function* (policy, rights) {
      if (policy.kind !== 'trust')
        yield* oneOf(
          policy,
          rights.filter(({ kind }) => kind === 'condition'),
          (text) => `without the former condition: ${text}`,
        );
    },
  ),
  wideningRule(
    {
      id: 'iam-denial-removed',
      title: 'A denial is removed from a policy',
      severity: 'high',
      explain: 'A denial overrides every permission; without it, a permission elsewhere takes effect.',
    },
    everyKind,
    function* (policy, rights) {
      yield* oneOf(
        policy,
        rights.filter(({ kind }) => kind === 'deny'),
        (text) => `no longer denies ${text}`,
      );
    },
  ),
  wideningRule(
    {
      id: 'iam-everything-but',
      title: 'A policy allows everything but a list',
      severity: 'high',
      explain: 'NotAction, NotResource and NotPrincipal in an Allow allow whatever is not named, including what does not exist yet.',
    },
    everyKind,
    function* (policy, rights) {
      yield* oneOf(
        policy,
        rights.filter(({ kind }) => kind === 'exclusion'),
        (text) => `allows ${text}`,
      );
    },
  ),
  wideningRule(
    {
      id: 'iam-trust-widened',
      title: 'Somebody else may assume a role',
      severity: 'critical',
      explain:
        'The new principal may do everything that the role may do. For OIDC, the `sub` condition must name the repository and the environment.',
    },
    ['trust'],
    function* (policy, rights, change) {
      const wider = rights.filter(({ kind }) => kind !== 'deny' && kind !== 'exclusion');
      const service = wider.every(({ principal }) => principal.startsWith('Service:'));
      const open = wider.some(({ principal }) => principal === '*');
      const severity = open ? 'critical' : service ? 'low' : change.before === null ? 'medium' : 'critical';
      yield* oneOf(
        policy,
        wider,
        () =>
          `${some(wider.map(({ principal }) => principal))} may assume the role${wider.some(({ kind }) => kind === 'condition') ? ' under different conditions' : ''}`,
        severity,
      );
    },
  ),
  withOpenFunctions(
    wideningRule(
      {
        id: 'resource-policy-public',
        title: 'A resource’s policy lets everybody in',
        severity: 'critical',
        explain: 'Principal `*` without a condition means everybody, with or without an AWS account.',
      },
      ['resource', 'key'],
      function* (policy, rights) {
        const open = (policy.after ?? []).filter(
          (statement) => statement.effect === 'Allow' && statement.principals.includes('*') && statement.conditions.length === 0,
        );
        yield* oneOf(
          policy,
          rights.filter(
            ({ principal, kind, action }) => kind !== 'deny' && principal === '*' && open.some(({ actions }) => actions.includes(action)),
          ),
          (text) => `everybody may ${text}`,
        );
      },
    ),
  ),
  wideningRule(
    {
      id: 'kms-key-policy-widened',
      title: 'A key’s policy admits more',
      severity: 'high',
      explain: 'Whoever may use the key may read whatever it encrypts; whoever may change its policy may lock everybody out.',
    },
    ['key'],
    function* (policy, rights, change) {
      if (change.before !== null)
        yield* oneOf(
          policy,
          rights.filter(({ kind }) => kind !== 'deny' && kind !== 'condition' && kind !== 'exclusion'),
          (text) => `newly allows ${text}`,
        );
    },
  ),
  {
    scope: 'change',
    id: 'kms-key-policy-changed',
    title: 'A key’s policy changes',
    severity: 'medium',
    explain: 'Administrators who are shut out by a key’s policy cannot repair it. Check that the account keeps its rights.',
    *check(change, unit) {
      if (change.before === null || !isWritten(change)) return;
      for (const policy of policiesOf(change, unit)) {
        if (policy.kind !== 'key' || policy.after === undefined || JSON.stringify(policy.before) === JSON.stringify(policy.after)) continue;
        const lost = widening(policy.after, policy.before).filter(({ kind }) => kind !== 'deny');
        if (lost.length > 0) yield { reason: `no longer allows ${describe(lost)}`, attribute: policy.attribute };
      }
    },
  },
  {
    scope: 'change',
    id: 'iam-policy-unknown',
    title: 'A policy is known only after apply',
    severity: 'medium',
    explain: 'It cannot be compared with the current one. Look at what it refers to; to see its text, plan again once that exists.',
    *check(change, unit) {
      if (!isWritten(change)) return;
      for (const policy of policiesOf(change, unit)) {
        if (policy.after !== undefined) continue;
        const from = change.references.get(policy.attribute.split('.')[0] ?? '') ?? [];
        yield {
          reason: `${policy.attribute} is not known yet${from.length === 0 ? '' : `; it refers to ${some(from)}`}`,
          attribute: policy.attribute,
          severity: change.before === null ? 'info' : 'medium',
        };
      }
    },
  },
];
