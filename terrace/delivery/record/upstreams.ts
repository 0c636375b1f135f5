import type { UnitModel } from '../../model/model';
import type { StateTarget } from '../../state/state-access';
import type { AppliedRecord } from './record';
import type { States, StateObject } from './states';

import type { Json } from '../../base/json';
import type { RemoteState } from '../../terraform/remote-states';

/** One upstream as a unit reads it, with its state at this moment. */
export interface Upstream {
  readonly remote: RemoteState;
  /** Path of the unit whose state it is; the state's key where the model does not know it. */
  readonly unit: string;
  readonly state: StateObject | undefined;
}

/** An upstream that does not give everything: which outputs are missing, and their mocks. */
export interface MissingOutputs {
  readonly unit: string;
  readonly remoteState: string;
  /** True where there is no state at all: its data source would fail, and is left out. */
  readonly noState: boolean;
  readonly mocks: { readonly [output: string]: unknown };
}

/** Reads the states of a unit's upstreams, with the unit's own credentials. */
export async function readUpstreams(
  unit: UnitModel,
  remotes: readonly RemoteState[],
  states: States,
  env: NodeJS.ProcessEnv,
): Promise<readonly Upstream[]> {
  return Promise.all(
    remotes.map(async (remote) => {
      const target = upstreamTarget(unit, remote);
      return { remote, unit: target.path, state: await states.read(target, env) };
    }),
  );
}

/** The records of those upstreams of which a state gives less than is read. */
export async function recordsOfMissing(
  unit: UnitModel,
  upstreams: readonly Upstream[],
  states: States,
  env: NodeJS.ProcessEnv,
): Promise<RecordedOutputs> {
  const lacking = upstreams.filter(
    ({ remote, state }) => state !== undefined && (remote.outputs ?? []).some((name) => !Object.hasOwn(state.outputs, name)),
  );
  return new Map(
    await Promise.all(
      lacking.map(async ({ remote, unit: path }) => [path, await states.readRecord(upstreamTarget(unit, remote), env)] as const),
    ),
  );
}

/** Where a remote state is; read from the unit's JSON, not from the model: the JSON is what terraform reads. */
export function upstreamTarget(unit: UnitModel, remote: RemoteState): StateTarget {
  const path =
    unit.dependencies.find((dependency) => dependency.remoteState === remote.name)?.unit ?? remote.key.replace(/\/terraform\.tfstate$/, '');
  return { path, backend: { bucket: remote.bucket, key: remote.key, region: remote.region, useLockfile: false } };
}

/** What the record of an upstream says of outputs that its state does not hold. */
export type RecordedOutputs = ReadonlyMap<string, Pick<AppliedRecord, 'status' | 'outputs' | 'state'> | undefined>;

/**
 * Outputs that a unit reads and that no state gives, with their mocks from the upstream's model. terraform keeps no output that is null: one
 * that the applied files declare is null, and not missing, unless another tool has destroyed the upstream since.
 */
export function missingOutputs(
  upstreams: readonly Upstream[],
  models: ReadonlyMap<string, UnitModel>,
  records: RecordedOutputs = new Map(),
): readonly MissingOutputs[] {
  return upstreams.flatMap(({ remote, unit, state }) => {
    const record = records.get(unit);
    const isGone = state !== undefined && Object.keys(state.outputs).length === 0 && record?.state.serial !== state.serial;
    const nulls = record?.status === 'applied' && !isGone ? (record.outputs ?? []) : [];
    const missing = (remote.outputs ?? []).filter(
      (name) => state === undefined || !(Object.hasOwn(state.outputs, name) || nulls.includes(name)),
    );
    if (state !== undefined && missing.length === 0) return [];
    const outputs = models.get(unit)?.outputs ?? [];
    return [
      {
        unit,
        remoteState: remote.name,
        noState: state === undefined,
        mocks: Object.fromEntries(missing.map((name) => [name, outputs.find((output) => output.name === name)?.mock ?? null])),
      },
    ];
  });
}

/** Sensitive outputs of the upstreams, which carry no mark in the unit's plan. */
export function sensitiveOutputs(upstreams: readonly Upstream[]): readonly Json[] {
  return upstreams.flatMap(({ state }) =>
    Object.values(state?.outputs ?? {}).flatMap((output) => (output.sensitive ? [output.value] : [])),
  );
}
