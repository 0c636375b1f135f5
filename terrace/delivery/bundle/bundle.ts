import type { Credentials, UnitModel } from '../../model/model';
import type { ActionCounts } from '../../terraform/action-counts';
import type { Remark } from './remark';
import type { StateVersion } from '../terraform/plan-archive';

/** One synthesized file; it travels in the bundle. */
export interface BundleFile {
  /** Relative to the unit's folder, with `/`. */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

/** What a plan took from one upstream's state. */
export interface ConsumedOutputs {
  /** Path of the upstream. */
  readonly unit: string;
  readonly lineage: string | null;
  /** Names, sorted. */
  readonly outputs: readonly string[];
  /** Keyed digest of their values; the key is in the encrypted part. */
  readonly digest: string;
}

/** An output that no state had, so that its mock was planned with. */
export interface MockedOutput {
  readonly unit: string;
  readonly output: string;
  /** What the configuration of `plan.masked.json` refers to: `local.terrace_mock_…`. */
  readonly local: string;
}

export interface FileDigest {
  readonly sha256: string;
  readonly size: number;
}

/** One unit's plan and everything it was made from. */
export interface BundleUnit {
  readonly unit: UnitModel;
  /** How its account is reached: apply needs nothing but the bundle. */
  readonly environment: { readonly stateAccount: string; readonly credentials: Credentials };
  readonly operation: 'apply' | 'destroy';
  /** Units of this bundle that are applied before it, sorted. */
  readonly after: readonly string[];
  /** Sorted by path. */
  readonly files: readonly BundleFile[];
  /** Digest of the files without meaningless differences; what records are compared by. */
  readonly contentDigest: string;
  /** Digest of `.terraform.lock.hcl`, null where the unit has none. */
  readonly lockFile: string | null;
  readonly state: StateVersion;
  /** Sorted by unit. */
  readonly consumed: readonly ConsumedOutputs[];
  /** The binary plan's plaintext; null where it consumed a mock and is not kept. */
  readonly plan: FileDigest | null;
  /** Plaintext of `terraform show -json`. */
  readonly show: FileDigest;
  /** `units/<path>/plan.masked.json`. */
  readonly masked: FileDigest;
  /** `units/<path>/plan.age`: plan, show and log, encrypted together. */
  readonly encrypted: FileDigest;
  readonly actions: ActionCounts;
  /** True where applying would change nothing, so that only the record is written. */
  readonly unchanged: boolean;
  /** Not empty: tainted, never applied. */
  readonly mocks: readonly MockedOutput[];
}

/** A unit that was selected and is not in this bundle. */
/** What the source of a deferred unit changes: shown, and never applied. */
export interface DeferredSource {
  /** `new`: it was never applied. `same`: its source is what was applied. `changes`: as planned with what its upstreams give now. */
  readonly how: 'new' | 'same' | 'changes';
  /** `units/<path>/plan.masked.json`; null where the source is the same. */
  readonly masked: FileDigest | null;
}

export interface DeferredUnit {
  readonly unit: string;
  /** One sentence for people. */
  readonly reason: string;
  /** The upstream it waits for. */
  readonly upstream: string;
  /** Outputs of it that change, become unknown or are missing; empty where the upstream is itself deferred or failed. */
  readonly outputs: readonly string[];
  /** Absent where it is not known. */
  readonly source?: DeferredSource;
}

export interface FailedUnit {
  readonly unit: string;
  /** First line of the error, without secrets. */
  readonly error: string;
}

/** Which part of a round one runner planned. */
export interface ShardOf {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** Files that judge a change and that the change touches, compared with `base`. */
export interface RulesChange {
  readonly base: string;
  readonly files: readonly string[];
}

/** An environment of which a plan left no unit out: what must be recorded of each so that nothing of the commit is left to do there. */
export interface CoveredEnvironment {
  /** `<system>/<environment>`. */
  readonly environment: string;
  /** Sorted by path; `files` is the digest of its files' meaning. */
  readonly units: readonly { readonly unit: string; readonly files: string }[];
  /** Digest of what it hands to other tools, as `artifactsDigest` gives it; absent where that is nothing. */
  readonly artifacts?: string;
}

/** A unit of a commit with the digest of its files. */
export interface CommitUnit {
  readonly unit: string;
  readonly files: string;
  /** True for one that an administrator applies. */
  readonly bootstrap: boolean;
}

/** `bundle.json`: the saved plans of one round, sealed with what they were made from. Its bytes' SHA-256 is the bundle's hash. */
export interface Bundle {
  readonly format: 'terrace-bundle';
  readonly version: 1;
  /** Commit of the source; null outside a repository. */
  readonly commit: string | null;
  readonly dirty: boolean;
  /** Addresses of those who made the change, lower case, sorted; none of them may approve it where the policy forbids it. */
  readonly authors: readonly string[];
  /** Null where the base is not known. */
  readonly rules: RulesChange | null;
  readonly terraform: { readonly name: 'terraform' | 'tofu'; readonly version: string };
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Round of plan and apply, from 1. */
  readonly round: number;
  readonly shard: ShardOf | null;
  /** Digest of the paths of all units of the selection: shards of one plan agree in it. */
  readonly selection: string;
  /** Sorted by path. */
  readonly units: readonly BundleUnit[];
  readonly deferred: readonly DeferredUnit[];
  readonly failed: readonly FailedUnit[];
  /** What a reviewer should know beside the plans, sorted by unit; absent where there is nothing. */
  readonly remarks?: readonly Remark[];
  /** Environments that the plan covers whole, sorted; absent where there are none. */
  readonly covers?: readonly CoveredEnvironment[];
  /** The accepted commit that a rolled-back history lost and that is given up; absent where none is. */
  readonly supersedes?: string;
}

export const bundleFile = 'bundle.json';

/** Where a unit's parts are in a bundle's folder, with `/`. */
export function unitPaths(unit: string): {
  readonly folder: string;
  readonly files: string;
  readonly masked: string;
  readonly encrypted: string;
} {
  const folder = `units/${unit}`;
  return { folder, files: `${folder}/files`, masked: `${folder}/plan.masked.json`, encrypted: `${folder}/plan.age` };
}
