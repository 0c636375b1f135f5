import { recordKey, stateKeyBeside } from '../../state/applied-record';
import { acceptedUrl, type AcceptedStore } from '../../state/accepted-object';
import type { StateTarget } from '../../state/state-access';
import { consumedValues } from '../../terraform/remote-states';
import type { EnvironmentFacts } from '../approval/environment-facts';
import { keyedDigest } from '../../base/canonical';
import { TerraceError } from '../../base/errors';
import type { Bundle, CommitUnit, CoveredEnvironment } from '../bundle/bundle';
import type { VerifiedBundle } from '../bundle/verify';
import type { AppliedRecord } from '../record/record';
import type { StateObject, States } from '../record/states';
import type { Accounts } from '../terraform/accounts';

import { factsEnvironment, standingAccepted } from './find-accepted';
import type { AcceptedCommit } from './accepted-commit';

/** What moving needs: the facts that say where, what was recorded, and which commit comes after which. */
export interface Moving {
  readonly accounts: Accounts;
  readonly store: AcceptedStore;
  readonly states: Pick<States, 'keys' | 'read' | 'readRecord'>;
  /** The facts of an environment; undefined where nobody knows any. */
  readonly facts: (environment: string) => Promise<EnvironmentFacts | undefined>;
  /** True where the first commit is an ancestor of the second. */
  readonly isAncestor: (commit: string, head: string) => boolean;
  readonly now: () => Date;
  readonly unitsAt: UnitsAt;
}

/** Every unit that an environment has at a commit, synthesized from it by whoever applies; undefined where nobody can say. */
export type UnitsAt = (environment: string, commit: string) => Promise<readonly CommitUnit[] | undefined>;

/**
 * Moves what is accepted to a bundle's commit, environment by environment, where nothing of that commit is left to do: every unit is recorded
 * as applied with the files that it has there and what it took of others as that is now, and what is gone from it as destroyed. Which units
 * there are says the commit, synthesized again; who planned may name more that are left, never fewer. Never back, and only from what stood there when it was read. Gives back what
 * happened, a line for each environment.
 */
export async function moveAccepted({ bundle, content }: VerifiedBundle, moving: Moving): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const covered of bundle.covers ?? []) {
    const note = await moveOne(covered, bundle, content.hash, moving);
    if (note !== undefined) notes.push(`${covered.environment}: ${note}`);
  }
  return notes;
}

async function moveOne(covered: CoveredEnvironment, bundle: Bundle, hash: string, moving: Moving): Promise<string | undefined> {
  const { environment } = covered;
  const { commit, dirty } = bundle;
  if (commit === null || dirty || !bundle.units.some(({ unit }) => `${unit.system}/${unit.environment}` === environment)) return undefined;
  const facts = await moving.facts(environment);
  const found = facts === undefined ? undefined : await standingAccepted(environment, facts, moving);
  if (facts === undefined || found === undefined || found.accepted.movedTo !== undefined) return undefined;
  if (found.accepted.commit === commit && found.accepted.by !== 'rules accept') return undefined;
  const before = found.accepted.commit.slice(0, 12);
  const env = await factsEnvironment(moving.accounts, environment, facts);
  const standing = await recordsIn(facts, env, moving);
  const records = standing.map(({ record }) => record);
  const said = leftOf(covered, records);
  if (said.length > 0) return staysUntil(before, said);
  const derived = await unitsOf(environment, commit, moving);
  if ('reason' in derived) return `${before} stays accepted: ${derived.reason}`;
  const left = leftOf({ environment, units: derived.units }, records);
  if (left.length > 0) return staysUntil(before, left);
  const deferred = await deferredIn(derived.units, standing, env, moving);
  if (deferred.length > 0) return staysUntil(before, deferred);
  if (found.accepted.commit !== bundle.supersedes && !moving.isAncestor(found.accepted.commit, commit))
    return `${before} was accepted in the meantime`;
  const next: AcceptedCommit = {
    version: 1,
    environment,
    commit,
    by: 'apply',
    at: moving.now().toISOString(),
    bundle: hash,
    before: found.accepted.commit,
  };
  const isWritten = await moving.store.write(found.object, env, `${JSON.stringify(next, null, 2)}\n`, found.standing);
  return isWritten
    ? `${commit.slice(0, 12)} is now accepted`
    : `another commit was accepted in the meantime (${acceptedUrl(found.object)})`;
}

function staysUntil(before: string, left: readonly string[]): string {
  return `${before} stays accepted until ${left.length === 1 ? left[0] : `${left.length} units`} ${left.length === 1 ? 'is' : 'are'} applied`;
}

/** The units of a commit, or why nobody can say which they are. What was applied stays applied, so nothing is raised. */
async function unitsOf(
  environment: string,
  commit: string,
  { unitsAt }: Moving,
): Promise<{ readonly units: CoveredEnvironment['units'] } | { readonly reason: string }> {
  try {
    const units = await unitsAt(environment, commit);
    return units === undefined
      ? { reason: `the units of ${commit.slice(0, 12)} are not known here (pass --tree, or apply in the project)` }
      : { units: units.filter(({ bootstrap }) => !bootstrap) };
  } catch (error) {
    if (!(error instanceof TerraceError)) throw error;
    return { reason: error.problems.map(({ code, found }) => `${code} ${found}`).join('; ') };
  }
}

/** Units of which something is left to do, by what was recorded. Pure. */
function leftOf({ environment, units }: CoveredEnvironment, records: readonly AppliedRecord[]): readonly string[] {
  const recorded = new Map(records.map((record) => [record.unit, record]));
  const wanted = new Set(units.map(({ unit }) => unit));
  return [
    ...units.flatMap(({ unit, files }) => {
      const record = recorded.get(unit);
      return record?.status === 'applied' && record.files === files ? [] : [unit];
    }),
    ...records
      .filter(
        ({ unit, status }) =>
          unit.startsWith(`${environment}/`) && status !== 'destroyed' && !wanted.has(unit) && !unit.endsWith('/backend/state'),
      )
      .map(({ unit }) => unit),
  ].toSorted();
}

/** A record, and the state that it stands beside. */
interface Standing {
  readonly record: AppliedRecord;
  readonly target: StateTarget;
}

/**
 * Units that took an output of another unit of the environment which is another one by now: they were put off to a later round, with the
 * same files. Until they are applied, who made the change and what judged it still count.
 */
async function deferredIn(
  units: CoveredEnvironment['units'],
  standing: readonly Standing[],
  env: NodeJS.ProcessEnv,
  { states }: Moving,
): Promise<readonly string[]> {
  const byUnit = new Map(standing.map((one) => [one.record.unit, one]));
  const known = new Map<string, Promise<StateObject | undefined>>();
  const stateOf = (unit: string, target: StateTarget): Promise<StateObject | undefined> => {
    const found = known.get(unit) ?? states.read(target, env);
    known.set(unit, found);
    return found;
  };
  const deferred = new Set<string>();
  for (const { unit } of units) {
    const record = byUnit.get(unit)?.record;
    for (const { unit: upstream, lineage, outputs, digest } of record?.consumed ?? []) {
      const target = byUnit.get(upstream)?.target;
      if (record === undefined || target === undefined) continue;
      const state = await stateOf(upstream, target);
      const values = Object.fromEntries(Object.entries(state?.outputs ?? {}).map(([name, { value }]) => [name, value]));
      const now = keyedDigest(Buffer.from(record.salt, 'hex'), consumedValues(values, outputs));
      if (state?.lineage !== lineage || now !== digest) deferred.add(unit);
    }
  }
  return [...deferred].toSorted();
}

/** Every record of an environment, in each bucket that its facts name. */
async function recordsIn(facts: EnvironmentFacts, env: NodeJS.ProcessEnv, { states }: Moving): Promise<readonly Standing[]> {
  const prefix = facts.accepted.key.slice(0, facts.accepted.key.lastIndexOf('/') + 1);
  const found: Standing[] = [];
  for (const { bucket, region } of facts.states) {
    const targetOf = (key: string): StateTarget => ({ path: key, backend: { bucket, region, key, kmsKeyId: '', useLockfile: false } });
    for (const key of await states.keys(targetOf(prefix), env, prefix, 'applied.json')) {
      const target = targetOf(stateKeyBeside(key));
      const record = await states.readRecord(target, env);
      if (record !== undefined && recordKey(stateKeyBeside(key)) === key) found.push({ record, target });
    }
  }
  return found;
}
