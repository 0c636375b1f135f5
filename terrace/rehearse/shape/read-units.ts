import { keyedDigest } from '../../base/canonical';
import type { AppliedRecord } from '../../delivery/record/record';
import type { States, StateObject } from '../../delivery/record/states';
import { upstreamTarget } from '../../delivery/record/upstreams';
import { targetOf } from '../../delivery/target/target-of';
import type { Accounts } from '../../delivery/terraform/accounts';
import { readUnitFiles } from '../../delivery/tree/unit-files';
import type { Model, UnitModel } from '../../model/model';
import { consumedValues, remoteStatesOf } from '../../terraform/remote-states';
import { parseState, type StateFile } from '../../state/state-file';
import type { ReadUnit } from './take-shape';

/** What stands in the states of some units. */
export interface Reading {
  readonly units: readonly ReadUnit[];
  /** Paths of units that have no state. */
  readonly absent: readonly string[];
  /** States of units that were not asked for and that others read. */
  readonly upstreams: readonly StateFile[];
}

export interface ReadingPlace {
  readonly model: Model;
  /** Folder of the synthesized tree that the model describes. */
  readonly tree: string;
  readonly accounts: Accounts;
  readonly states: States;
}

/** Reads states and records of units, each with the credentials of its environment; nothing is locked or written. */
export async function readUnits(place: ReadingPlace, units: readonly UnitModel[]): Promise<Reading> {
  const states = new Map<string, StateObject>();
  const wanted = new Set(units.map(({ path }) => path));
  const read: ReadUnit[] = [];
  const absent: string[] = [];
  // Eight at once, as `state verify`: each is two requests.
  const queue = [...units];
  const worker = async (): Promise<void> => {
    for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
      const one = await readUnit(place, unit, states);
      if (one === undefined) absent.push(unit.path);
      else read.push(one);
    }
  };
  await Promise.all(Array.from({ length: Math.min(8, units.length) }, worker));
  return {
    units: read.toSorted((a, b) => (a.unit.path < b.unit.path ? -1 : 1)),
    absent: absent.toSorted(),
    upstreams: [...states].flatMap(([path, state]) => (wanted.has(path) ? [] : [parseState(state.text, path)])),
  };
}

async function readUnit(place: ReadingPlace, unit: UnitModel, seen: Map<string, StateObject>): Promise<ReadUnit | undefined> {
  const { model, tree, accounts, states } = place;
  const files = readUnitFiles(tree, unit.path);
  const { access } = targetOf(model, unit, files, 'apply');
  const own = await accounts.environmentFor(unit, access);
  const state = await states.read(unit, own);
  if (state === undefined) return undefined;
  const record = await states.readRecord(unit, own);
  const json: unknown = JSON.parse(Buffer.from(files.get('main.tf.json') ?? []).toString('utf8'));
  for (const remote of remoteStatesOf(json)) {
    const target = upstreamTarget(unit, remote);
    const upstream = seen.get(target.path) ?? (await states.read(target, own));
    if (upstream !== undefined) seen.set(target.path, upstream);
  }
  return {
    unit,
    account: access.stateAccount,
    state: parseState(state.text, unit.path),
    record,
    changedUpstreams: changedUpstreams(record, seen),
    json,
    env: own,
  };
}

/** Upstreams that no longer give what the record says was consumed. */
function changedUpstreams(record: AppliedRecord | undefined, states: ReadonlyMap<string, StateObject>): ReadonlySet<string> {
  if (record === undefined) return new Set();
  const key = Buffer.from(record.salt, 'hex');
  return new Set(
    record.consumed.flatMap(({ unit, outputs, digest }) => {
      const state = states.get(unit);
      const values = Object.fromEntries(Object.entries(state?.outputs ?? {}).map(([name, output]) => [name, output.value]));
      return state !== undefined && keyedDigest(key, consumedValues(values, outputs)) === digest ? [] : [unit];
    }),
  );
}
