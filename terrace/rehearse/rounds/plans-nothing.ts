import path from 'node:path';

import { isUnjudged } from '../../base/sandbox-shell';
import { planAfterInit } from '../../delivery/plan/plan-after-init';
import { unitProblems } from '../../delivery/judgement/unit-problems';
import type { PlanTarget } from '../../delivery/target/plan-target';
import type { DeliveryContext } from '../../delivery/terraform/context';
import { processEnvironments, requiredSources } from '../../delivery/terraform/process-environment';
import { openWorkspace } from '../../delivery/terraform/workspace';

/**
 * Whether terraform, by itself, would change nothing in a unit: its exit code says so, so that no plan is kept, shown, masked or sealed, which
 * is half of what planning a unit costs. False too where it may not be started or cannot plan: a plan of the usual kind says why. Never rejects.
 */
export async function plansNothing(context: DeliveryContext, target: PlanTarget): Promise<boolean> {
  try {
    return target.previous === undefined && target.claimed === undefined && (await isEmpty(context, target));
  } catch {
    return false;
  }
}

async function isEmpty(context: DeliveryContext, target: PlanTarget): Promise<boolean> {
  const { unit, files } = target;
  const { addresses, pass } = context.grants(unit);
  if ((await unitProblems({ unit, files, provisioners: isUnjudged(context.env), addresses })).length > 0) return false;
  const json: unknown = JSON.parse(Buffer.from(files.get('main.tf.json') ?? []).toString('utf8'));
  const env = processEnvironments(await context.accounts.environmentFor(unit, target.access), {
    variables: unit.variables,
    providers: requiredSources(json),
    pass: pass.variables,
  });
  const workspace = openWorkspace(context.work, unit.path, files, { home: context.env['HOME'], files: pass.files });
  const step = { unit: unit.path, log: path.join(context.logs, `${unit.path}.log`), folder: workspace.folder };
  const run = { cwd: workspace.folder, env: env.run, initEnv: env.init, signal: context.signal, step };
  try {
    const args = ['plan', '-input=false', '-no-color', '-lock=false', '-detailed-exitcode'];
    return (await planAfterInit(context, target, run, args)).exitCode === 0;
  } finally {
    workspace.remove();
  }
}
