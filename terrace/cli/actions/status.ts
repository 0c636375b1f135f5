import { jsonText, visible, visibleLine } from '../../base/visible';
import { loadTree } from '../../delivery/tree/load-tree';
import { ofMissingBackend } from '../../delivery/record/missing-backend';
import { createContext } from '../../delivery/terraform/create-context';
import { unitLines, withoutPlace, type UnitLinesOptions } from '../../delivery/report/unit-lines';
import { statusOf, type StatusReport, type StatusUnit } from '../../delivery/status/status';
import { plain, type Tone } from '../../base/paint';
import { quantity } from '../../base/plural';
import { excludedEnvironments, excludedLines } from '../../model/planned';
import { moveCommand } from '../../model/moved-unit';
import { exitCodes } from '../../base/errors';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { acceptedStatus, type AcceptedStatus } from '../accepted-status';
import { withBusyLine } from '../busy-line';
import { shownOn } from '../shown-on';

import { memoryOf } from '../../delivery/plan/memory-of';
import { partOf, selectorPath, selectPaths, wholeSystems } from '../../model/select';
import { changeOf, selectTree } from '../../delivery/plan/selection';
import type { CommandContext } from '../command-context';
import { synthesizeAside } from '../source-tree';

/** `terrace status` */
export async function runStatus(
  context: CommandContext,
  selectors: readonly string[],
  flags: { readonly json?: boolean; readonly tree?: string; readonly policyRef?: string },
): Promise<void> {
  const tree = await selectTree(wholeSystems(selectors), flags.tree ?? synthesizeAside(context), {
    includePlanned: context.includePlanned,
  });
  const isSelected = partOf(selectors);
  const { repository } = changeOf(context.history(), tree.model, undefined, []);
  const { exitCode, ...status } = await withBusyLine('reading states, records and locks', async () =>
    statusOf(
      await createContext({ work: context.work(tree.folder) }),
      tree.model,
      loadTree(tree.folder),
      tree.model.units.filter((unit) => isSelected(unit.path)),
      (unit) => isSelected(unit) && (flags.tree === undefined || isSelected(unit.split('/').slice(0, 2).join('/'))),
      memoryOf(tree.model, repository, {}).history,
    ),
  );
  const planned = excludedEnvironments(tree.model);
  // A selector of a planned environment alone is refused as everywhere.
  if (selectors.some((selector) => planned.some((one) => `${selectorPath(selector)}/`.startsWith(`${one}/`))))
    await selectTree(selectors, flags.tree ?? synthesizeAside(context), { includePlanned: context.includePlanned });
  selectPaths([...tree.model.units.map((unit) => unit.path), ...status.orphans.map(({ unit }) => unit)], selectors);
  const excluded = planned.filter(isSelected);
  const environments = [
    ...new Set(tree.model.units.filter((unit) => isSelected(unit.path)).map(({ system, environment }) => `${system}/${environment}`)),
  ];
  const accepted = await acceptedStatus(context, environments.toSorted(), flags.policyRef, accountsFrom(process.env));
  const report = { ...status, accepted, ...(excluded.length === 0 ? {} : { excluded }) };
  process.stdout.write(flags.json === true ? `${jsonText(report, 2)}\n` : `${statusText(report, shownOn(process.stdout))}\n`);
  process.exitCode = exitCode === exitCodes.done && accepted.some(({ problems }) => problems.length > 0) ? exitCodes.refused : exitCode;
}

/** A status for people: what is not as in the source, orphans, then the sum. */
export function statusText(
  report: Omit<StatusReport, 'exitCode'> & { readonly accepted?: readonly AcceptedStatus[] },
  { paint = plain, width }: Omit<UnitLinesOptions, 'unchanged'> = {},
): string {
  const listed = report.units.filter((unit) => unit.status !== 'current' || unit.lock !== null);
  const reasons = withoutRepetition(
    listed.map((unit) => ({
      status: unit.status,
      why: [...unit.reasons, ...(unit.lock === null ? [] : [`locked by ${unit.lock.who} (${unit.lock.id})`])].join('; '),
    })),
  );
  const lines = unitLines(
    listed.map(({ unit, status, planned }, index) => ({
      unit,
      text: `${paint(tones[status], status)}${planned === true ? ' (planned)' : ''}${reasons[index] === '' ? '' : `: ${visibleLine(withoutPlace(reasons[index] ?? '', unit))}`}`,
    })),
    { paint, width },
  );
  const said = new Set(report.units.flatMap((unit) => unit.reasons));
  const current = report.units.length - report.units.filter((unit) => unit.status !== 'current').length;
  const rest = [
    ...report.units.flatMap(({ unit, notes }) => notes.map((note) => `note: ${unit}: ${note}`)),
    ...(report.accepted ?? []).flatMap((one) => acceptedLines(one, said)),
    ...report.orphans.map(orphanText),
    ...(report.orphans.length === 0 ? [] : ['']),
    `${current} of ${quantity(report.units.length, 'unit')} ${current === 1 || report.units.length === 1 ? 'matches' : 'match'} the source${report.pending.length === 0 ? '' : `; pending: ${report.pending.map(({ wave, units }) => `wave ${wave} (${units.length})`).join(', ')}`}`,
    ...excludedLines(report.excluded),
  ];
  return [...lines, ...(lines.length === 0 ? [] : ['']), ...rest.map(visible)].join('\n');
}

/** What waits for an answer stands out; what only waits for its turn does not. */
const tones: Readonly<Record<StatusUnit['status'], Tone>> = {
  current: 'good',
  behind: 'change',
  'never applied': 'add',
  'not moved': 'bad',
  'state lost': 'bad',
  'state not uploaded': 'bad',
  'outcome unknown': 'bad',
  'other branch': 'bad',
  applying: 'strong',
  interrupted: 'bad',
  failed: 'bad',
  unknown: 'soft',
};

/** Why each is as it is, in its own words: after one that could not be looked at, those of the same reason only name it. */
function withoutRepetition(units: readonly { readonly status: StatusUnit['status']; readonly why: string }[]): readonly string[] {
  const said = new Set<string>();
  return units.map(({ status, why }) => {
    if (status !== 'unknown') return why;
    const again = said.has(why);
    said.add(why);
    return again ? 'the same' : why;
  });
}

/** What an environment accepts, or why nothing can be planned; not again what its units say already. */
function acceptedLines({ environment, commit, by, at, problems }: AcceptedStatus, said: ReadonlySet<string>): readonly string[] {
  if (commit !== null) return [`accepted: ${environment} ${commit.slice(0, 12)} (${by ?? ''}, ${at ?? ''})`];
  return problems
    .map((problem) => ofMissingBackend({ ...problem, place: environment }))
    .filter(({ code, found, todo }) => !said.has(`${code} ${found}; ${todo}`))
    .map(({ code, found, todo }) => `${code} ${environment}: ${found}; ${todo}`);
}

function orphanText({ unit, bucket, key, movesTo }: StatusReport['orphans'][number]): string {
  return movesTo === undefined
    ? `orphan: ${unit} has a state (s3://${bucket}/${key}) but no unit`
    : `to be moved: ${unit} has a state (s3://${bucket}/${key}) that belongs to ${movesTo}: ${moveCommand(unit, movesTo)}`;
}
