import { openState, type StateAccess, type StateTarget } from '../../terrace/state/state-access';
import { stateHistory } from '../../terrace/state/history';
import { readDigest, readStateObject, writeState } from '../../terrace/state/state-store';
import { TerraceError } from '../../terrace/base/errors';
import { faultyProxy, type FaultyProxy } from './faulty-proxy';
import { testSandbox } from './sandbox';
import { makeStateBackend, stateTarget, testAccount } from './state-backend';

/** A sandbox with a state backend behind a proxy that can fail, and short words for what tests of states do with it. */
export interface StateSandbox {
  /** Leads through the proxy; every request is tried once. */
  readonly env: NodeJS.ProcessEnv;
  readonly proxy: FaultyProxy;
  /** A unit that no other test uses. */
  fresh(): StateTarget;
  /** Its backend without the lock table: what is written there leaves the digest as it was. */
  withoutTable(target: StateTarget): StateTarget['backend'];
  on<T>(target: StateTarget, work: (access: StateAccess) => Promise<T>): Promise<T>;
  write(target: StateTarget, text: string): Promise<void>;
  read(target: StateTarget): Promise<string | undefined>;
  digest(target: StateTarget): Promise<string | undefined>;
  /** Serials of all versions, the newest first; undefined for a deletion. */
  serials(target: StateTarget): Promise<readonly (number | undefined)[]>;
  dispose(): Promise<void>;
}

export async function stateSandbox(): Promise<StateSandbox> {
  const sandbox = await testSandbox();
  const direct: NodeJS.ProcessEnv = { ...sandbox.env({ account: testAccount, units: [] }), AWS_MAX_ATTEMPTS: '1' };
  await makeStateBackend(direct);
  const proxy = await faultyProxy(direct['HTTP_PROXY'] ?? '');
  const env = { ...direct, ...proxy.variables };
  let counter = 0;
  const on: StateSandbox['on'] = async (target, work) => {
    const access = await openState(target, env);
    try {
      return await work(access);
    } finally {
      access.close();
    }
  };
  return {
    env,
    proxy,
    on,
    fresh: () => {
      counter += 1;
      return stateTarget(`e/r/l/u${counter}`);
    },
    withoutTable: (target) => {
      const { dynamodbTable: _, ...backend } = target.backend;
      return { ...backend, useLockfile: true };
    },
    write: (target, text) => on(target, (access) => writeState(access, text)),
    read: (target) => on(target, (access) => readStateObject(access)),
    digest: (target) => on(target, readDigest),
    serials: (target) => on(target, async (access) => (await stateHistory(access, 50)).map(({ serial }) => serial)),
    dispose: async () => {
      await proxy.close();
      await sandbox.dispose();
    },
  };
}

/** Exit code and codes of what a call is refused with; `done` when it is not. */
export async function codesOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof TerraceError) return [error.exitCode, ...error.problems.map(({ code }) => code)].join(' ');
    throw error;
  }
  return 'done';
}
