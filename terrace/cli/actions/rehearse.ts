import { existsSync } from 'node:fs';
import path from 'node:path';

import { replaceFile } from '../../base/replace-file';
import { exitCodes, TerraceError } from '../../base/errors';
import { treeOfCommit } from '../../delivery/affected/commit-trees';
import { factsOfFolder } from '../../delivery/approve/rules';
import { toAll } from '../../delivery/terraform/events';
import { grantsFrom } from '../../delivery/terraform/grants';
import { loadTree } from '../../delivery/tree/load-tree';
import { earlierTimes } from '../../delivery/report/earlier-times';
import { progress } from '../../delivery/report/progress';
import { openRepository, type Repository } from '../../git/repository';
import { partOf } from '../../model/select';
import { checkPolicies, compiledOnce } from '../../policy/check';
import { hasPolicies, holdsPolicies, policiesAtRef, policiesInFolder, type PolicySource } from '../../policy/source';
import { rehearse, type PlacedTree } from '../../rehearse/rehearse';
import type { Rehearsal } from '../../rehearse/rehearsal';
import { rehearsalMarkdown, rehearsalPage, rehearsalText } from '../../rehearse/report/render';
import type { Policies } from '../../rehearse/rounds/rounds';
import type { Shape } from '../../rehearse/shape/shape';
import { listenForInterruption } from '../../terraform/interruption';
import { withBusyLine } from '../busy-line';
import type { CommandContext } from '../command-context';
import { synthesizeAside } from '../source-tree';
import { positive, type RunFlags } from '../with-delivery';
import { readShape } from './seed';

export interface RehearseFlags extends Pick<RunFlags, 'parallel' | 'json'> {
  readonly shape: string;
  readonly base?: string;
  readonly until?: string;
  readonly andBack?: boolean;
  readonly tree?: string;
  readonly out?: string;
}

/** `terrace rehearse`: exits 0 where all went as planned, 2 with findings, 1 where something failed. */
export async function runRehearse(context: CommandContext, selectors: readonly string[], flags: RehearseFlags): Promise<void> {
  const project = context.project();
  const shape = await readShape(flags.shape);
  const until = flags.until === undefined ? undefined : positive(flags.until, '--until');
  const parallel = flags.parallel === undefined ? undefined : positive(flags.parallel, '--parallel');
  const history = context.history();
  const repository = history === undefined ? undefined : openRepository(history);
  const base = flags.base === undefined || flags.base === 'applied' ? undefined : commonCommit(requireRepository(repository), flags.base);
  const head = await headTree(context, shape, flags.tree);
  const back =
    flags.andBack === true ? await backTree(context, requireRepository(repository), base ?? appliedCommit(shape, repository)) : undefined;
  const out = path.resolve(flags.out ?? path.join(context.work(project), 'rehearsal'));
  const shown = progress({ times: earlierTimes(path.join(context.work(project), 'rehearsal-times.json')) });
  const interruption = listenForInterruption({
    onFirst: () => process.stderr.write('\nInterrupted: waiting for terraform to end before the fork is removed…\n'),
  });
  let rehearsal: Rehearsal;
  try {
    rehearsal = await rehearse({
      project,
      shape,
      head,
      selectors,
      ...(base === undefined ? {} : { base }),
      ...(repository === undefined ? {} : { repository }),
      ...(until === undefined ? {} : { until }),
      ...(back === undefined ? {} : { back }),
      ...(parallel === undefined ? {} : { parallel }),
      policies: await policiesOf(project, repository, base),
      grants: grantsFrom((await factsOfFolder(project))?.environments ?? {}),
      work: context.work(project),
      out: path.join(out, 'bundles'),
      onEvent: toAll(shown.onEvent),
      signal: interruption.signal,
    });
  } finally {
    shown.close();
    interruption.dispose();
  }
  const json = `${JSON.stringify(rehearsal, null, 2)}\n`;
  replaceFile(path.join(out, 'rehearsal.json'), json);
  replaceFile(path.join(out, 'rehearsal.html'), rehearsalPage(rehearsal));
  replaceFile(path.join(out, 'comment.md'), rehearsalMarkdown(rehearsal));
  process.stdout.write(flags.json === true ? json : `${rehearsalText(rehearsal)}\n`);
  process.stderr.write(`page ${path.relative(process.cwd(), path.join(out, 'rehearsal.html'))}\n`);
  process.exitCode = exitCodeOf(rehearsal);
}

function exitCodeOf({ outcome }: Rehearsal): number {
  if (outcome === 'failed') return exitCodes.failed;
  return outcome === 'findings' ? exitCodes.changes : exitCodes.done;
}

/** The change: a tree that was synthesized before, else that of the source, of the systems that the shape knows. */
async function headTree(context: CommandContext, shape: Shape, tree: string | undefined): Promise<PlacedTree> {
  const systems = [...new Set(shape.units.map(({ unit }) => unit.split('/')[0] ?? ''))];
  const folder = tree === undefined ? (await synthesizeAside(context)(systems)).folder : path.resolve(tree);
  return placed(folder, systems);
}

function placed(folder: string, systems: readonly string[]): PlacedTree {
  const { model, files } = loadTree(folder);
  const isKnown = partOf(systems);
  return { folder, model: { ...model, units: model.units.filter((unit) => isKnown(unit.path)) }, files };
}

async function backTree(context: CommandContext, repository: Repository, commit: string): Promise<PlacedTree> {
  const folder = await withBusyLine(`synthesizing ${commit.slice(0, 12)}`, () => treeOfCommit(repository, commit, context.includePlanned));
  return { folder, ...loadTree(folder) };
}

/** The commit that most units of a shape were applied from, where this clone has it. Raises E9505. */
function appliedCommit({ units }: Shape, repository: Repository | undefined): string {
  const counts = new Map<string, number>();
  for (const { record } of units) if (record?.commit != null) counts.set(record.commit, (counts.get(record.commit) ?? 0) + 1);
  const commit = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name]) => name)
    .find((name) => repository?.has(name) === true);
  if (commit !== undefined) return commit;
  throw new TerraceError(
    {
      code: 'E9505',
      title: 'no way back',
      place: '--and-back',
      found: 'no record in the shape names a commit that this clone has',
      todo: 'name the commit to go back to with --base REF, or fetch the history: git fetch --unshallow',
    },
    exitCodes.wrongUsage,
  );
}

function commonCommit(repository: Repository, base: string): string {
  return repository.mergeBase(repository.commitOf(base), repository.commitOf('HEAD'));
}

function requireRepository(repository: Repository | undefined): Repository {
  if (repository !== undefined) return repository;
  throw new TerraceError(
    {
      code: 'E6049',
      title: 'no git repository',
      found: 'this is not a git repository, so there is nothing to compare with or to go back to',
      todo: 'leave out --base and --and-back: the records in the shape say what was applied',
    },
    exitCodes.wrongUsage,
  );
}

/** The policies of the base, which a change does not choose; without a base those of the work tree. */
async function policiesOf(project: string, repository: Repository | undefined, base: string | undefined): Promise<Policies> {
  const source = await policySource(project, repository, base);
  if (source === undefined) return async () => [];
  const compiled = await compiledOnce(source);
  return async (units) => (units.length === 0 ? [] : checkPolicies(compiled, units, process.env));
}

async function policySource(
  project: string,
  repository: Repository | undefined,
  base: string | undefined,
): Promise<PolicySource | undefined> {
  if (base !== undefined && repository !== undefined)
    return (await hasPolicies(repository.root, base)) ? policiesAtRef(repository.root, base) : undefined;
  const folder = path.join(project, 'policies');
  return existsSync(folder) && (await holdsPolicies(folder)) ? policiesInFolder(folder) : undefined;
}
