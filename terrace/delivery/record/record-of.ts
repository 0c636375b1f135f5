import { randomBytes } from 'node:crypto';

import { canonicalText, keyedDigest } from '../../base/canonical';
import { defaultsOf, outputsOf, protectedBlocks } from '../../terraform/configuration';
import { consumedValues } from '../../terraform/remote-states';
import type { PlanJson } from '../../terraform/plan-json';
import type { Upstream } from './upstreams';

import type { AppliedRecord } from './record';
import type { UnfinishedResource } from './unfinished';

/** What a record says of an apply that is about to begin. */
export interface RecordSource extends Pick<AppliedRecord, 'unit' | 'commit' | 'files' | 'bundle' | 'round' | 'state'> {
  readonly upstreams: readonly Upstream[];
  /** Its `main.tf.json`. */
  readonly json: unknown;
  /** Its plan, which knows what variables had. @default nothing is said of them */
  readonly plan?: Pick<PlanJson, 'variables'>;
  readonly terraform: { readonly name: string; readonly version: string };
  readonly now: Date;
}

/** The record as it is written before terraform starts, with the status `applying` and digests of what is consumed. */
export function recordOf(source: RecordSource): AppliedRecord {
  const salt = randomBytes(32);
  const { unit, commit, files, bundle, round, state, terraform } = source;
  return {
    version: 1,
    unit,
    status: 'applying',
    commit,
    files,
    bundle,
    round,
    state,
    consumed: source.upstreams.flatMap((upstream) => {
      const { remote } = upstream;
      if (upstream.state === undefined || remote.outputs?.length === 0) return [];
      const values = Object.fromEntries(Object.entries(upstream.state.outputs).map(([name, output]) => [name, output.value]));
      return [
        {
          unit: upstream.unit,
          lineage: upstream.state.lineage,
          outputs: remote.outputs ?? Object.keys(values).toSorted(),
          digest: keyedDigest(salt, consumedValues(values, remote.outputs)),
        },
      ];
    }),
    salt: salt.toString('hex'),
    at: source.now.toISOString(),
    terraform: `${terraform.name} ${terraform.version}`,
    outputs: outputsOf(source.json),
    protects: protectedBlocks(source.json),
    ...(source.plan === undefined ? {} : { variables: givenOptional(source.json, source.plan) }),
  };
}

/** Optional variables that had another value than their default, sorted. */
function givenOptional(json: unknown, { variables = {} }: Pick<PlanJson, 'variables'>): readonly string[] {
  return [...defaultsOf(json)]
    .flatMap(([name, value]) => (canonicalText(variables[name]?.value ?? null) === canonicalText(value ?? null) ? [] : [name]))
    .toSorted();
}

/**
 * The record of an apply that began and of which nobody knows yet what it did: what was protected, read and forgotten before still counts,
 * and all that it is to make may exist. Pure.
 */
export function begunRecord(
  own: AppliedRecord,
  before: AppliedRecord | undefined,
  unfinished: readonly UnfinishedResource[] = [],
): AppliedRecord {
  const record = unfinished.length === 0 ? own : { ...own, unfinished };
  if (before === undefined) return record;
  const consumed = new Map(before.consumed.map((one) => [one.unit, one]));
  for (const one of record.consumed)
    consumed.set(one.unit, { ...one, outputs: [...new Set([...one.outputs, ...(consumed.get(one.unit)?.outputs ?? [])])].toSorted() });
  return {
    ...record,
    consumed: [...consumed.values()].toSorted((a, b) => (a.unit < b.unit ? -1 : 1)),
    protects: [...new Set([...(record.protects ?? []), ...(before.protects ?? [])])].toSorted(),
    ...(before.forgotten === undefined ? {} : { forgotten: before.forgotten }),
  };
}
