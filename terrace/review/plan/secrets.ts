import type { Mask, PlanChange, PlanJson } from '../../terraform/plan-json';
import type { Json } from '../../base/json';
import type { ReadMarker } from './mask-value';

/** Shorter texts are too common to be told from a coincidence inside a longer one. */
const shortestPart = 8;
const shortestWhole = 4;

function* leaves(value: Json | undefined): Generator<string | number> {
  if (typeof value === 'string' || typeof value === 'number') yield value;
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) yield* leaves(item);
}

function* covered(value: Json | undefined, mask: Mask | undefined): Generator<string | number> {
  if (mask === true) yield* leaves(value);
  else if (typeof mask === 'object' && typeof value === 'object' && value !== null) {
    const values = new Map(Object.entries(value));
    for (const [name, item] of Object.entries(mask)) yield* covered(values.get(name), item);
  }
}

function* changesOf(plan: PlanJson): Generator<PlanChange> {
  for (const resource of [...(plan.resource_changes ?? []), ...(plan.resource_drift ?? [])]) yield resource.change;
  yield* Object.values(plan.output_changes ?? {});
}

/** The sensitive values of a plan, to find them where a provider copied them without the mark (`terraform_data` does). */
export class Secrets {
  private readonly whole = new Set<string>();
  private readonly parts: readonly string[];

  constructor(plan: PlanJson, readMarker: ReadMarker = () => undefined) {
    for (const change of changesOf(plan)) {
      for (const leaf of [...covered(change.before, change.before_sensitive), ...covered(change.after, change.after_sensitive)]) {
        if (readMarker(leaf) === undefined && String(leaf).length >= shortestWhole) this.whole.add(String(leaf));
      }
    }
    this.parts = [...this.whole]
      .filter((secret) => secret.length >= shortestPart)
      .flatMap((secret) => [...new Set([secret, JSON.stringify(secret).slice(1, -1)])]);
  }

  /** True for a text or number that is a sensitive value, and for a text that contains one of 8 characters or more. */
  holds(value: Json): boolean {
    if (typeof value === 'number') return this.whole.has(String(value));
    return typeof value === 'string' && (this.whole.has(value) || this.parts.some((secret) => value.includes(secret)));
  }
}
