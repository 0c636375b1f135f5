import { documentIn, isBelow, leavesOf, type Marks } from './leaves';
import { isDoubtful, isOpaque, secretParts } from './doubt';

/** A value in which secrets may stand, with what is known of them. */
export interface Examined {
  readonly value: unknown;
  /** True where all of it is secret; else the marks in it. */
  readonly marks: Marks | true;
  /** True for a variable: what somebody gave is a secret as a whole, whatever it looks like. @default false */
  readonly given?: boolean;
  /** What it is called, where it is a value of its own. @default '' */
  readonly name?: string;
  /** The literal texts of the configuration that it comes from: what the source says openly is no secret. */
  readonly source: SourceTexts;
}

/** The texts of a configuration. */
export interface SourceTexts {
  /** Texts and numbers that are the whole of a value. */
  readonly literals: ReadonlySet<string>;
  /** The configuration as one text. */
  readonly text: string;
}

/** The texts of a unit's JSON; a literal is one without a reference. */
export function sourceTexts(json: unknown): SourceTexts {
  const texts = leavesOf(json).map(({ value }) => String(value));
  return { literals: new Set(texts.filter((text) => !text.includes('${'))), text: JSON.stringify(json) ?? '' };
}

/** Words that stand everywhere. */
const trivial = /^(?:true|false|null|none|default|admin|root|postgres|user|app|main|\*|)$/i;

/**
 * The secrets in these values, each as it stands alone. What is marked, and what must be taken for a secret by its name or form, is one
 * secret, unless it is made of shorter ones (an address with a password, a document): then these are, and what else in it nobody could read.
 * Pure.
 */
export function secretsIn(examined: readonly Examined[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visible = visibleTexts(examined);
  const sources = [...new Set(examined.map(({ source }) => source.text))];
  // A word that stands openly in the source is nobody's secret, and would be found everywhere.
  const isWord = (text: string): boolean => /^[a-z][a-z_-]*$/.test(text) && sources.some((one) => one.includes(text));
  const candidates = examined
    .flatMap((one) => [...markedTexts(one), ...placedTexts(one)])
    // Shorter ones first: what is made of them is then known to be.
    .toSorted((a, b) => a.text.length - b.text.length || (a.text < b.text ? -1 : 1));
  for (const { text, source, given } of candidates) {
    if (text.length < 4 || trivial.test(text) || isWord(text) || source.literals.has(text) || (!given && visible.has(text))) continue;
    const pieces = secretParts(text).filter((piece) => piece.length >= 4 && !trivial.test(piece));
    for (const piece of pieces) found.add(piece);
    const inner = [...found].filter((one) => one.length >= 6 && one.length < text.length && text.includes(one));
    const rest = inner.reduce((left, one) => left.replaceAll(one, ' '), text);
    const isOpen = (word: string): boolean =>
      source.text.includes(word) || (!given && [...visible].some((one) => one.includes(word) || (one.length >= 8 && word.includes(one))));
    const opaque = rest.split(/[^A-Za-z0-9_+=~.-]+/).filter((word) => isOpaque(word) && !isOpen(word));
    const isMade = inner.length > 0 || pieces.length > 0;
    // An address whose every part is known elsewhere holds no secret.
    const isKnown = !given && /^[a-z]+:\/\//.test(text) && hostsIn(text).some((host) => isOpen(host)) && opaque.length === 0;
    if (isMade) for (const word of opaque) found.add(word);
    else if (!isKnown) found.add(text);
  }
  return found;
}

interface Candidate {
  readonly text: string;
  readonly source: SourceTexts;
  readonly given: boolean;
}

/** What is marked, and what must be taken for a secret by its name or form. */
function markedTexts({ value, marks, name, source, given = false }: Examined): readonly Candidate[] {
  return leavesOf(value, [], name ?? '')
    .filter((leaf) => marks === true || isBelow(leaf.path, marks) || (typeof leaf.value === 'string' && isDoubtful(leaf.name, leaf.value)))
    .flatMap((leaf) => textsOf(String(leaf.value)))
    .map((text) => ({ text, source, given: given && marks === true }));
}

/** What is a secret by its place in an open text. */
function placedTexts({ value, source }: Examined): readonly Candidate[] {
  return leavesOf(value).flatMap(({ value: one }) =>
    typeof one === 'string' ? secretParts(one).map((text) => ({ text, source, given: false })) : [],
  );
}

function hostsIn(text: string): readonly string[] {
  return [/:\/\/(?:[^/@]*@)?([^/:?#]+)/.exec(text)?.[1] ?? text];
}

/** The text itself, or the texts of the document that it is. */
function textsOf(text: string): readonly string[] {
  const document = documentIn(text);
  return document === undefined ? [text] : leavesOf(document).flatMap(({ value }) => textsOf(String(value)));
}

/** Names by which things are called and reached: what stands in them is known to everybody who may read the plan. */
const named =
  /^(?:id|arn|name|.*_(?:id|arn|name|endpoint|address|host|domain)|endpoint|address|host|hostname|fqdn|dns_name|domain|port|region)$/;

function visibleTexts(examined: readonly Examined[]): ReadonlySet<string> {
  return new Set(
    examined.flatMap(({ value, marks }) =>
      marks === true
        ? []
        : leavesOf(value)
            .filter((leaf) => named.test(leaf.name) && !isBelow(leaf.path, marks) && !isDoubtful(leaf.name, String(leaf.value)))
            .map((leaf) => String(leaf.value)),
    ),
  );
}
