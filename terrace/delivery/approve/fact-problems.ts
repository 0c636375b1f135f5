import type { Problem } from '../../base/errors';
import { canonicalText } from '../../base/canonical';
import type { EnvironmentFacts } from '../approval/environment-facts';
import { stateKeyOf } from '../../state/state-key';
import type { BundleUnit } from '../bundle/bundle';
import { problem } from '../problems';

/** Where a unit says that its state is, and as whom it is reached. */
export type StatedUnit = Pick<BundleUnit, 'unit' | 'environment'>;

/**
 * Units of one environment that say something else of it than its facts do (E6063): another account, role, bucket, lock or key. A change
 * could otherwise reach one environment with the approvals of another. What the facts of the change itself say is allowed as well: changed
 * facts ask for another approver of the accepted rules.
 */
export function factProblems(
  units: readonly StatedUnit[],
  facts: EnvironmentFacts | undefined,
  ofChange?: EnvironmentFacts,
): readonly Problem[] {
  return units.flatMap((entry) => {
    const found = facts === undefined ? [`no facts describe ${entry.unit.system}/${entry.unit.environment}`] : differences(entry, facts);
    if (found.length === 0 || (ofChange !== undefined && differences(entry, ofChange).length === 0)) return [];
    return [
      problem('E6063', {
        place: entry.unit.path,
        found: found.join('\n'),
        todo: 'run `terrace synth` and commit terrace.environments.json: a change of facts needs one more approver from the accepted rules',
      }),
    ];
  });
}

function differences({ unit, environment }: StatedUnit, facts: EnvironmentFacts): readonly string[] {
  const { backend } = unit;
  const state = facts.states.find((one) => one.bucket === backend.bucket && one.region === backend.region);
  const key = stateKeyOf(facts.stateKey, unit.path);
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['the account of its states', environment.stateAccount, facts.stateAccount],
    ['its credentials', environment.credentials, facts.credentials],
    [
      'the bucket of its state',
      `${backend.bucket} in ${backend.region}`,
      state === undefined ? facts.states.map(({ bucket }) => bucket) : `${state.bucket} in ${state.region}`,
    ],
    ['the key of its state', backend.key, key],
    ['the lock table', backend.dynamodbTable ?? null, state?.lockTable ?? null],
    ['a lock beside the state', backend.useLockfile, facts.lock !== 'dynamodb'],
    ['the encryption key', backend.kmsKeyId ?? null, state === undefined ? (backend.kmsKeyId ?? null) : (state.kmsKeyId ?? null)],
  ];
  return pairs.flatMap(([what, said, is]) =>
    canonicalText(said) === canonicalText(is)
      ? []
      : [`${what}: the unit says ${JSON.stringify(said)}, the facts say ${JSON.stringify(is)}`],
  );
}
