import { placesOf } from '../terraform/grants';
import path from 'node:path';

import { TerraceError, exitCodes } from '../../base/errors';
import { unitProblems } from '../judgement/unit-problems';
import { knownSecrets } from '../plan/known-secrets';
import { keepLog } from '../terraform/kept-log';
import type { PlanTarget } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';
import { processEnvironments, requiredSources } from '../terraform/process-environment';
import { initArguments } from '../terraform/provider-mirror';
import { expectSuccess } from '../terraform/terraform-steps';
import { openWorkspace } from '../terraform/workspace';
import { unfinishedOf } from '../record/unfinished';
import { isUnjudged } from '../../base/sandbox-shell';

import { requireWritten } from './written-state';

/**
 * Takes something that exists into a unit's state, under its lock: the answer to a terraform that died inside a creation. Raises what
 * terraform refuses (E6019), E4401 (exit 4) where the lock is held, E6054 and E4509 where it is not in the state afterwards.
 */
export async function importResource(context: DeliveryContext, target: PlanTarget, address: string, id: string): Promise<void> {
  const { unit, files } = target;
  const judged = await unitProblems({ unit, files, provisioners: isUnjudged(context.env), ...placesOf(context.grants(unit)) });
  if (judged.length > 0) throw new TerraceError(judged, exitCodes.refused);
  const account = await context.accounts.environmentFor(unit, target.access);
  const json: unknown = JSON.parse(Buffer.from(files.get('main.tf.json') ?? new Uint8Array()).toString('utf8'));
  const env = processEnvironments(account, {
    variables: unit.variables,
    providers: requiredSources(json),
    pass: context.grants(unit).pass.variables,
  });
  const workspace = openWorkspace(context.work, unit.path, files, {
    home: context.env['HOME'],
    files: context.grants(unit).pass.files,
  });
  const log = path.join(context.logs, `${unit.path}.log`);
  const step = { unit: unit.path, log, secrets: knownSecrets(unit, env.run, []) };
  const raw = workspace.file('terrace.log');
  const run = { cwd: workspace.folder, log: raw, signal: context.signal };
  try {
    expectSuccess(await context.run({ ...run, env: env.init, args: await initArguments(context, files, env.init) }), {
      ...step,
      name: 'init',
      code: 'E6035',
    });
    await context.states.locked(unit, account, `import of ${address}`, async () => {
      const args = ['import', '-input=false', '-no-color', '-lock=false', address, id];
      expectSuccess(await context.run({ ...run, env: env.run, args }), {
        ...step,
        name: 'import',
        code: 'E6019',
      });
      const text = (await context.states.read(unit, account))?.text;
      await requireWritten(context, unit, account, { text, missing: unfinishedOf({ resources: [{ address, id }] }, undefined, text) });
    });
  } finally {
    keepLog(raw, log, step.secrets);
    workspace.remove();
  }
}
