import type { LockInfo } from '../../state/lock/lock-info';
import { exitCodes, TerraceError, type ExitCode, type Problem } from '../../base/errors';
import type { Model, UnitModel } from '../../model/model';
import { movedReason } from '../../model/moved-unit';
import type { Tree } from '../tree/load-tree';
import { contentDigest } from '../../model/content-digest';
import { unappliedReasons } from './unapplied';
import { keyedDigest } from '../../base/canonical';
import { isUnmoved, previousState } from '../target/moved-state';
import { accessOf } from '../target/plan-target';
import { consumedValues, remoteStatesOf } from '../../terraform/remote-states';
import { upstreamTarget } from '../record/upstreams';
import type { DeliveryContext } from '../terraform/context';
import { runInOrder } from '../terraform/pool';
import { problemsOf } from '../terraform/terraform-steps';

import type { History } from '../record/memory';
import type { AppliedRecord } from '../record/record';
import { standingOf } from './standing';
import { ofMissingBackend } from '../record/missing-backend';
import { workerOf } from '../terraform/at-work';

/** One unit compared with what was applied last. */
export interface InspectedUnit {
  readonly unit: UnitModel;
  readonly record: AppliedRecord | undefined;
  readonly state: { readonly lineage: string; readonly serial: number } | undefined;
  /** Why it has to be planned; empty where it is up to date. */
  readonly reasons: readonly string[];
  readonly holder: LockInfo | undefined;
  /** Who applies it right now, as far as this host can know. */
  readonly worker: string | undefined;
  /** Where its state still stands, though its source says that it moved; undefined where it is in its place. */
  readonly movesFrom: string | undefined;
  /** Why a plan of it is refused: its state is lost or stands elsewhere, or another branch applied it. */
  readonly refusals: readonly Problem[];
  /** What else there is to know of it. */
  readonly notes: readonly string[];
  /** Why it could not be looked at; empty where it could. */
  readonly problems: readonly Problem[];
  /** What they end a command with; 0 where there are none. */
  readonly exitCode: ExitCode;
}

/** How many units are looked at at once; each is a handful of small requests. */
const atOnce = 16;

/** Reads record, state and lock of units and compares them with the tree. Bootstrap units have no record: only their state counts. */
export async function inspectUnits(
  context: DeliveryContext,
  model: Model,
  tree: Pick<Tree, 'files'>,
  units: readonly UnitModel[],
  history?: History,
): Promise<readonly InspectedUnit[]> {
  const tasks = units.map((unit) => ({ path: unit.path, after: [], unit }));
  const results = await runInOrder<(typeof tasks)[number], InspectedUnit>(tasks, atOnce, async ({ unit }) => {
    try {
      return await inspect(context, model, tree, unit, history);
    } catch (error) {
      return {
        ...unknown(unit),
        problems: problemsOf(error, unit.path).map(ofMissingBackend),
        exitCode: error instanceof TerraceError ? error.exitCode : exitCodes.failed,
      };
    }
  });
  return [...results.values()].toSorted((a, b) => (a.unit.path < b.unit.path ? -1 : 1));
}

function unknown(unit: UnitModel): InspectedUnit {
  return {
    unit,
    record: undefined,
    state: undefined,
    reasons: [],
    holder: undefined,
    worker: undefined,
    movesFrom: undefined,
    refusals: [],
    notes: [],
    problems: [],
    exitCode: exitCodes.done,
  };
}

async function inspect(
  context: DeliveryContext,
  model: Model,
  tree: Pick<Tree, 'files'>,
  unit: UnitModel,
  history: History | undefined,
): Promise<InspectedUnit> {
  const env = await context.accounts.environmentFor(unit, accessOf(model, unit));
  const files = tree.files.get(unit.path) ?? new Map<string, Uint8Array>();
  // A bucket that is not there says more than a table that is not there, whichever answers first.
  const holding = context.states.holder(unit, env);
  holding.catch(() => undefined);
  const [record, state] = await Promise.all([context.states.readRecord(unit, env), context.states.read(unit, env)]);
  const holder = await holding;
  const found = state === undefined ? undefined : { lineage: state.lineage, serial: state.serial };
  const read = { ...unknown(unit), record, state: found, holder, worker: workerOf(context.work, unit.path, holder) };
  if (unit.bootstrap) return { ...read, reasons: state === undefined ? ['it is not bootstrapped'] : [] };
  const previous = previousState(model, unit);
  if (previous !== undefined && (await isUnmoved(context, unit, env, previous)))
    return { ...read, movesFrom: previous.target.path, reasons: [movedReason(previous.target.path, unit.path)] };
  const { refusals, remarks } = await standingOf(
    context,
    { unit, files, operation: 'apply' },
    { record, state, isAtWork: read.worker !== undefined },
    history,
  );
  const inputs = new Map<string, { readonly lineage: string | null; readonly digest: string } | null>();
  if (record?.status === 'applied') {
    const salt = Buffer.from(record.salt, 'hex');
    const json: unknown = JSON.parse(Buffer.from(files.get('main.tf.json') ?? Buffer.from('{}')).toString('utf8'));
    await Promise.all(
      remoteStatesOf(json)
        .filter((remote) => remote.outputs?.length !== 0)
        .map(async (remote) => {
          const target = upstreamTarget(unit, remote);
          const upstream = await context.states.read(target, env);
          const recorded = record.consumed.find((one) => one.unit === target.path);
          const values = Object.fromEntries(Object.entries(upstream?.outputs ?? {}).map(([name, output]) => [name, output.value]));
          inputs.set(
            target.path,
            upstream === undefined
              ? null
              : { lineage: upstream.lineage, digest: keyedDigest(salt, consumedValues(values, recorded?.outputs ?? remote.outputs)) },
          );
        }),
    );
  }
  return {
    ...read,
    refusals,
    notes: remarks.map(({ text }) => text),
    reasons: unappliedReasons({
      files: contentDigest(files),
      record,
      state: found,
      inputs: new Map([...inputs].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    }),
  };
}
