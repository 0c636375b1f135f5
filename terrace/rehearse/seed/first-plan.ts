import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { isObject } from '../../base/json';
import { writeFiles } from '../../delivery/tree/write-files';
import type { DeliveryContext } from '../../delivery/terraform/context';
import { processEnvironments, requiredSources } from '../../delivery/terraform/process-environment';
import type { PlanTarget } from '../../delivery/target/plan-target';
import { parsePlan, type PlanJson } from '../../terraform/plan-json';
import type { DerivedAttribute } from './seed-shape';

/** An attribute that the first plan gives another value, for the secret that it is made of has a stand-in. */
export interface FirstValue extends DerivedAttribute {
  readonly before: string;
  readonly after: string;
}

/**
 * What a plan of a unit, as it was applied, says of the attributes that were made one-way of a secret: those that differ, with the value
 * that the stand-in gives. Other differences are none of its business. Undefined where terraform cannot plan it.
 */
export async function firstValues(
  context: DeliveryContext,
  target: PlanTarget,
  derived: readonly DerivedAttribute[],
): Promise<readonly FirstValue[] | undefined> {
  const plan = await planOf(context, target);
  if (plan === undefined) return undefined;
  const names = new Map<string, readonly string[]>();
  for (const { address, attribute } of derived) names.set(address, [...(names.get(address) ?? []), attribute]);
  return (plan.resource_changes ?? []).flatMap(({ address, change }) =>
    (names.get(address) ?? []).flatMap((attribute) => {
      const [before, after] = [memberOf(change.before, attribute), memberOf(change.after, attribute)];
      return typeof before !== 'string' || typeof after !== 'string' || before === after
        ? []
        : [{ unit: target.unit.path, address, attribute, before, after }];
    }),
  );
}

/** A plan by terraform alone, in a folder of its own that goes again. */
async function planOf(context: DeliveryContext, target: PlanTarget): Promise<PlanJson | undefined> {
  const folder = mkdtempSync(path.join(tmpdir(), 'terrace-first-plan-'));
  try {
    writeFiles(folder, target.files);
    const json: unknown = JSON.parse(Buffer.from(target.files.get('main.tf.json') ?? []).toString('utf8'));
    const env = processEnvironments(await context.accounts.environmentFor(target.unit, target.access), {
      variables: target.unit.variables,
      providers: requiredSources(json),
      pass: [],
    });
    for (const args of [
      ['init', '-input=false', '-no-color'],
      ['plan', '-input=false', '-no-color', '-lock=false', '-out=first.tfplan'],
    ] as const) {
      const step = await context.run({ cwd: folder, args, env: args[0] === 'init' ? env.init : env.run });
      if (step.exitCode !== 0) return undefined;
    }
    const shown = await context.run({ cwd: folder, args: ['show', '-json', 'first.tfplan'], env: env.run });
    return shown.exitCode === 0 ? parsePlan(shown.stdout, target.unit.path) : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A member by its dotted name; lists of one, as blocks are, are gone through. */
function memberOf(value: unknown, dotted: string): unknown {
  let at: unknown = value;
  for (const name of dotted.split('.')) {
    if (Array.isArray(at)) at = at[0];
    if (!isObject(at)) return undefined;
    at = at[name];
  }
  return at;
}
