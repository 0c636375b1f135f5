import type { CostEstimate } from '../source/infracost';
import type { Finding } from '../findings/finding';
import type { Drift, MockedOutput, OutputChange, ResourceChange } from '../plan/plan-model';

import type { NextStep } from './next-step';
import type { ReviewedPlace } from './places';
import type { Reverse } from './reverse';

/** One change, or the same one in several units. */
export interface ChangeGroup {
  /** Id of the first change. */
  readonly id: string;
  /** The change of the first unit; the others are the same but for names of environment, region and account. */
  readonly change: ResourceChange;
  /** In order of apply. */
  readonly members: readonly { readonly unit: string; readonly change: string }[];
  readonly findings: readonly Finding[];
}

/** What stands in front of every page: which bundle this is. */
export interface ReviewedBundle {
  /** Folder or archive, as a command names it. @default bundle */
  readonly place?: string;
  /** SHA-256 of `bundle.json`, the one that is approved and that apply checks. */
  readonly hash: string;
  readonly commit: string | null;
  readonly dirty: boolean;
  readonly round: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** `terraform 1.11.4`. */
  readonly terraform: string;
  /** Addresses of those who made the change. @default not known */
  readonly authors?: readonly string[];
}

/** What people know the commit by. */
export interface ReviewedCommit {
  readonly author: string;
  /** First line of its message. */
  readonly subject: string;
  /** Its page at the repository's host. */
  readonly link?: string;
}

/** Numbers of changes by what happens. */
export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly forget: number;
  readonly move: number;
  readonly import: number;
  readonly read: number;
}

export type UnitStatus = 'changes' | 'unchanged' | 'deferred' | 'failed';

export interface ReviewedUnit {
  readonly path: string;
  readonly system: string;
  readonly environment: string;
  readonly region: string;
  /** `<layer>/<unit>`. */
  readonly name: string;
  readonly status: UnitStatus;
  /** Why it is deferred or failed. */
  readonly reason?: string;
  /** What the source of a deferred one changes, as far as that is known before it is planned. */
  readonly source?: { readonly how: 'new' | 'same' | 'changes'; readonly changes: readonly ResourceChange[] };
  readonly destroys: boolean;
  /** Units of the bundle applied before it, and for a deferred one the unit it waits for. */
  readonly after: readonly string[];
  /** Column in the graph: 0 is applied first. */
  readonly step: number;
  readonly counts: Counts;
  readonly changes: readonly ResourceChange[];
  readonly drift: readonly Drift[];
  readonly outputs: readonly OutputChange[];
  readonly mocks: readonly MockedOutput[];
}

/** A policy that does not hold; see terrace/policy. */
export interface PolicyResult {
  readonly policy: string;
  readonly severity: 'deny' | 'warn';
  readonly explain: string;
  readonly message: string;
  readonly unit?: string;
  readonly address?: string;
}

/** Everything the page, the comment, SARIF and JSON are rendered from. Holds no sensitive value. */
export interface Review {
  readonly version: 1;
  readonly bundle: ReviewedBundle;
  /** Where it happens: each environment once, protected ones first. */
  readonly places: readonly ReviewedPlace[];
  readonly commit?: ReviewedCommit;
  /** What is to be done with it. */
  readonly next: NextStep;
  /** By order of apply, then path. */
  readonly units: readonly ReviewedUnit[];
  readonly counts: Counts;
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** Every change once, identical ones over units together; the most dangerous first within the same units. */
  readonly groups: readonly ChangeGroup[];
  readonly reverse: Reverse;
  readonly policies?: readonly PolicyResult[];
  readonly costs?: CostEstimate;
}

const none: Counts = { create: 0, update: 0, replace: 0, delete: 0, forget: 0, move: 0, import: 0, read: 0 };

/** Counts changes; one that moves and is updated counts in both. */
export function countChanges(changes: readonly ResourceChange[]): Counts {
  const counts: Record<keyof Counts, number> = { ...none };
  for (const change of changes) {
    if (change.action !== 'none') counts[change.action]++;
    if (change.movedFrom !== undefined) counts.move++;
    if (change.imported !== undefined) counts.import++;
  }
  return counts;
}

export function sumCounts(all: readonly Counts[]): Counts {
  const sum: Record<keyof Counts, number> = { ...none };
  for (const counts of all) for (const name of Object.keys(none) as (keyof Counts)[]) sum[name] += counts[name];
  return sum;
}
