/** A function call in a template, with its arguments as far as they can be known without evaluating. */
export interface TemplateCall {
  readonly name: string;
  /** The text of a literal, `path.module` at its beginning taken for `.`; null for anything that is computed. */
  readonly path: string | null;
  /** The same of its second argument; null also where there is none. */
  readonly second: string | null;
}

/** What a template asks for. */
export interface TemplateReading {
  readonly calls: readonly TemplateCall[];
  /** References, dotted: `data.aws_secret.x.value`, `var.token`, `path.module`. */
  readonly references: readonly string[];
}

type Token =
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string }
  | { readonly kind: 'text'; readonly parts: readonly Part[] };

/** A piece of a text: what stands there, or the tokens of an interpolation or directive. */
type Part = string | readonly Token[];

/**
 * Reads a text as terraform's templates: literal, `${…}` and `%{…}`, with texts nested in them to any depth. Raises a `SyntaxError` for
 * what does not end: whoever judges by it refuses that.
 */
export function readTemplate(text: string): TemplateReading {
  const { parts } = readText(text, 0, false);
  const calls: TemplateCall[] = [];
  const references: string[] = [];
  for (const part of parts) if (typeof part !== 'string') collect(part, calls, references);
  return { calls, references };
}

/** Reads a text until its closing quote, or to the end where it stands alone (as a value of Terraform JSON does). */
function readText(text: string, from: number, isQuoted: boolean): { readonly parts: readonly Part[]; readonly end: number } {
  const parts: Part[] = [];
  let literal = '';
  let at = from;
  for (;;) {
    if (at >= text.length) {
      if (isQuoted) throw new SyntaxError('a text that does not end');
      return { parts: [...parts, literal], end: at };
    }
    const char = text[at] ?? '';
    const two = text.slice(at, at + 2);
    if (isQuoted && char === '"') return { parts: [...parts, literal], end: at + 1 };
    if (isQuoted && char === '\\') {
      literal += escaped(text.slice(at));
      at += /^\\u[0-9A-Fa-f]{4}/.test(text.slice(at)) ? 6 : /^\\U[0-9A-Fa-f]{8}/.test(text.slice(at)) ? 10 : 2;
    } else if (text.startsWith('$${', at) || text.startsWith('%%{', at)) {
      literal += text.slice(at + 1, at + 3);
      at += 3;
    } else if (two === '${' || two === '%{') {
      const { tokens, end } = readTokens(text, at + 2);
      parts.push(literal, tokens);
      literal = '';
      at = end;
    } else {
      literal += char;
      at++;
    }
  }
}

function escaped(rest: string): string {
  const code = /^\\u([0-9A-Fa-f]{4})/.exec(rest)?.[1] ?? /^\\U([0-9A-Fa-f]{8})/.exec(rest)?.[1];
  if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
  return { n: '\n', t: '\t', r: '\r' }[rest[1] ?? ''] ?? rest[1] ?? '';
}

/** Tokens of an expression up to the brace that closes it. */
function readTokens(text: string, from: number): { readonly tokens: readonly Token[]; readonly end: number } {
  const tokens: Token[] = [];
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const rest = text.slice(at);
    const skipped = /^(?:\s+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)/.exec(rest)?.[0];
    const name = /^[\p{L}_][\p{L}\p{N}_-]*(?:::[\p{L}_][\p{L}\p{N}_-]*)*/u.exec(rest)?.[0];
    if (skipped !== undefined) at += skipped.length;
    else if (rest.startsWith('<<')) throw new SyntaxError('a heredoc inside an expression');
    else if (name !== undefined) {
      tokens.push({ kind: 'name', text: name });
      at += name.length;
    } else if (rest.startsWith('"')) {
      const { parts, end } = readText(text, at + 1, true);
      tokens.push({ kind: 'text', parts });
      at = end;
    } else if (rest.startsWith('}') && depth === 0) return { tokens, end: at + 1 };
    else {
      if (rest.startsWith('{')) depth++;
      if (rest.startsWith('}')) depth--;
      tokens.push({ kind: 'mark', text: rest[0] ?? '' });
      at++;
    }
  }
  throw new SyntaxError('an expression that does not end');
}

function collect(tokens: readonly Token[], calls: TemplateCall[], references: string[]): void {
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'text') for (const part of token.parts) if (typeof part !== 'string') collect(part, calls, references);
    if (token.kind !== 'name') continue;
    if (isMark(tokens[index + 1], '(')) calls.push(callAt(token.text, tokens, index + 2));
    else if (!isMark(tokens[index - 1], '.')) references.push(referenceAt(tokens, index));
  }
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}

function referenceAt(tokens: readonly Token[], from: number): string {
  const names: string[] = [];
  for (let at = from; ; at += 2) {
    const token = tokens[at];
    if (token?.kind !== 'name') break;
    names.push(token.text);
    if (!isMark(tokens[at + 1], '.')) break;
  }
  return names.join('.');
}

function callAt(name: string, tokens: readonly Token[], from: number): TemplateCall {
  const first = argumentAt(tokens, from);
  const after = from + first.length;
  return { name, path: pathOf(first), second: isMark(tokens[after], ',') ? pathOf(argumentAt(tokens, after + 1)) : null };
}

function argumentAt(tokens: readonly Token[], from: number): readonly Token[] {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'mark') continue;
    if (depth === 0 && (token.text === ',' || token.text === ')')) return tokens.slice(from, at);
    if ('([{'.includes(token.text)) depth++;
    if (')]}'.includes(token.text)) depth--;
  }
  return tokens.slice(from);
}

function pathOf(tokens: readonly Token[]): string | null {
  const [only, ...more] = tokens;
  return only?.kind === 'text' && more.length === 0 ? literalOf(only.parts) : null;
}

function literalOf(parts: readonly Part[]): string | null {
  const pieces = parts.filter((part) => part !== '');
  if (pieces.every((part): part is string => typeof part === 'string')) return pieces.join('');
  const [first, ...rest] = pieces;
  if (first === undefined || typeof first === 'string' || !isModulePath(first)) return null;
  const tail = rest.every((part): part is string => typeof part === 'string') ? rest.join('') : null;
  return tail === null || !tail.startsWith('/') ? null : `.${tail}`;
}

function isModulePath(tokens: readonly Token[]): boolean {
  return tokens.length === 3 && referenceAt(tokens, 0) === 'path.module';
}

/** The path that a whole value names: a literal, or `path.module` and a literal; null for anything that is computed. */
export function literalPath(value: string): string | null {
  return literalOf(readText(value, 0, false).parts);
}
