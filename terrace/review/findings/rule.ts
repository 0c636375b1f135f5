import type { PlannedUnit, ResourceChange } from '../plan/plan-model';
import type { SourceChange } from '../source/source-change';

import type { Severity } from './finding';

/** What a rule saw at one place. */
export interface Observation {
  readonly reason: string;
  /** @default the rule's */
  readonly severity?: Severity;
  readonly attribute?: string;
  /** Unit that is meant, for a rule that looks at the source. @default the whole change */
  readonly unit?: string;
}

interface RuleText {
  /** Kebab case, unique. */
  readonly id: string;
  /** A few words. */
  readonly title: string;
  /** The usual one; an observation may say otherwise. */
  readonly severity: Severity;
  /** Why it matters and what to check. */
  readonly explain: string;
}

/** Looks at one resource change at a time. */
export interface ChangeRule extends RuleText {
  readonly scope: 'change';
  check(change: ResourceChange, unit: PlannedUnit): Iterable<Observation>;
}

/** Looks at a unit's whole plan. */
export interface UnitRule extends RuleText {
  readonly scope: 'unit';
  check(unit: PlannedUnit): Iterable<Observation>;
}

/** Looks at the plans of all units together. */
export interface PlanRule extends RuleText {
  readonly scope: 'plan';
  check(units: readonly PlannedUnit[]): Iterable<Observation>;
}

/** Looks at what changed in the repository. */
export interface SourceRule extends RuleText {
  readonly scope: 'source';
  check(source: SourceChange): Iterable<Observation>;
}

export type Rule = ChangeRule | UnitRule | PlanRule | SourceRule;
