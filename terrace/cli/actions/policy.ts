import path from 'node:path';
import { jsonText, visible, visibleLine } from '../../base/visible';

import { readContent } from '../../delivery/bundle/content';
import { verifyContent } from '../../delivery/bundle/verify';
import { replaceFile } from '../../base/replace-file';
import { exitCodes, TerraceError } from '../../base/errors';
import { checkPolicies, compilePolicies, testPolicies } from '../../policy/check';
import { policiesAtRef, policiesInFolder, type PolicySource } from '../../policy/source';
import type { CommandContext } from '../command-context';
import { reviewSource } from '../../review/bundle-source';
import { plannedUnits } from '../../review/model/build';

export interface PolicyFlags {
  readonly policyRef?: string;
  readonly policies?: string;
  readonly json?: boolean;
}

/** `terrace policy check` */
export async function runPolicyCheck(context: CommandContext, bundle: string, flags: PolicyFlags): Promise<void> {
  if (flags.policyRef === undefined && flags.policies === undefined) {
    if (process.env['CI'] === 'true') {
      throw new TerraceError(
        {
          code: 'E7106',
          title: 'policies from the change itself',
          found: 'without --policy-ref or --policies, the change would be judged by its own rules',
          todo: 'name the protected branch: --policy-ref origin/main',
        },
        exitCodes.refused,
      );
    }
    process.stderr.write('checked against the policies of this work tree, not those of the protected branch\n');
  }
  const source = await sourceOf(context, flags);
  const verified = await verifyContent(await readContent(bundle));
  const results = await checkPolicies(source, plannedUnits(reviewSource(verified)), process.env);
  const refusing = results.filter(({ severity }) => severity === 'deny');
  if (flags.json === true) process.stdout.write(`${jsonText({ version: 1, place: source.place, results }, 2)}\n`);
  else {
    for (const one of results)
      process.stdout.write(
        `${one.severity === 'deny' ? 'refuses' : 'warns  '}  ${one.policy}  ${visibleLine([one.unit, one.address].filter((part) => part !== undefined).join(' › '))}\n  ${visible(one.message)}\n  ${one.explain}\n`,
      );
    process.stdout.write(
      `${results.length === 0 ? 'All policies pass' : `${refusing.length} refused, ${results.length - refusing.length} warned`} (${source.place})\n`,
    );
  }
  if (refusing.length > 0) process.exitCode = exitCodes.refused;
}

/** `terrace policy test` */
export async function runPolicyTest(context: CommandContext, flags: PolicyFlags): Promise<void> {
  const source = await sourceOf(context, flags);
  const tests = await testPolicies(source);
  const failed = tests.filter(({ failures }) => failures.length > 0);
  if (flags.json === true) process.stdout.write(`${jsonText({ version: 1, place: source.place, tests }, 2)}\n`);
  else {
    for (const { file, policy, plans, failures } of tests)
      process.stdout.write(
        `${failures.length === 0 ? 'ok    ' : 'FAILED'}  ${policy}  ${plans} plans  (${file})\n${failures.map((failure) => `  ${failure}\n`).join('')}`,
      );
    process.stdout.write(`${tests.length} policies, ${failed.length} failed (${source.place})\n`);
  }
  if (failed.length > 0) process.exitCode = exitCodes.failed;
}

/** `terrace policy compile` */
export async function runPolicyCompile(context: CommandContext, flags: PolicyFlags & { readonly out: string }): Promise<void> {
  const source = await sourceOf(context, flags);
  replaceFile(path.resolve(flags.out), Buffer.from(await compilePolicies(source)));
  process.stdout.write(`${flags.out}: ${source.place}\n`);
}

async function sourceOf(context: CommandContext, flags: PolicyFlags): Promise<PolicySource> {
  if (flags.policies !== undefined) return await policiesInFolder(flags.policies);
  return flags.policyRef === undefined
    ? await policiesInFolder(`${context.project()}/policies`)
    : await policiesAtRef(context.repository(), flags.policyRef);
}
