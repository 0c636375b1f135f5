import { renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { readKeptState } from '../../delivery/apply/hand-over-kept';
import { identitiesFor } from '../../delivery/approve/rules';
import { keptStates } from '../../delivery/record/kept-states';
import { sweepWorkspaces } from '../../delivery/terraform/workspace';
import { unitEnvironment } from '../../bootstrap/bootstrap-environment';
import { openState } from '../../state/state-access';
import { stateHistory, type StateHistoryEntry } from '../../state/history';
import { moveResourceStates } from '../../state/move-resources';
import { moveUnitState } from '../../state/move-unit';
import { pullState } from '../../state/pull';
import { recordStateDigest } from '../../state/record-digest';
import { recoverState } from '../../state/recover';
import { parseMoves } from '../../state/resource-move';
import { restoreState } from '../../state/restore';
import { judgeStates, readForVerification, type StateFinding, type StateReading } from '../../state/verify';
import { quantity } from '../../base/plural';
import { exitCodes, formatProblem, TerraceError } from '../../base/errors';
import type { UnitModel } from '../../model/model';
import type { TreeContext } from '../command-context';
import { liveRoot } from '../project';
import { renderTable } from '../table';
import { parseDuration } from '../duration';
import { confirmStranding } from './confirm-move';
import { erroredState } from './errored-state';
import { inParallel, isAbsentBucket, reachableState, selectedUnits, stateAtCommit } from './state-units';

/** Options of every command that takes a lock. */
export interface LockingFlags {
  /** `20s`; absent: do not wait. */
  readonly lockTimeout?: string;
  readonly json?: boolean;
}

function timeoutOf({ lockTimeout }: LockingFlags): { readonly timeout?: number } {
  return lockTimeout === undefined ? {} : { timeout: parseDuration(lockTimeout, '--lock-timeout') / 1000 };
}

function print(json: boolean | undefined, value: object, text: string): void {
  process.stdout.write(json === true ? `${JSON.stringify({ version: 1, ...value }, null, 2)}\n` : `${text}\n`);
}

/** `terrace state verify` */
export async function runStateVerify(context: TreeContext, selectors: readonly string[], json: boolean): Promise<void> {
  const { model, units } = await selectedUnits(context, selectors);
  const buckets = new Set<string>();
  const read = async (unit: UnitModel): Promise<StateReading> => {
    try {
      return await readForVerification(unit, await unitEnvironment(model, unit, process.env), () => wait(2000));
    } catch (error) {
      if (!(error instanceof TerraceError)) throw error;
      if (!isAbsentBucket(error)) return { target: unit, text: undefined, digest: undefined, unreadable: error.problems };
      buckets.add(unit.backend.bucket);
      return { target: unit, text: undefined, digest: undefined };
    }
  };
  const findings = judgeStates(await inParallel(units, read, 8), process.env);
  for (const bucket of [...buckets].sort()) process.stderr.write(`there is no bucket ${bucket}, so it has no states\n`);
  print(json, { states: findings }, verifyText(findings));
  const has = (status: StateFinding['status']): boolean => findings.some((one) => one.status === status);
  if (has('wrong')) process.exitCode = exitCodes.refused;
  else if (has('unreadable')) process.exitCode = exitCodes.failed;
}

function verifyText(findings: readonly StateFinding[]): string {
  if (findings.length === 0) return 'no units';
  const rows = findings.map(({ unit, status, serial, instances }) => [
    unit,
    status,
    serial === undefined ? '-' : String(serial),
    instances === undefined ? '-' : String(instances),
  ]);
  // One environment that cannot be reached is told once, not once for each of its units.
  const problems = new Map(
    findings
      .flatMap(({ unit, status, problems: found }) =>
        found.map(
          (one) =>
            [
              status === 'unreadable' ? `${one.code} ${unit.split('/').slice(0, 3).join('/')}` : `${one.code} ${unit}`,
              formatProblem(one),
            ] as const,
        ),
      )
      .toReversed(),
  );
  return [
    renderTable(['unit', 'state', 'serial', 'resources'], rows, ['left', 'left', 'right', 'right']),
    ...[...problems.values()].toReversed(),
  ].join('\n\n');
}

/** `terrace state history` */
export async function runStateHistory(context: TreeContext, unit: string, limit: number, json: boolean): Promise<void> {
  const { target, env } = await reachableState(context, unit);
  const access = await openState(target, env);
  try {
    const versions = await stateHistory(access, limit);
    print(json, { unit: target.path, versions }, versions.length === 0 ? `${target.path} has never had a state` : historyText(versions));
  } finally {
    access.close();
  }
}

function historyText(versions: readonly StateHistoryEntry[]): string {
  const content = (one: StateHistoryEntry): string =>
    one.deleted ? 'deleted' : (one.unreadable ?? (one.sandbox === true ? 'sandbox' : ''));
  const rows = versions.map((one) => [
    one.versionId,
    one.modified,
    one.serial === undefined ? '-' : String(one.serial),
    one.instances === undefined ? '-' : String(one.instances),
    String(one.size),
    one.terraformVersion ?? '-',
    [one.latest ? 'current' : '', content(one)].filter((text) => text !== '').join(', '),
  ]);
  return renderTable(['version', 'written', 'serial', 'resources', 'bytes', 'by', ''], rows, [
    'left',
    'left',
    'right',
    'right',
    'right',
    'left',
    'left',
  ]);
}

/** `terrace state restore` */
export async function runStateRestore(
  context: TreeContext,
  unit: string,
  version: string,
  flags: LockingFlags & { readonly otherLineage?: boolean },
): Promise<void> {
  const { target, env } = await reachableState(context, unit);
  const result = await restoreState(target, version, { env, otherLineage: flags.otherLineage ?? false, ...timeoutOf(flags) });
  print(
    flags.json,
    { unit: target.path, ...result },
    `${target.path}: version ${version} (serial ${result.from}) is current again, as serial ${result.serial}; ${result.replaced === undefined ? 'there was nothing readable before' : `serial ${result.replaced} stays in the history`}`,
  );
}

/** `terrace state pull`: the bytes as they are stored. */
export async function runStatePull(context: TreeContext, unit: string, version: string | undefined): Promise<void> {
  const { target, env } = await reachableState(context, unit);
  const access = await openState(target, env);
  try {
    process.stdout.write(await pullState(access, version));
  } finally {
    access.close();
  }
}

/** `terrace state move`: a whole unit, or single resources of it. */
export async function runStateMove(
  context: TreeContext,
  from: string,
  to: string,
  addresses: readonly string[],
  flags: LockingFlags & { readonly fromCommit?: string; readonly yes?: boolean },
): Promise<void> {
  const moves = parseMoves(addresses);
  const source =
    flags.fromCommit === undefined ? await reachableState(context, from) : await stateAtCommit(context, from, flags.fromCommit);
  const target = await reachableState(context, to);
  const options = { fromEnv: source.env, toEnv: target.env, ...timeoutOf(flags) };
  const units = { from: source.target.path, to: target.target.path };
  if (flags.yes !== true) await confirmStranding(source, target, addresses);
  if (moves.length === 0) {
    const result = await moveUnitState(source.target, target.target, options);
    print(
      flags.json,
      { ...units, ...result },
      result.outcome === 'already'
        ? `${units.to} already has the state (serial ${result.serial})`
        : `${units.from} is now ${units.to}: ${quantity(result.instances, 'resource')}, serial ${result.serial}, lineage ${result.lineage}`,
    );
    return;
  }
  const result = await moveResourceStates(source.target, target.target, moves, options);
  const lines = [...result.moved.map((one) => `moved    ${one}`), ...result.already.map((one) => `already  ${one}`)];
  print(
    flags.json,
    { ...units, ...result },
    `${lines.join('\n')}\n${units.from}: serial ${result.fromSerial}; ${units.to}: serial ${result.toSerial}`,
  );
}

/** `terrace state recover`: the file terraform left in the unit's folder, or the one that is named. */
export async function runStateRecover(
  context: TreeContext,
  unit: string,
  file: string | undefined,
  flags: LockingFlags & { readonly olderToo?: boolean; readonly otherLineage?: boolean; readonly identity?: string },
): Promise<void> {
  const { target, env } = await reachableState(context, unit);
  const work = context.work(context.tree ?? '.');
  sweepWorkspaces(work);
  const chosen = erroredState(target.path, file, {
    project: context.projectIfAny(),
    work,
    tree: context.tree ?? liveRoot(context.project()),
  });
  const text = await readKeptState(chosen, () => identitiesFor(flags.identity, process.env));
  const result = await recoverState(target, text, path.relative(process.cwd(), chosen), {
    env,
    olderToo: flags.olderToo ?? false,
    otherLineage: flags.otherLineage ?? false,
    ...timeoutOf(flags),
  });
  // As long as it lies there under its own name nothing of the unit is planned.
  const retired = keptStates(work, target.path).includes(chosen);
  if (retired) renameSync(chosen, `${chosen}.recovered`);
  const said =
    result.outcome === 'unchanged'
      ? `this state is already stored (serial ${result.serial})`
      : `${quantity(result.instances, 'resource')} written as serial ${result.serial}`;
  print(
    flags.json,
    { unit: target.path, file: chosen, ...result },
    `${target.path}: ${said}; ${path.relative(process.cwd(), chosen)} ${retired ? 'is kept as .recovered' : 'may be deleted'}`,
  );
}

/** `terrace state digest` */
export async function runStateDigest(context: TreeContext, selectors: readonly string[], flags: LockingFlags): Promise<void> {
  const { model, units } = await selectedUnits(context, selectors);
  const kept = units.filter((unit) => unit.backend.dynamodbTable !== undefined);
  const digests = await inParallel(
    kept,
    async (unit) => ({
      unit: unit.path,
      ...(await recordStateDigest(unit, { env: await unitEnvironment(model, unit, process.env), ...timeoutOf(flags) })),
    }),
    4,
  );
  print(
    flags.json,
    { digests },
    digests.length === 0
      ? 'none of these units keeps a digest (lock: s3)'
      : renderTable(
          ['unit', 'digest', ''],
          digests.map((one) => [one.unit, one.digest ?? '-', one.outcome]),
          ['left', 'left', 'left'],
        ),
  );
}
