/** A number as it was written: states hold integers that a double cannot. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** JSON whose numbers keep their digits and whose objects keep their order. */
export type LosslessJson = string | boolean | null | JsonNumber | readonly LosslessJson[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: LosslessJson;
}

/** Parses JSON without losing digits. Throws SyntaxError exactly where `JSON.parse` would. */
export function parseLossless(text: string): LosslessJson {
  // The syntax is JSON.parse's business; what follows may then assume that the text is valid.
  JSON.parse(text);
  return new Reader(text).value();
}

/** Two blanks deep, a line break at the end: the layout of a terraform state. */
export function formatLossless(value: LosslessJson): string {
  return `${format(value, '')}\n`;
}

function format(value: LosslessJson, indent: string): string {
  if (value instanceof JsonNumber) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const [open, close, parts] = isList(value)
    ? ['[', ']', value.map((one) => format(one, inner))]
    : ['{', '}', Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${format(one, inner)}`)];
  return parts.length === 0 ? `${open}${close}` : `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

function isList(value: LosslessJson): value is readonly LosslessJson[] {
  return Array.isArray(value);
}

/** The value as an object; undefined for anything else. */
export function asObject(value: LosslessJson | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !(value instanceof JsonNumber) && !isList(value) ? value : undefined;
}

/** The value as a list; empty for anything else. */
export function asList(value: LosslessJson | undefined): readonly LosslessJson[] {
  return value !== undefined && isList(value) ? value : [];
}

export function asString(value: LosslessJson | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Reads valid JSON; `__proto__` stays an ordinary member. */
class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(): LosslessJson {
    this.blanks();
    const first = this.text[this.at];
    if (first === '{') return this.object();
    if (first === '[') return this.list();
    if (first === '"') return this.string();
    if (first === 't') return this.word('true', true);
    if (first === 'f') return this.word('false', false);
    if (first === 'n') return this.word('null', null);
    return this.number();
  }

  private object(): JsonObject {
    const members: [string, LosslessJson][] = [];
    this.members('}', () => {
      const name = this.string();
      this.blanks();
      this.at += 1;
      members.push([name, this.value()]);
    });
    return Object.fromEntries(members);
  }

  private list(): readonly LosslessJson[] {
    const items: LosslessJson[] = [];
    this.members(']', () => items.push(this.value()));
    return items;
  }

  private members(end: string, one: () => void): void {
    this.at += 1;
    this.blanks();
    while (this.text[this.at] !== end) {
      one();
      this.blanks();
      if (this.text[this.at] === ',') this.at += 1;
      this.blanks();
    }
    this.at += 1;
  }

  private string(): string {
    const start = this.at;
    for (this.at += 1; this.text[this.at] !== '"'; this.at += 1) if (this.text[this.at] === '\\') this.at += 1;
    this.at += 1;
    const parsed: unknown = JSON.parse(this.text.slice(start, this.at));
    return String(parsed);
  }

  private number(): JsonNumber {
    const start = this.at;
    while (/[-+.\deE]/.test(this.text[this.at] ?? '')) this.at += 1;
    return new JsonNumber(this.text.slice(start, this.at));
  }

  private word<T>(text: string, value: T): T {
    this.at += text.length;
    return value;
  }

  private blanks(): void {
    while (/[ \t\n\r]/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}
