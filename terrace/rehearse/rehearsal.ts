import { exactly, listOf, oneOf, only, orNull, published, text, type Schema } from '../delivery/bundle/typed-schema';
import { severities } from '../review/findings/finding';

/** Numbers of changes by what happens. */
export interface RehearsedCounts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
}

/** One unit in a round. */
export interface RehearsedUnit {
  readonly unit: string;
  readonly operation: 'apply' | 'destroy';
  readonly status: 'applied' | 'unchanged' | 'failed' | 'skipped' | 'planned';
  readonly counts: RehearsedCounts;
  /** Planning and applying, wall clock. */
  readonly seconds: number;
}

/** A unit that has to wait for a later round. */
export interface Waiting {
  readonly unit: string;
  readonly upstream: string;
  readonly outputs: readonly string[];
  readonly reason: string;
}

/** A resource of a unit. */
export interface ResourcePlace {
  readonly unit: string;
  readonly address: string;
}

/** A way that requests take from one resource to another. */
export interface TrafficEdge {
  readonly from: ResourcePlace;
  readonly to: ResourcePlace;
  /** What says it: the dotted name of an attribute of one of both, or the address of the rule that lets them in. */
  readonly by: string;
}

/** A resource that is gone for a while, or for good, and who points at it. */
export interface Downtime {
  readonly unit: string;
  readonly address: string;
  readonly type: string;
  /** Replaced: until the new one is there. Destroyed: for good. */
  readonly action: 'replace' | 'delete';
  readonly because: string;
  /** Ways that requests take to it, nearest first: who sends to it, who sends to those. */
  readonly traffic: readonly TrafficEdge[];
  /** Resources that hold its id, address or name: a setting of it is theirs, or they work with it. */
  readonly edges: readonly { readonly unit: string; readonly address: string; readonly attribute: string }[];
  /** Units that read outputs of its unit, directly or through others. */
  readonly readers: readonly string[];
}

/** What a reader still held after a round, though its upstream gives something else by then. */
export interface StaleReader {
  readonly unit: string;
  readonly upstream: string;
  readonly outputs: readonly string[];
}

export interface RehearsedFinding {
  readonly id: string;
  readonly rule: string;
  readonly severity: (typeof severities)[number];
  readonly title: string;
  readonly reason: string;
  readonly unit: string | null;
  readonly address: string | null;
}

export interface RehearsedPolicy {
  readonly policy: string;
  readonly severity: 'deny' | 'warn';
  readonly message: string;
  readonly unit: string | null;
  readonly address: string | null;
}

/** What happened in one round of plan and apply. */
export interface RehearsedRound {
  /** From 1. */
  readonly round: number;
  readonly units: readonly RehearsedUnit[];
  readonly waits: readonly Waiting[];
  readonly replaces: readonly {
    readonly unit: string;
    readonly address: string;
    readonly type: string;
    readonly createFirst: boolean;
    readonly because: string;
    readonly attributes: readonly string[];
  }[];
  readonly destroys: readonly { readonly unit: string; readonly address: string; readonly type: string }[];
  readonly moves: readonly { readonly unit: string; readonly from: string; readonly to: string }[];
  readonly imports: readonly { readonly unit: string; readonly address: string; readonly id: string }[];
  readonly down: readonly Downtime[];
  readonly stale: readonly StaleReader[];
  /** Of this round's plans. */
  readonly findings: readonly RehearsedFinding[];
  /** Of everything that was planned so far, as it stands after the round. */
  readonly policies: readonly RehearsedPolicy[];
  readonly seconds: { readonly plan: number; readonly apply: number };
}

/** A plan that must be empty, after the rounds. */
export interface LastPlan {
  readonly units: number;
  /** Units that would change once more. */
  readonly changed: readonly { readonly unit: string; readonly counts: RehearsedCounts }[];
  readonly seconds: number;
}

/** Rounds and what stands at their end. */
export interface Road {
  readonly rounds: readonly RehearsedRound[];
  /** Units that a limit of rounds left. */
  readonly left: readonly string[];
  /** Null where the rounds did not end. */
  readonly last: LastPlan | null;
}

/** A change tried on the shape of what stands, as data. */
export interface Rehearsal {
  readonly version: 1;
  /** Commit of the source; null outside a repository. */
  readonly commit: string | null;
  readonly dirty: boolean;
  /** Commit that the change was compared with, or `applied`. */
  readonly base: string;
  readonly outcome: 'as planned' | 'findings' | 'failed';
  readonly seeded: {
    readonly units: number;
    readonly resources: number;
    readonly unseeded: readonly { readonly unit: string; readonly address: string; readonly type: string; readonly reason: string }[];
    readonly incomplete: readonly string[];
    /** Attributes that were made one-way of a secret and are those of the first plan. */
    readonly derived: readonly { readonly unit: string; readonly address: string; readonly attribute: string }[];
    readonly seconds: number;
  };
  readonly affected: readonly { readonly unit: string; readonly operation: 'apply' | 'destroy'; readonly reasons: readonly string[] }[];
  /** Affected units that only an administrator applies. */
  readonly excluded: readonly string[];
  readonly forth: Road;
  /** The base again; null where it was not asked for. */
  readonly back: Road | null;
  readonly problems: readonly {
    readonly code: string;
    readonly title: string;
    readonly place: string;
    readonly found: string;
    readonly todo: string;
  }[];
  readonly proved: readonly string[];
  readonly unproved: readonly string[];
  readonly seconds: number;
}

const number: Schema<number> = { type: 'number', minimum: 0 };
const whole: Schema<number> = { type: 'integer', minimum: 0 };
const flag: Schema<boolean> = { type: 'boolean' };
const counts = exactly({ create: whole, update: whole, replace: whole, delete: whole });
const place: Schema<ResourcePlace> = exactly({ unit: text, address: text });
const road: Schema<Road> = exactly({
  rounds: listOf(
    exactly({
      round: whole,
      units: listOf(
        exactly({
          unit: text,
          operation: oneOf(['apply', 'destroy']),
          status: oneOf(['applied', 'unchanged', 'failed', 'skipped', 'planned']),
          counts,
          seconds: number,
        }),
      ),
      waits: listOf(exactly({ unit: text, upstream: text, outputs: listOf(text), reason: text })),
      replaces: listOf(exactly({ unit: text, address: text, type: text, createFirst: flag, because: text, attributes: listOf(text) })),
      destroys: listOf(exactly({ unit: text, address: text, type: text })),
      moves: listOf(exactly({ unit: text, from: text, to: text })),
      imports: listOf(exactly({ unit: text, address: text, id: text })),
      down: listOf(
        exactly({
          unit: text,
          address: text,
          type: text,
          action: oneOf(['replace', 'delete']),
          because: text,
          traffic: listOf(exactly({ from: place, to: place, by: text })),
          edges: listOf(exactly({ unit: text, address: text, attribute: text })),
          readers: listOf(text),
        }),
      ),
      stale: listOf(exactly({ unit: text, upstream: text, outputs: listOf(text) })),
      findings: listOf(
        exactly({
          id: text,
          rule: text,
          severity: oneOf(severities),
          title: text,
          reason: text,
          unit: orNull(text),
          address: orNull(text),
        }),
      ),
      policies: listOf(
        exactly({ policy: text, severity: oneOf(['deny', 'warn']), message: text, unit: orNull(text), address: orNull(text) }),
      ),
      seconds: exactly({ plan: number, apply: number }),
    }),
  ),
  left: listOf(text),
  last: orNull(exactly({ units: whole, changed: listOf(exactly({ unit: text, counts })), seconds: number })),
});

/** JSON Schema of what `terrace rehearse --json` prints; published as docs/schemas/rehearsal.v1.json. */
export const rehearsalSchema: Schema<Rehearsal> = published(
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:terrace:schema:rehearsal:1',
    title: 'Terrace rehearsal: a change tried on the shape of what exists',
  },
  exactly({
    version: only(1),
    commit: orNull(text),
    dirty: flag,
    base: text,
    outcome: oneOf(['as planned', 'findings', 'failed']),
    seeded: exactly({
      units: whole,
      resources: whole,
      unseeded: listOf(exactly({ unit: text, address: text, type: text, reason: text })),
      incomplete: listOf(text),
      derived: listOf(exactly({ unit: text, address: text, attribute: text })),
      seconds: number,
    }),
    affected: listOf(exactly({ unit: text, operation: oneOf(['apply', 'destroy']), reasons: listOf(text) })),
    excluded: listOf(text),
    forth: road,
    back: orNull(road),
    problems: listOf(exactly({ code: text, title: text, place: text, found: text, todo: text })),
    proved: listOf(text),
    unproved: listOf(text),
    seconds: number,
  }),
);

/** What a rehearsal proves, and what it cannot: part of every report. */
export const proved = [
  'order: which rounds the change needs, and what each waits for',
  'structure: what terraform creates, changes, replaces and destroys, what it moves and imports, with the real configuration and the real terraform',
  'values: what units give to and read from each other, from round to round',
  'policy: findings and policies after each round',
  'locks: states are locked, written and recorded as in a pipeline',
] as const;

export const unproved = [
  'quotas and names that are taken: refusals by the cloud itself',
  'IAM: whether the roles may do what is planned',
  'timing: how long things take to start, and what is eventually consistent',
  'drift: what somebody has changed in the cloud since the shape was taken',
] as const;

/** Severities of findings that make a rehearsal end with 2: what a reviewer has to decide knowingly. */
export const countedSeverities: readonly RehearsedFinding['severity'][] = ['critical', 'high', 'medium'];

/** What of a road makes the outcome `findings`: what a reviewer decides knowingly, what a policy refuses, what is down. */
export function hasFindings({ rounds }: Road): boolean {
  return rounds.some(
    ({ findings, policies, down }) =>
      down.length > 0 ||
      findings.some(({ severity }) => countedSeverities.includes(severity)) ||
      policies.some(({ severity }) => severity === 'deny'),
  );
}
