import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { recordKey } from '../../terrace/state/applied-record';
import type { StateTarget } from '../../terrace/state/state-access';
import { exitCodes, TerraceError } from '../../terrace/base/errors';
import type { AppliedRecord } from '../../terrace/delivery/record/record';
import type { Json } from '../../terrace/base/json';
import type { DeliveryContext } from '../../terrace/delivery/terraform/context';
import type { DeliveryEvent } from '../../terrace/delivery/terraform/events';
import { parseState, type StateObject, type States } from '../../terrace/delivery/record/states';
import type { TerraformResult, TerraformRun } from '../../terrace/terraform/run';

import { noGrants } from '../../terrace/delivery/terraform/grants';
import { sha256 } from '../../terrace/base/canonical';
import { madeAt, shown } from './sealed-bundle';

/** States, records and locks in memory. */
export class MemoryStates implements States {
  readonly states = new Map<string, StateObject>();
  readonly records = new Map<string, AppliedRecord>();
  readonly locks = new Map<string, string>();
  /** Every record that was written, in order. */
  readonly written: AppliedRecord[] = [];

  /** Sets the state under a key as terraform would leave it. */
  put(key: string, lineage: string, serial: number, outputs: { readonly [name: string]: Json } = {}): void {
    const text = JSON.stringify({
      version: 4,
      terraform_version: '1.11.4',
      lineage,
      serial,
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value, type: 'string' }])),
      resources: [],
    });
    this.states.set(
      key,
      parseState(text, { path: key, backend: { bucket: 'b', key, region: 'eu-central-1', kmsKeyId: '', useLockfile: false } }),
    );
  }

  async read(target: StateTarget): Promise<StateObject | undefined> {
    return this.states.get(target.backend.key);
  }

  async readRecord(target: StateTarget): Promise<AppliedRecord | undefined> {
    return this.records.get(target.backend.key);
  }

  async writeRecord(target: StateTarget, _env: NodeJS.ProcessEnv, record: AppliedRecord): Promise<void> {
    if (!this.locks.has(target.backend.key)) throw new Error(`the record of ${target.path} was written without the lock`);
    this.records.set(target.backend.key, record);
    this.written.push(record);
  }

  async locked<T>(target: StateTarget, _env: NodeJS.ProcessEnv, info: string, run: () => Promise<T>): Promise<T> {
    const { key } = target.backend;
    const holder = this.locks.get(key);
    if (holder !== undefined)
      throw new TerraceError(
        { code: 'E4401', title: 'lock held', place: target.path, found: `locked by ${holder}`, todo: 'wait' },
        exitCodes.lockHeld,
      );
    this.locks.set(key, info);
    try {
      return await run();
    } finally {
      this.locks.delete(key);
    }
  }

  async keys(_target: StateTarget, _env: NodeJS.ProcessEnv, prefix: string, name: string): Promise<readonly string[]> {
    const all = name === 'applied.json' ? [...this.records.keys()].map((key) => recordKey(key)) : [...this.states.keys()];
    return all.filter((key) => key.startsWith(prefix)).toSorted();
  }

  async requireDigest(): Promise<void> {
    return undefined;
  }

  async buckets(): Promise<readonly string[]> {
    return [];
  }

  async holder(target: StateTarget) {
    const who = this.locks.get(target.backend.key);
    return who === undefined
      ? undefined
      : { id: 'lock-id', operation: 'terrace apply', info: '', who, version: '', created: '', path: target.backend.key };
  }
}

export interface FakeOptions {
  readonly states: MemoryStates;
  /** What an apply does to a state: outputs it leaves. @default none */
  readonly outputs?: { readonly [key: string]: { readonly [name: string]: Json } };
  /** Called before each fake terraform; a result ends it there. */
  readonly onRun?: (run: TerraformRun, key: string) => Partial<TerraformResult> | Promise<Partial<TerraformResult> | undefined> | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly now?: Date;
  readonly version?: string;
}

export interface FakeDelivery extends DeliveryContext {
  readonly events: DeliveryEvent[];
  /** `apply <state key>` for each apply that terraform was asked for. */
  readonly applied: string[];
  /** What stood in `tfplan` at each apply. */
  readonly plans: Buffer[];
  readonly workspaces: string[];
}

/** A delivery without terraform and without AWS: applies only raise serials. */
export function fakeDelivery(options: FakeOptions): FakeDelivery {
  const { states } = options;
  const events: DeliveryEvent[] = [];
  const applied: string[] = [];
  const plans: Buffer[] = [];
  const workspaces: string[] = [];
  const done = { exitCode: 0, stdout: '', stderr: '', seconds: 0, interrupted: false, killedBy: null };
  return {
    binary: { path: '/nonexistent/terraform', name: 'terraform', version: options.version ?? '1.11.4' },
    env: options.env ?? {},
    accounts: { environmentFor: async () => options.env ?? {} },
    states,
    events,
    applied,
    plans,
    workspaces,
    onEvent: (event) => events.push(event),
    signal: new AbortController().signal,
    work: path.join(tmpdir(), `terrace-fake-${process.pid}`),
    logs: path.join(tmpdir(), `terrace-fake-${process.pid}`, 'logs'),
    parallel: 2,
    now: () => options.now ?? new Date(madeAt.getTime() + 120_000),
    grants: noGrants,
    run: async (run) => {
      workspaces.push(run.cwd);
      const { terraform } = JSON.parse(readFileSync(path.join(run.cwd, 'main.tf.json'), 'utf8'));
      const key: string = terraform.backend.s3.key;
      const early = await options.onRun?.(run, key);
      if (early !== undefined) return { ...done, ...early };
      if (run.args[0] === 'show') return { ...done, stdout: shown.get(sha256(readFileSync(path.join(run.cwd, 'tfplan')))) ?? '' };
      if (run.args[0] === 'apply') {
        applied.push(key);
        if (existsSync(path.join(run.cwd, 'tfplan'))) plans.push(readFileSync(path.join(run.cwd, 'tfplan')));
        const before = states.states.get(key);
        states.put(
          key,
          before?.lineage ?? `lineage of ${key}`,
          (before?.serial ?? 0) + 1,
          options.outputs?.[key] ?? Object.fromEntries(Object.entries(before?.outputs ?? {}).map(([name, output]) => [name, output.value])),
        );
      }
      return done;
    },
  };
}
