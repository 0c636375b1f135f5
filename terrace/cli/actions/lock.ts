import { terraformAt } from '../../delivery/terraform/at-work';
import { unitEnvironment } from '../../bootstrap/bootstrap-environment';
import { listLocks, type ListedLock, type LockStore } from '../../state/lock/list-locks';
import { formatAge, lockAge, lockIdOf, operationName } from '../../state/lock/lock-info';
import { releaseLock } from '../../state/lock/release-lock';
import { exitCodes, refuse, TerraceError, type Problem } from '../../base/errors';
import type { UnitModel } from '../../model/model';
import type { TreeContext } from '../command-context';
import { ask, isInteractive } from '../ask';
import { renderTable } from '../table';
import { parseDuration } from '../duration';
import { nobodyToAsk } from '../usage-problems';
import { isAbsentBucket, reachableState, selectedUnits } from './state-units';

/** `terrace lock list` */
export async function runLockList(context: TreeContext, selectors: readonly string[], json: boolean): Promise<void> {
  const { model, units } = await selectedUnits(context, selectors);
  const stores = new Map<string, { readonly store: LockStore; readonly unit: UnitModel }>();
  for (const unit of units) {
    const { bucket, region, dynamodbTable } = unit.backend;
    const name = JSON.stringify([bucket, region, dynamodbTable]);
    if (!stores.has(name))
      stores.set(name, { unit, store: { bucket, region, ...(dynamodbTable !== undefined && { table: dynamodbTable }) } });
  }
  const wanted = new Set(units.map((unit) => unit.path));
  const owners = new Map(model.units.map((unit) => [`${unit.backend.bucket}/${unit.backend.key}`, unit.path]));
  const rows: { readonly unit: string | undefined; readonly lock: ListedLock }[] = [];
  const problems: Problem[] = [];
  const unasked: Pick<LockStore, 'bucket' | 'region'>[] = [];
  for (const { store, unit } of stores.values()) {
    const found = await locksOf(store, () => unitEnvironment(model, unit, process.env));
    problems.push(...found.problems);
    if (found.problems.length > 0) unasked.push({ bucket: store.bucket, region: store.region });
    for (const lock of found.locks) {
      const owner = owners.get(`${lock.bucket}/${lock.key}`);
      if (owner === undefined ? selectors.length === 0 : wanted.has(owner)) rows.push({ unit: owner, lock });
    }
  }
  const unique = rows.filter(
    (row, index) =>
      rows.findIndex(
        (one) =>
          one.lock.bucket === row.lock.bucket && one.lock.key === row.lock.key && lockIdOf(one.lock.lock) === lockIdOf(row.lock.lock),
      ) === index,
  );
  process.stdout.write(
    json
      ? `${JSON.stringify({ version: 1, locks: unique.map(({ unit, lock }) => jsonOf(unit, lock)), unasked }, null, 2)}\n`
      : `${table(unique, unasked.length, stores.size)}\n`,
  );
  refuse(problems);
}

/** The locks of one store; an environment that cannot be asked does not hide those of the others. */
async function locksOf(
  store: LockStore,
  credentials: () => Promise<NodeJS.ProcessEnv>,
): Promise<{ readonly locks: readonly ListedLock[]; readonly problems: readonly Problem[] }> {
  try {
    return { locks: await listLocks(store, await credentials()), problems: [] };
  } catch (error) {
    if (!(error instanceof TerraceError)) throw error;
    if (!isAbsentBucket(error)) return { locks: [], problems: error.problems };
    process.stderr.write(`there is no bucket ${store.bucket}, so nothing is locked there\n`);
    return { locks: [], problems: [] };
  }
}

function jsonOf(unit: string | undefined, { bucket, key, region, places, lock }: ListedLock) {
  return {
    unit: unit ?? null,
    bucket,
    key,
    region,
    places,
    id: lockIdOf(lock),
    who: lock?.who ?? null,
    operation: lock === undefined ? null : operationName(lock),
    since: lock?.created ?? null,
    info: lock?.info ?? null,
  };
}

function table(rows: readonly { readonly unit: string | undefined; readonly lock: ListedLock }[], unasked: number, stores: number): string {
  if (rows.length === 0 && unasked > 0) return `no known locks: ${unasked} of ${stores} backends could not be reached`;
  if (rows.length === 0) return 'no locks';
  const now = new Date();
  const cells = rows.map(({ unit, lock: { bucket, key, places, lock } }) => {
    const age = lock === undefined ? undefined : lockAge(lock, now);
    return [
      unit ?? `(no unit) ${bucket}/${key}`,
      lock?.who ?? 'unknown',
      lock === undefined ? 'unknown' : operationName(lock),
      age === undefined ? 'unknown' : formatAge(age),
      places.join('+'),
      lockIdOf(lock),
    ];
  });
  return renderTable(['unit', 'who', 'operation', 'for', 'in', 'id'], cells, ['left', 'left', 'left', 'right', 'left', 'left']);
}

export interface LockReleaseRequest {
  readonly unit: string;
  readonly id: string;
  readonly yes: boolean;
  readonly force: boolean;
  /** `15m` */
  readonly minAge: string;
}

/** `terrace lock release` */
export async function runLockRelease(context: TreeContext, request: LockReleaseRequest): Promise<void> {
  const minAge = parseDuration(request.minAge, '--min-age');
  const { target, env } = await reachableState(context, request.unit);
  const living = terraformAt(context.work(context.tree ?? '.'), target.path);
  if (living !== undefined)
    throw new TerraceError(
      {
        code: 'E4407',
        title: 'lock in use',
        place: target.path,
        found: `terraform is still working on it: process ${living.pid} on this host, in ${living.folder}`,
        expected: 'a lock whose holder is gone',
        todo: 'wait until it has ended: it writes its own state',
      },
      exitCodes.refused,
    );
  const confirm = async (holder: string): Promise<boolean> => {
    if (request.yes) return true;
    if (!isInteractive())
      throw nobodyToAsk(
        target.path,
        'the holder of the lock may still be running',
        'make sure that it has ended, then run it again with --yes',
      );
    return /^y(?:es)?$/i.test(
      await ask(`${target.path} is locked by ${holder}.\nIf it is still running, two applies will run at once. Release it? [y/N] `),
    );
  };
  const released = await releaseLock(target, { id: request.id, minAge, force: request.force, confirm, env });
  if (released.length === 0) {
    process.stderr.write('not released\n');
    process.exitCode = exitCodes.failed;
    return;
  }
  process.stdout.write(`${target.path}: released (${released.join(' and ')})\n`);
}
