import { exitCodes, refuse } from '../base/errors';
import type { PlannedUnit } from '../review/plan/plan-model';
import type { PolicyResult } from '../review/model/review';

import { bundlePolicies } from './bundle-policies';
import { runPolicies, type PolicyTest } from './evaluate';
import { policyPlan } from './policy-plan';
import { runRego } from './rego';
import { compiledText, type PolicySource } from './source';

/**
 * What the policies of a source say of planned units, refusals first. Policies whose own tests fail refuse to judge (E7103).
 * Raises E7102–E7105, each with exit 3: a policy that cannot be asked has not agreed.
 */
export async function checkPolicies(
  source: PolicySource,
  units: readonly PlannedUnit[],
  env: NodeJS.ProcessEnv,
): Promise<readonly PolicyResult[]> {
  const plan = policyPlan(units);
  const script = await scriptOf(source);
  const { tests, results: typed } = runPolicies(script, source.place, plan);
  const failing = tests.filter(({ failures }) => failures.length > 0);
  refuse(
    failing.map(({ file, failures }) => ({
      code: 'E7103',
      title: 'policy failed',
      place: file,
      found: failures.join('\n'),
      todo: 'correct it on the protected branch; `terrace policy test` runs it',
    })),
    exitCodes.refused,
  );
  const rego = await runRego(source, plan, env);
  const key = (one: PolicyResult): string => `${one.severity} ${one.policy} ${one.unit ?? ''} ${one.address ?? ''} ${one.message}`;
  return [...typed, ...rego].toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** A source whose TypeScript is compiled, for being asked more than once. Raises E7102, E7107. */
export async function compiledOnce(source: PolicySource): Promise<PolicySource> {
  return { ...source, script: await scriptOf(source) };
}

/** The policies' own tests. */
export async function testPolicies(source: PolicySource): Promise<readonly PolicyTest[]> {
  return runPolicies(await scriptOf(source), source.place).tests;
}

/** The policies as one file that is judged with where nothing can be compiled. Raises E7102 (exit 3). */
export async function compilePolicies(source: PolicySource): Promise<string> {
  return compiledText(source, await bundlePolicies(source));
}

async function scriptOf(source: PolicySource): Promise<string> {
  return source.script ?? (await bundlePolicies(source));
}
