import { rmSync } from 'node:fs';
import path from 'node:path';

import type { BootstrapResult } from '../../bootstrap/bootstrap-unit';
import { bootstrap, ownersModel } from '../bootstrap-project';
import { liveRoot, loadModel, synthesize } from '../project';
import { createContext } from '../../delivery/terraform/create-context';
import { judgedBy } from '../../delivery/approval/judgement';
import { privateKeyFrom } from '../../delivery/approval/keys';
import { deploy, planTargets, type DeployKeys, type DeployReport } from '../../delivery/deploy/deploy';
import { planBundle } from '../../delivery/plan/plan-bundle';
import { earlierTimes } from '../../delivery/report/earlier-times';
import { outcomeLines, outcomeText } from '../../delivery/report/outcome';
import { progress } from '../../delivery/report/progress';
import { sandboxKeys } from '../../delivery/approval/sandbox-keys';
import { exitCodes, refuse, TerraceError } from '../../base/errors';
import { quantity } from '../../base/plural';
import { readModel } from '../../model/model-file';
import { selectPaths } from '../../model/select';
import type { Model, UnitModel } from '../../model/model';
import type { CommandContext } from '../command-context';
import { startSandbox } from '../../sandbox/control';
import { withVariables } from '../../sandbox/environment/with-variables';
import { findTerraform } from '../../terraform/binary';
import { listenForInterruption } from '../../terraform/interruption';
import { shownOn } from '../shown-on';
import { bootstrapText } from './bootstrap-text';

export interface StartRequest {
  /** None takes everything. */
  readonly selectors: readonly string[];
  readonly fresh: boolean;
  readonly parallel?: number;
}

/** `npm start`: the whole way from the source to a second plan without a change, in the sandbox. */
export async function runStart(context: CommandContext, request: StartRequest): Promise<void> {
  const root = context.project();
  const started = performance.now();
  const shown = progress({ times: earlierTimes(path.join(context.work(root), 'times.json')) });
  shown.step(`synthesizing ${request.selectors.join(' ') || 'everything'}`);
  await findTerraform();
  const model = await loadModel(root, request.selectors, context.includePlanned);
  const selected = new Set(
    selectPaths(
      model.units.map(({ path: unit }) => unit),
      request.selectors,
    ),
  );
  const units = model.units.filter((unit) => !unit.bootstrap && !unit.appliedByBootstrap);
  const environments = environmentsOf(model.units);
  const owners = await Promise.all(
    environments.map(async (one) => ({ ...one, model: await ownersModel(context, one.system, one.environment) })),
  );

  const report = await synthesize(root, {
    selectors: model.units.map(({ path: unit }) => unit),
    includePlanned: context.includePlanned,
  });
  shown.line(`synthesized ${quantity(report.units.length, 'unit')} into live/ and cdktf.out/`);
  const dir = path.join(root, '.sandbox');
  const sandbox = await startSandbox({ dir, project: root });
  if (request.fresh) await sandbox.reset();
  const env = withVariables(process.env, sandbox.environment({ units: model.units }));
  shown.line(`sandbox ${sandbox.id} is running (terrace sandbox stop ends it)`);
  // Environments may share a bucket: its owner is told once.
  const made = new Map<string, BootstrapResult>();
  for (const { system, environment, model: whole } of owners) {
    const results = await bootstrap(context, whole, system, environment, {
      onStep: (unit, step) => shown.unitStep(unit, step),
      env,
    });
    for (const result of results) if (!made.has(result.unit)) made.set(result.unit, result);
  }
  if (made.size > 0) shown.line(bootstrapText([...made.values()], shownOn(process.stderr)));

  const interruption = listenForInterruption();
  try {
    const logs = path.join(dir, 'logs');
    const plans = path.join(dir, 'plans');
    rmSync(plans, { recursive: true, force: true });
    const delivery = await createContext({
      work: context.work(root),
      env,
      onEvent: shown.onEvent,
      signal: interruption.signal,
      logs,
      ...(request.parallel === undefined ? {} : { parallel: request.parallel }),
    });
    const tree = liveRoot(root);
    const synthesized: Model = readModel(tree);
    const keys = await deployKeys(env);
    const paths = units.map(({ path: unit }) => unit);
    const deployed = await deploy(delivery, {
      model: synthesized,
      tree,
      units: paths,
      keys,
      judge: judgedBy((await sandboxKeys(env)).policy),
      out: plans,
      confirm: async () => true,
    });
    if (deployed.exitCode !== exitCodes.done) {
      shown.close();
      process.stdout.write(`${startText(deployed, selected, started)}\n`);
      throw new TerraceError(deployed.problems, deployed.exitCode);
    }
    shown.line('planning again: nothing may change');
    const again = await planBundle(delivery, {
      targets: planTargets(synthesized, tree, paths),
      commit: synthesized.commit,
      dirty: synthesized.dirty,
      authors: [],
      rules: null,
      models: new Map(synthesized.units.map((unit) => [unit.path, unit])),
      recipients: keys.recipients,
      out: path.join(plans, 'again'),
      round: deployed.bundles.length + 1,
    });
    shown.close();
    process.stdout.write(`${startText(deployed, selected, started)}\n\n${places(dir)}\n`);
    refuse(again.problems, again.exitCode === exitCodes.done ? exitCodes.failed : again.exitCode);
    refuseChanges(
      again.bundle.units.filter((entry) => !entry.unchanged).map((entry) => entry.unit.path),
      logs,
    );
    process.stdout.write(`second plan: no changes in ${quantity(again.bundle.units.length, 'unit')}\n`);
  } finally {
    shown.close();
    interruption.dispose();
  }
}

async function deployKeys(env: NodeJS.ProcessEnv): Promise<DeployKeys> {
  const { age, signing } = await sandboxKeys(env);
  return { recipients: [age.recipient], identities: [age.identity], signingKey: privateKeyFrom(signing.privatePem, signing.id) };
}

function environmentsOf(units: readonly UnitModel[]): readonly { readonly system: string; readonly environment: string }[] {
  const names = new Map(units.map(({ system, environment }) => [`${system}/${environment}`, { system, environment }]));
  return [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function refuseChanges(changed: readonly string[], logs: string): void {
  refuse(
    changed.map((place) => ({
      code: 'E0006',
      title: 'second plan shows changes',
      place,
      found: 'a plan right after the apply was not empty',
      expected: 'no changes',
      todo: `read ${path.relative(process.cwd(), logs)}/${place}.log`,
    })),
  );
}

/** What happened to the selected units and, apart from them, to those that they need; then the sum. */
function startText({ units }: DeployReport, selected: ReadonlySet<string>, started: number): string {
  const [own, others] = [units.filter(({ unit }) => selected.has(unit)), units.filter(({ unit }) => !selected.has(unit))];
  const shown = shownOn(process.stdout);
  return [
    '',
    ...outcomeLines(own, shown),
    ...(others.length === 0 ? [] : ['', 'outside the selection, which needs them:', ...outcomeLines(others, shown)]),
    '',
    outcomeText(units, (performance.now() - started) / 1000),
  ].join('\n');
}

function places(dir: string): string {
  const shown = path.relative(process.cwd(), dir) || '.';
  return [`state   ${shown}/  (terrace state pull <unit>)`, `plans   ${shown}/plans/`, `logs    ${shown}/logs/`].join('\n');
}
