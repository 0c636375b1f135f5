import type { Scope } from './access';
import { applyDenials } from './denials';
import { stateStatements, type StateKey } from './state-access';
import { policiesOf, statementsOf, type PolicyStatement } from './statements';
import { grantsOf } from './type-access';

/** One unit as far as permissions go. */
export interface UnitNeeds {
  readonly state: StateKey;
  /** Where its state stood before it moved: as long as its source says so, it may be looked for and fetched there. @default it did not move */
  readonly previous?: StateKey;
  /** Resource types (`aws_vpc`) and data sources (`data.aws_prefix_list`) in use. */
  readonly types: readonly string[];
  /** Applied by an administrator: the roles only look at it. */
  readonly appliedByBootstrap: boolean;
}

export interface RoleNeeds extends Scope {
  /** Object that says which commit the environment accepted last. */
  readonly accepted: { readonly bucket: string; readonly key: string };
  /** Every unit of the environment. */
  readonly units: readonly UnitNeeds[];
  /** States of other environments that its units read. @default none */
  readonly foreign?: readonly StateKey[];
}

/**
 * Statements of the role that plans: reads everything in use, reads the states and their digests, takes locks and writes nothing
 * else. Locks can be taken in every unit that is planned on the default branch.
 */
export function planStatements(needs: RoleNeeds): readonly PolicyStatement[] {
  const states = needs.units.map(({ state }) => state);
  return [
    ...stateStatements({
      account: needs.account,
      read: [...states, ...previousStates(needs.units), ...foreignStates(needs)],
      written: [],
      locked: states,
      accepted: needs.accepted,
    }),
    ...statementsOf(
      grantsOf(typesOf(needs.units)).filter(({ kind }) => kind === 'read'),
      needs,
    ),
  ];
}

/** Statements of the role that applies: what the units it applies need, their states, and the denials. */
export function applyStatements(needs: RoleNeeds): readonly PolicyStatement[] {
  const units = needs.units.filter(({ appliedByBootstrap }) => !appliedByBootstrap);
  const states = [...units.map(({ state }) => state), ...previousStates(units)];
  return [
    ...applyDenials(needs),
    ...stateStatements({
      account: needs.account,
      read: [...states, ...foreignStates(needs)],
      written: states,
      locked: states,
      accepted: needs.accepted,
    }),
    ...statementsOf(grantsOf(typesOf(units)), needs),
  ];
}

/** The role's statements as the JSON of managed policies. AWS attaches at most ten to a role. */
export function rolePolicies(role: 'plan' | 'apply', needs: RoleNeeds): readonly string[] {
  return policiesOf(role === 'plan' ? planStatements(needs) : applyStatements(needs));
}

function previousStates(units: readonly UnitNeeds[]): readonly StateKey[] {
  return units.flatMap(({ previous }) => previous ?? []);
}

/** Reading a remote state takes no lock and asks for no digest. */
function foreignStates({ foreign = [] }: RoleNeeds): readonly StateKey[] {
  return foreign.map(({ account, bucket, key, region, kmsKeyId }) => ({
    ...(account === undefined ? {} : { account }),
    bucket,
    key,
    region,
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    useLockfile: false,
  }));
}

function typesOf(units: readonly UnitNeeds[]): readonly string[] {
  return [...new Set(units.flatMap(({ types }) => types))].sort();
}
