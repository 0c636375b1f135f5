/** A text shorter than this is not looked for in another form: too much would look like it. */
const shortest = 6;
/** Of a text that base64 holds within a longer one, this many characters must be left to be sure that it is it, not chance. */
const shortestCore = 8;

/**
 * The forms in which a secret stands where a configuration puts it into something else: escaped as JSON (once, twice, three times; by
 * Go, which also escapes `&`, `<` and `>`), in queries and paths of addresses, as HTML, in capitals, line by line. Longer than the
 * secret or equal; what base64 holds is in {@link base64Cores}.
 */
export function formsOf(secret: string): readonly string[] {
  if (secret.length < shortest) return [];
  const found = new Set(encodingsOf(secret));
  // As `trimspace` and `chomp` leave it.
  if (secret.trim() !== secret && secret.trim().length >= shortest) for (const form of encodingsOf(secret.trim())) found.add(form);
  if (secret.length >= 8) for (const text of [secret.toUpperCase(), secret.toLowerCase()]) found.add(text);
  for (const line of secret.split(/\r?\n/)) if (line.trim().length >= 16) found.add(line.trim());
  return [...found];
}

/** The text as each encoding writes it, in a fixed order and with repetitions: those of two texts stand at the same places. */
export function encodingsOf(text: string): readonly string[] {
  const escapes = nested(text);
  return [
    ...escapes,
    ...escapes.flatMap((one) => [encodeURIComponent(one), queryEscaped(one), encodeURI(one)]),
    htmlEscaped(text),
    text.replaceAll('${', () => '$${').replaceAll('%{', () => '%%{'),
    Buffer.from(text).toString('hex'),
    Buffer.from(text).toString('hex').toUpperCase(),
  ];
}

/**
 * What base64 makes of a secret wherever in a longer text it stands: the characters that depend on nothing but the secret, for each of the
 * three places at which it can begin, in both alphabets.
 */
export function base64Cores(secret: string): readonly string[] {
  const found = new Set<string>();
  // As text, as base64 has it already, and as Windows writes texts.
  const contents = [...nested(secret).map((text) => Buffer.from(text)), Buffer.from(packedOf(secret)), Buffer.from(secret, 'utf16le')];
  for (const content of contents) {
    for (const before of [0, 1, 2]) {
      const bytes = Buffer.concat([Buffer.alloc(before), content]);
      const core = bytes.toString('base64').slice([0, 2, 3][before], Math.floor((bytes.length * 8) / 6));
      if (core.length < shortestCore) continue;
      found.add(core);
      found.add(core.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return [...found];
}

function packedOf(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** A text, and as JSON within JSON to the third level, as JavaScript and as Go write it. */
function nested(text: string): readonly string[] {
  return [
    text,
    ...[jsonEscaped, goEscaped].flatMap((escape) => {
      const first = escape(text);
      const second = escape(first);
      return [first, second, escape(second)];
    }),
  ];
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function goEscaped(text: string): string {
  return jsonEscaped(text).replaceAll(/[&<>\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As Go's `QueryEscape`, which terraform's `urlencode` is: letters, digits and `-_.~` stay, a space becomes `+`. */
function queryEscaped(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function htmlEscaped(text: string): string {
  const names: { readonly [char: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (char) => names[char] ?? char);
}
