import type { AttributeChange } from './attribute-change';

/** What providers derive from the tags or labels that are written. */
const derived = new Set(['tags_all', 'effective_labels', 'terraform_labels']);

/** A name, and behind it what a digest or chance gave: six or more letters and digits, a digit among them. */
const suffixed = /^([^:/]{3,}?[-_])((?=[a-z]*\d)[0-9a-z]{6,64})$/i;

/** Attributes that name a resource: an id with another digest is another resource, a name with another one is the same. */
const naming = /(?:^|_)(?:name|identifier)$/;

/**
 * True for a difference that follows from others or says nothing to a reader: tags that a provider derives, a region that nobody wrote, a name
 * of which only the digest at its end differs. Never for one that forces a replacement.
 */
function isQuiet(change: AttributeChange): boolean {
  if (change.marks.includes('replaces') || change.marks.includes('mocked')) return false;
  const [name] = change.path;
  if (typeof name !== 'string') return false;
  if (derived.has(name)) return true;
  if (change.path.length > 1) return false;
  if (name === 'region') return change.marks.includes('computed') || change.kind === 'removed';
  return naming.test(name) && differsByDigest(change.before, change.after);
}

function differsByDigest(before: unknown, after: unknown): boolean {
  if (typeof before !== 'string' || typeof after !== 'string') return false;
  const [, start, end] = suffixed.exec(before) ?? [];
  const [, otherStart, otherEnd] = suffixed.exec(after) ?? [];
  return start !== undefined && start === otherStart && end?.length === otherEnd?.length;
}

/** The differences to read, and those to fold; where all would be folded, none is. */
export function foldQuiet(changes: readonly AttributeChange[]): {
  readonly shown: readonly AttributeChange[];
  readonly folded: readonly AttributeChange[];
} {
  const shown = changes.filter((change) => !isQuiet(change));
  return shown.length === 0 ? { shown: changes, folded: [] } : { shown, folded: changes.filter(isQuiet) };
}
