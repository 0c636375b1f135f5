import type { Problem } from '../../base/errors';
import { canonicalText } from '../../base/canonical';
import type { EnvironmentFacts, EnvironmentsFile } from '../approval/environment-facts';
import type { BundleUnit } from '../bundle/bundle';
import { problem } from '../problems';

/** Where a unit says that its state is, and as whom it is reached. */
export type StatedUnit = Pick<BundleUnit, 'unit' | 'environment'>;

/**
 * Units that say something else of their environment than the facts do (E6063): another account, role, bucket, lock or key. A change could
 * otherwise reach one environment with the approvals of another. An environment that the facts do not know is new: it is judged by the
 * facts of the change, whose own change needs another approver.
 */
export function factProblems(units: readonly StatedUnit[], facts: EnvironmentsFile, ofChange?: EnvironmentsFile): readonly Problem[] {
  return units.flatMap((entry) => {
    const name = `${entry.unit.system}/${entry.unit.environment}`;
    const known = own(facts, name) ?? own(ofChange, name);
    const found = known === undefined ? [`no facts name ${name}`] : differences(entry, known);
    if (found.length === 0) return [];
    return [
      problem('E6063', {
        place: entry.unit.path,
        found: found.join('\n'),
        todo: 'a change of facts (terrace.environments.json) goes through the protected base first, by a commit of its own',
      }),
    ];
  });
}

function own(file: EnvironmentsFile | undefined, name: string): EnvironmentFacts | undefined {
  return file !== undefined && Object.hasOwn(file.environments, name) ? file.environments[name] : undefined;
}

function differences({ unit, environment }: StatedUnit, facts: EnvironmentFacts): readonly string[] {
  const { backend } = unit;
  const state = facts.states.find((one) => one.bucket === backend.bucket && one.region === backend.region);
  const key = facts.stateKey
    .replace('{environment}', () => unit.environment)
    .replace('{region}', () => unit.region)
    .replace('{layer}', () => unit.layer)
    .replace('{unit}', () => unit.name);
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
    ['the encryption key', backend.kmsKeyId, state?.kmsKeyId ?? backend.kmsKeyId],
  ];
  return pairs.flatMap(([what, said, is]) =>
    canonicalText(said) === canonicalText(is)
      ? []
      : [`${what}: the unit says ${JSON.stringify(said)}, the facts say ${JSON.stringify(is)}`],
  );
}
