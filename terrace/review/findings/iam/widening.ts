import { conditionsCover, covers } from './covers';
import type { Statement } from './statement';

/** One right that a policy gives now and did not give before. */
export interface Widening {
  /** What is new about it. */
  readonly kind: 'action' | 'resource' | 'principal' | 'condition' | 'exclusion' | 'deny';
  readonly action: string;
  readonly resource: string;
  readonly principal: string;
  readonly sid?: string;
}

/** Above this many combinations the policy is compared statement by statement only. */
const mostCombinations = 20_000;

const whole = ['*'];

function sameAction(outer: string, inner: string): boolean {
  return covers(outer.toLowerCase(), inner.toLowerCase());
}

function orWhole(list: readonly string[]): readonly string[] {
  return list.length === 0 ? whole : list;
}

/** True where the statement's principals include it; an identity's policy has none, which is its own. */
function hasPrincipal(statement: Statement, principal: string): boolean {
  if (statement.notPrincipals.length > 0) return statement.notPrincipals.includes(principal) ? false : principal !== '*';
  return orWhole(statement.principals).some((outer) => covers(outer, principal));
}

function hasAction(statement: Statement, action: string): boolean {
  if (statement.notActions.length > 0)
    return !action.includes('*') && !statement.notActions.some((excluded) => sameAction(excluded, action));
  return statement.actions.some((outer) => sameAction(outer, action));
}

function hasResource(statement: Statement, resource: string): boolean {
  if (statement.notResources.length > 0)
    return !resource.includes('*') && !statement.notResources.some((excluded) => covers(excluded, resource));
  return orWhole(statement.resources).some((outer) => covers(outer, resource));
}

/** What is missing before, the most basic first; undefined where the right existed. */
function kindOf(
  before: readonly Statement[],
  action: string,
  resource: string,
  principal: string,
  statement: Statement,
): Widening['kind'] | undefined {
  const withAction = before.filter((other) => hasAction(other, action));
  if (withAction.length === 0) return 'action';
  const withPrincipal = withAction.filter((other) => hasPrincipal(other, principal));
  if (withPrincipal.length === 0) return 'principal';
  const withResource = withPrincipal.filter((other) => hasResource(other, resource));
  if (withResource.length === 0) return 'resource';
  return withResource.some((other) => conditionsCover(other.conditions, statement.conditions)) ? undefined : 'condition';
}

function isSame(a: Statement, b: Statement): boolean {
  const { sid: _a, ...one } = a;
  const { sid: _b, ...two } = b;
  return JSON.stringify(one) === JSON.stringify(two);
}

/** Rights that statement gives and none of the others gives. */
function missing(others: readonly Statement[], statement: Statement): readonly Widening[] {
  const sid = statement.sid === undefined ? {} : { sid: statement.sid };
  if (others.some((other) => isSame(other, statement))) return [];
  const actions = statement.notActions.length > 0 ? statement.notActions.map((action) => `all but ${action}`) : statement.actions;
  const resources = orWhole(statement.resources);
  const principals = orWhole(statement.principals);
  // An Allow of all but something cannot be compared by patterns: any change of it counts.
  if (
    statement.notActions.length > 0 ||
    statement.notResources.length > 0 ||
    statement.notPrincipals.length > 0 ||
    actions.length * resources.length * principals.length > mostCombinations
  ) {
    return [
      {
        kind: 'exclusion',
        action: actions.join(', '),
        resource: statement.notResources.length > 0 ? `all but ${statement.notResources.join(', ')}` : resources.join(', '),
        principal: principals.join(', '),
        ...sid,
      },
    ];
  }
  return actions.flatMap((action) =>
    resources.flatMap((resource) =>
      principals.flatMap((principal) => {
        const kind = kindOf(others, action, resource, principal, statement);
        return kind === undefined ? [] : [{ kind, action, resource, principal, ...sid }];
      }),
    ),
  );
}

/**
 * What a policy allows now and did not allow before: rights that no statement before gave, and denials that are gone.
 * Only patterns are compared: a right that two statements together used to give (`a*` and `b*` for `*`) counts as new.
 */
export function widening(before: readonly Statement[], after: readonly Statement[]): readonly Widening[] {
  const allowed = after
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) =>
      missing(
        before.filter(({ effect }) => effect === 'Allow'),
        statement,
      ),
    );
  const denied = before
    .filter(({ effect }) => effect === 'Deny')
    .flatMap((statement) =>
      missing(
        after.filter(({ effect }) => effect === 'Deny'),
        statement,
      ),
    );
  return [...allowed, ...denied.map((right): Widening => ({ ...right, kind: 'deny' }))];
}
