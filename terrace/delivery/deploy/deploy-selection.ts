import { exitCodes, refuse } from '../../base/errors';
import { isSandbox } from '../../base/sandbox-shell';
import type { UnitModel } from '../../model/model';
import { acceptedChange, type AcceptedChange } from '../approve/accepted-change';
import { environmentsOf, type JudgePlace } from '../approve/accepted-judge';
import type { Judge } from '../approval/judgement';
import { coveredEnvironments } from '../plan/covered';
import { withDependents } from '../plan/dependents';
import { placesOfReaders } from '../plan/known-readers';
import { memoryOf } from '../plan/memory-of';
import { changeOf, selectTree, targetsOf } from '../plan/selection';
import { refused } from '../problems';
import type { PlanTarget } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';
import type { Synthesize } from '../tree/written-tree';

import { deploy, type DeployReport, type DeployRequest } from './deploy';

/** A deploy of what selectors name. */
export interface DeploySelection extends Pick<DeployRequest, 'keys' | 'out' | 'confirm' | 'onApplied' | 'supersedes'> {
  /** None selects everything. */
  readonly selectors: readonly string[];
  /** Folder of a synthesized tree; or how the source is synthesized, a part of it or (without selectors) the whole. */
  readonly tree: string | Synthesize;
  /** @default 'apply' */
  readonly operation?: 'apply' | 'destroy';
  /** Also what reads the selected units, directly or through others. @default false */
  readonly withDependents?: boolean;
  /** With planned environments of a tree. @default false */
  readonly includePlanned?: boolean;
  /** Folder of the repository that says whose change it is and what it changes of the rules. @default nobody knows */
  readonly repository?: string;
  /** The protected branch that the change is compared with. @default none */
  readonly base?: string;
  /** Units whose lost state is given up. @default none */
  readonly startEmpty?: readonly string[];
  /** Leaves out what another branch applied, instead of refusing everything. @default false */
  readonly leaveOut?: boolean;
  /** What judges each bundle, and what is accepted; without a place nothing is held against accepted commits. */
  readonly ruling: { readonly judge: Judge; readonly place?: JudgePlace };
  /** True where nobody is asked: outside of the sandbox the accepted rules must allow it. @default false */
  readonly automatic?: boolean;
}

/** What a deploy did, and what it left out. */
export interface SelectionReport extends DeployReport {
  /** Bootstrap units that the selectors cover and that only `terrace backend bootstrap` applies. */
  readonly excluded: readonly string[];
}

/**
 * Deploys what selectors name: selection, dependents, what the accepted commits say of it, whose change it is, then round by round. Raises what
 * `acceptedChange` raises, E120x for selectors, and E6029 where the rules of an environment do not let it go on without an answer.
 */
export async function deploySelection(context: DeliveryContext, request: DeploySelection): Promise<SelectionReport> {
  const { selectors, tree: source, ruling, operation = 'apply', withDependents: further = false } = request;
  const whole = further && typeof source !== 'string' ? () => source([]) : source;
  const selected = await selectTree(selectors, whole, { includePlanned: request.includePlanned ?? false });
  const tree = further ? await withDependents(selected, context) : selected;
  const accepted =
    ruling.place === undefined
      ? undefined
      : await acceptedOf(ruling.place, targetsOf(tree, operation), tree.model.commit, request.supersedes);
  refuse(accepted?.problems ?? [], exitCodes.refused);
  if (request.automatic === true && !isSandbox(context.env)) refuseAutomatic(tree.units, accepted);
  const change = changeOf(request.repository, tree.model, request.base, []);
  const report = await deploy(accepted === undefined ? context : { ...context, grants: accepted.grants }, {
    model: tree.model,
    tree: tree.folder,
    places: placesOfReaders(tree, source, change.repository),
    memory: memoryOf(tree.model, change.repository, request),
    units: tree.units.map((unit) => unit.path),
    keys: request.keys,
    out: request.out,
    authors: [...change.authors, ...(accepted?.authors ?? [])],
    changedFiles: change.changedFiles,
    rules: accepted?.rules ?? change.rules,
    covers: coveredEnvironments(tree, selectors),
    ...(request.supersedes === undefined ? {} : { supersedes: request.supersedes }),
    ...(accepted === undefined ? {} : { recipientsOf: accepted.recipientsOf, notes: accepted.notes }),
    judge: ruling.judge,
    ...(request.onApplied === undefined ? {} : { onApplied: request.onApplied }),
    refuse: async (verified) => {
      const judgements = await ruling.judge(verified);
      refuse(
        judgements.flatMap(({ denials = [] }) => denials),
        exitCodes.refused,
      );
    },
    operation,
    confirm: request.confirm,
  });
  return { ...report, excluded: tree.excluded };
}

/** What the accepted commits say of the units before they are planned. */
function acceptedOf(
  place: JudgePlace,
  targets: readonly PlanTarget[],
  commit: string | null,
  supersedes: string | undefined,
): Promise<AcceptedChange> {
  return acceptedChange(
    { ...place, ...(supersedes === undefined ? {} : { supersedes }) },
    targets.map(({ unit, access }) => ({ unit, environment: access })),
    environmentsOf(targets),
    commit,
  );
}

/** Raises E6029 for environments whose accepted rules want an answer. */
function refuseAutomatic(units: readonly UnitModel[], accepted: AcceptedChange | undefined): void {
  const forbidden = [...new Set(units.map((unit) => `${unit.system}/${unit.environment}`))].filter(
    (name) => accepted?.rulesOf(name)?.autoApprove !== true,
  );
  if (forbidden.length > 0)
    throw refused('E6029', {
      place: forbidden.join(', '),
      found: 'the approval rules do not allow --auto-approve for it',
      todo: 'answer the question, or set "autoApprove": true in the approval rules on the protected branch',
    });
}
