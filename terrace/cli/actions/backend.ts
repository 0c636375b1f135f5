import path from 'node:path';

import { factsAt, factsOf } from '../../delivery/accepted/find-accepted';
import { branchFacts, setUpAccepted, type AcceptedSet } from '../../delivery/accepted/set-accepted';
import type { JudgePlace } from '../../delivery/approve/accepted-judge';
import { judgePlace } from '../../delivery/approve/rules';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { openRepository, type Repository } from '../../git/repository';
import { judges } from '../judges';
import { unitEnvironment } from '../../bootstrap/bootstrap-environment';
import { destroyBackend, requireEmptyBackend } from '../../bootstrap/destroy-unit';
import { bootstrapPlan } from '../../bootstrap/owners';
import { backendStatus } from '../../bootstrap/status';
import { TerraformFolder } from '../../bootstrap/terraform-folder';
import { exitCodes, TerraceError } from '../../base/errors';
import { isSandbox } from '../../base/sandbox-shell';
import { selectorPath, selectPaths } from '../../model/select';
import { visible } from '../../base/visible';
import type { CommandContext } from '../command-context';
import { progress } from '../../delivery/report/progress';
import { findTerraform } from '../../terraform/binary';
import { ask, isInteractive } from '../ask';
import { bootstrap, ownersModel } from '../bootstrap-project';
import { loadModel, synthesize } from '../project';
import { shownOn } from '../shown-on';
import { renderTable } from '../table';
import { requireTyped } from '../typed-confirmation';
import { nobodyToAsk, notOneEnvironment } from '../usage-problems';
import { bootstrapText } from './bootstrap-text';

/** `terrace backend bootstrap` */
export async function runBootstrap(
  context: CommandContext,
  options: {
    readonly environment: string;
    readonly yes: boolean;
    readonly adopt: boolean;
    readonly json: boolean;
    readonly policyRef?: string;
  },
): Promise<void> {
  const { system, environment } = parseEnvironment(options.environment);
  const model = await ownersModel(context, system, environment);
  const { owners, others } = bootstrapPlan(model, system, environment);
  const shown = progress();
  const note = (text: string): void => shown.line(visible(text));
  for (const unit of owners)
    if (`${unit.system}/${unit.environment}` !== options.environment)
      note(`${options.environment} keeps its states in ${unit.backend.bucket}, which ${unit.path} owns`);
  if (!options.yes && !isSandbox(process.env)) await confirmBootstrap([...owners, ...others].map((unit) => unit.path));
  const accepting = await acceptingOf(context, options.environment, options.policyRef);
  const isAsked = !options.yes && !isSandbox(process.env);
  const results = await bootstrap(context, model, system, environment, {
    adopt: options.adopt,
    onStep: (unit, step) => shown.unitStep(unit, step),
    confirm: async (unit, plan) => {
      shown.close();
      note(`\n${plan.trim()}\n`);
      return !isAsked || (isInteractive() && /^y(?:es)?$/i.test(await ask(`Apply this to ${unit}? [y/N] `)));
    },
  }).finally(() => shown.close());
  const accepted = accepting === undefined ? undefined : await setUpAccepted(options.environment, accepting, new Date());
  if (accepted !== undefined) note(`${options.environment}: ${acceptedWords(accepted)}`);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ version: 1, units: results, accepted: accepted ?? null }, null, 2)}\n`
      : `${bootstrapText(results, shownOn(process.stdout))}\n`,
  );
}

/**
 * Where the first accepted commit is looked for and written: the protected branch, or the commit that is checked out where no remote names
 * one. Outside of the sandbox its facts must know the environment before anything is made; in the sandbox they may be missing.
 */
async function acceptingOf(context: CommandContext, environment: string, name: string | undefined): Promise<JudgePlace | undefined> {
  const root = context.history();
  const own = root === undefined ? undefined : (name ?? openRepository(root)?.remoteBranch() ?? 'HEAD');
  if (isSandbox(process.env)) {
    const repository = root === undefined ? undefined : openRepository(root);
    const commit = repository === undefined || own === undefined ? undefined : commitOrNone(repository, own);
    const facts = repository === undefined || commit === undefined ? undefined : await factsAt(repository, commit);
    if (own === undefined || factsOf(facts, environment) === undefined) return undefined;
  }
  const place = judgePlace(root, own, judges, accountsFrom(process.env));
  await branchFacts(environment, place);
  return place;
}

function commitOrNone(repository: Repository, name: string): string | undefined {
  try {
    return repository.commitOf(name);
  } catch (error) {
    if (error instanceof TerraceError) return undefined;
    throw error;
  }
}

function acceptedWords({ commit, outcome }: AcceptedSet): string {
  const short = commit.slice(0, 12);
  if (outcome === 'set up') return `${short} is now accepted, and judges the changes that follow`;
  return outcome === 'stands' ? `${short} is still the accepted commit` : `${short} is accepted, as it was where the states were before`;
}

/** `terrace backend status` */
export async function runBackendStatus(context: CommandContext, selectors: readonly string[], json: boolean): Promise<void> {
  const model = await loadModel(context.project(), [], context.includePlanned);
  const selected = new Set(
    selectPaths(
      model.units.map(({ path: unit }) => unit),
      selectors,
    ),
  );
  const statuses = [];
  for (const unit of model.units.filter((one) => one.bootstrap && selected.has(one.path)))
    statuses.push(await backendStatus(unit, await unitEnvironment(model, unit, process.env)));
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, backends: statuses }, null, 2)}\n`);
  else {
    const yes = (flag: boolean): string => (flag ? 'yes' : 'no');
    const rows = statuses.map((one) => [
      one.unit,
      one.bucket,
      yes(one.bucketExists),
      one.table === undefined ? '-' : yes(one.tableExists),
      one.serial === undefined ? '-' : String(one.serial),
      String(one.states),
      one.condition,
    ]);
    process.stdout.write(
      `${renderTable(['unit', 'bucket', 'made', 'table', 'serial', 'states', 'condition'], rows, ['left', 'left', 'left', 'left', 'right', 'right', 'left'])}\n`,
    );
  }
  if (statuses.some(({ condition }) => condition !== 'ready')) process.exitCode = exitCodes.failed;
}

/** `terrace backend destroy` */
export async function runBackendDestroy(context: CommandContext, selector: string, confirmation: string | undefined): Promise<void> {
  const root = context.project();
  const { system } = parseEnvironment(selectorPath(selector).split('/').slice(0, 2).join('/'));
  const model = await loadModel(root, [system], context.includePlanned);
  const [selected] = selectPaths(
    model.units.map(({ path: one }) => one),
    [selector],
  );
  const unit = model.units.find((one) => one.path === selected && one.path === selectorPath(selector));
  if (unit === undefined || !unit.bootstrap)
    throw new TerraceError(
      {
        code: 'E4207',
        title: 'not a backend',
        place: selector,
        found: 'this is not the path of one backend/state unit',
        expected: model.units
          .filter((one) => one.bootstrap)
          .map((one) => one.path)
          .join(', '),
        todo: 'name the backend to remove',
      },
      exitCodes.wrongUsage,
    );
  const env = await unitEnvironment(model, unit, process.env);
  await requireEmptyBackend(unit, env);
  await requireTyped({
    place: unit.path,
    expected: unit.backend.bucket,
    what: "the bucket's name",
    given: confirmation,
    question: `This removes ${unit.backend.bucket} with every version of every state in it.\nType the bucket's name to continue: `,
  });
  const work = path.join(root, '.terrace', 'backend-destroy');
  const tree = path.join(work, 'tree');
  await synthesize(root, { selectors: [unit.path], out: tree, includePlanned: context.includePlanned });
  const folder = new TerraformFolder({
    unit: unit.path,
    folder: path.join(work, unit.path),
    binary: await findTerraform(),
    env,
    variables: unit.variables,
    log: path.join(work, 'logs', `${unit.stackId}.log`),
  });
  const outcome = await destroyBackend({
    unit,
    source: path.join(tree, unit.path),
    folder,
    env,
    onStep: (step) => void process.stderr.write(`${unit.path}: ${step}\n`),
  });
  process.stdout.write(`${unit.path}: ${outcome}\n`);
}

function parseEnvironment(text: string): { readonly system: string; readonly environment: string } {
  const [system = '', environment = '', ...rest] = selectorPath(text).split('/');
  if (system === '' || environment === '' || rest.length > 0 || text.includes('*'))
    throw notOneEnvironment(text, 'name one environment; `terrace list` shows them');
  return { system, environment };
}

/** Raises E4208 for a no, E0015 where nobody can be asked. */
async function confirmBootstrap(units: readonly string[]): Promise<void> {
  if (!isInteractive())
    throw nobodyToAsk(
      '--yes',
      "it applies units with an administrator's credentials",
      'check what it would apply, then run it again with --yes',
      exitCodes.refused,
    );
  const answer = await ask(`Apply with an administrator's credentials: ${units.join(', ')}? [y/N] `);
  if (!/^y(?:es)?$/i.test(answer))
    throw new TerraceError(
      {
        code: 'E4208',
        title: 'not confirmed',
        found: 'the answer was not yes',
        expected: 'a yes, or --yes',
        todo: 'nothing was changed; run it again when you are ready to apply it',
      },
      exitCodes.failed,
    );
}
