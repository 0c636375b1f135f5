import { existsSync } from 'node:fs';
import path from 'node:path';

import type { TerraformResult, TerraformRun } from '../../terraform/run';
import type { DeliveryContext } from '../terraform/context';
import { runWatched } from '../terraform/busy';
import { expectSuccess, type TerraformStep } from '../terraform/terraform-steps';

import { forgetInit, keepInit, neededInit, takeInit } from '../terraform/kept-init';
import type { PlanTarget } from '../target/plan-target';
import { initArguments, lockFileName } from '../terraform/provider-mirror';

/**
 * Go's collector for `terraform plan`, unless the shell says otherwise: its heap, and that of the providers it starts, may grow to three
 * times what is live, not twice. It lives for under a second and spends that on reading schemas: 14 % less processor time for 10 MB more.
 * `show` keeps Go's own 100: two of them at once are the peak of the memory.
 */
const calmCollector = '200';

/**
 * Runs plan, and before it init, unless an earlier one of the same backend and providers was kept; one that terraform refuses is made anew.
 * The plan writes to files: it holds the lock, and a Terrace that is killed must not take it down before it has given it back.
 */
export async function planAfterInit(
  context: DeliveryContext,
  target: PlanTarget,
  {
    step,
    initEnv,
    ...run
  }: Omit<TerraformRun, 'args'> & { readonly initEnv: NodeJS.ProcessEnv; readonly step: Omit<TerraformStep, 'name' | 'code'> },
  args: readonly string[],
): Promise<TerraformResult> {
  const initArgs = await initArguments(context, target.files, initEnv);
  const needed = neededInit(context, target.files, run.env, initArgs);
  const dataFolder = path.join(run.cwd, '.terraform');
  const plan = (): Promise<TerraformResult> =>
    runWatched(context, target.unit.path, { ...run, env: { GOGC: calmCollector, ...run.env }, args });
  if (needed !== undefined && takeInit(needed, dataFolder)) {
    const planned = await plan();
    if (planned.exitCode !== 1 || !/\b(?:terraform|tofu) init\b/.test(`${planned.stderr}${planned.stdout}`)) return planned;
    forgetInit(needed, dataFolder);
  }
  expectSuccess(await context.run({ ...run, env: initEnv, args: initArgs }), { ...step, name: 'init', code: 'E6035' });
  const writesLockFile = !target.files.has(lockFileName) && existsSync(path.join(run.cwd, lockFileName));
  if (needed !== undefined && !writesLockFile) keepInit(needed, dataFolder);
  return plan();
}
