import path from 'node:path';

import { applyBundle } from '../../delivery/apply/apply-bundle';
import { handOverKept } from '../../delivery/apply/hand-over-kept';
import { environmentPolicy } from '../../delivery/approval/approval-rules';
import type { Judgement } from '../../delivery/approval/judgement';
import { recipientOf } from '../../delivery/bundle/age';
import { readContent } from '../../delivery/bundle/content';
import { verifyContent } from '../../delivery/bundle/verify';
import { outcomeLines, outcomeText } from '../../delivery/report/outcome';
import { noActions } from '../../terraform/action-counts';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { exitCodes } from '../../base/errors';
import { jsonText, visible } from '../../base/visible';
import type { CommandContext } from '../command-context';
import { shownOn } from '../shown-on';

import { approvalsFor, identitiesFor, type PolicyFlags } from '../../delivery/approve/rules';
import { printProblems, withDelivery, type RunFlags } from '../with-delivery';
import { meantCommit } from '../meant-commit';
import { applyingRuling } from '../trust';

export interface ApplyFlags extends RunFlags, PolicyFlags {
  readonly approvals?: string;
  readonly identity?: string;
  /** The tree of the commit that is applied. @default synthesized from the commit */
  readonly tree?: string;
  /** Folder for states that could not be uploaded, encrypted. */
  readonly kept?: string;
}

/** `terrace apply` */
export async function runApply(context: CommandContext, place: string, flags: ApplyFlags): Promise<void> {
  const started = performance.now();
  const content = await readContent(place);
  const { judge, onApplied } = await applyingRuling(context, flags, accountsFrom(process.env));
  const identities = await identitiesFor(flags.identity, process.env);
  let judgements: readonly Judgement[] = [];
  const report = await withDelivery(context.work(place), flags, (delivery) =>
    applyBundle(delivery, {
      content,
      judge: async (verified) => (judgements = await judge(verified)),
      onApplied,
      approvals: approvalsFor(place, flags.approvals),
      identities,
      includePlanned: context.includePlanned,
      ...(flags.commit === undefined ? {} : { commit: meantCommit(flags.commit, context.repository()) }),
    }),
  );
  if (flags.kept !== undefined) await leaveRunner(context.work(place), [...report.results.keys()], flags.kept, judgements, identities);
  const { bundle } = await verifyContent(content);
  const entries = new Map(bundle.units.map((entry) => [entry.unit.path, entry]));
  const units = [...report.results]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([unit, result]) => ({
      unit,
      status: result.kind === 'applied' && entries.get(unit)?.operation === 'destroy' ? ('destroyed' as const) : result.kind,
      seconds: 'seconds' in result ? result.seconds : 0,
      reason: 'reason' in result ? (result.reason ?? '') : '',
    }));
  const outcomes = units.map((one) => ({
    unit: one.unit,
    status: one.status === 'applied' && entries.get(one.unit)?.unchanged === true ? ('unchanged' as const) : one.status,
    actions: entries.get(one.unit)?.actions ?? noActions,
    seconds: one.seconds,
    ...(one.reason === '' ? {} : { reason: one.reason }),
  }));
  if (flags.json === true)
    process.stdout.write(`${jsonText({ version: 1, bundle: content.hash, units, notes: report.notes, problems: report.problems }, 2)}\n`);
  else {
    const later = bundle.deferred.map(({ unit }) => ({ unit, status: 'deferred' as const, actions: noActions }));
    process.stdout.write(
      `\n${outcomeLines(outcomes, shownOn(process.stdout)).join('\n')}\n${report.notes.map((note) => `\n${visible(note)}\n`).join('')}\n${outcomeText([...outcomes, ...later], (performance.now() - started) / 1000)}\n${bundle.deferred.map(({ unit, reason }) => `${visible(`later: ${unit}: ${reason}; plan again`)}\n`).join('')}`,
    );
  }
  printProblems(report.problems);
  process.exitCode = report.exitCode === exitCodes.done ? exitCodes.done : report.exitCode;
}

/** Says where the states are that leave this machine, and how they are taken up again; opened by who may open the plans. */
async function leaveRunner(
  work: string,
  units: readonly string[],
  folder: string,
  judgements: readonly Judgement[],
  identities: readonly string[],
): Promise<void> {
  const own = await Promise.all(identities.map(recipientOf));
  const handed = await handOverKept(work, units, folder, (unit) => {
    const [system = '', environment = ''] = unit.split('/');
    const judged = judgements.find(({ environments }) => environments?.includes(`${system}/${environment}`) ?? true);
    const rules = judged === undefined ? undefined : environmentPolicy(judged.policy, system, environment);
    return [...new Set([...own, ...(rules?.recipients ?? [])])];
  });
  for (const { unit, file } of handed)
    process.stderr.write(
      `${unit}: the state that was not uploaded is in ${file}, encrypted\n  bring it back from any machine with: terrace state recover ${unit} --file ${path.basename(file)} --identity FILE\n`,
    );
}
