/** One traversal found in an expression: `aws_vpc.main.id` → root `aws_vpc`, steps `['main', 'id']`; an index is a step too. */
export interface Traversal {
  readonly root: string;
  readonly steps: readonly string[];
}

/**
 * The traversals of every `${…}` in a string of Terraform's JSON syntax, in the order in which they stand; the string is an
 * expression as a whole where `whole` is set (`depends_on`, `provider`). Function names, literals, object keys and the text around
 * are no traversals; variables of `for` expressions are reported like any name and have to be dropped by who knows the resources.
 */
export function traversalsOf(text: string, whole = false): readonly Traversal[] {
  const found: Traversal[] = [];
  if (whole) readExpression(text, 0, found);
  else readTemplate(text, 0, undefined, found);
  return found;
}

/** Reads literal text up to `end` (or the string's end) and the expressions in it; gives the position behind `end`. */
function readTemplate(text: string, start: number, end: '"' | undefined, found: Traversal[]): number {
  let at = start;
  while (at < text.length) {
    const character = text[at];
    const pair = text.slice(at, at + 2);
    if (end !== undefined && character === end) return at + 1;
    if (end !== undefined && character === '\\') at += 2;
    else if (text.startsWith('$${', at) || text.startsWith('%%{', at)) at += 3;
    else if (pair === '${' || pair === '%{') at = readExpression(text, at + 2, found);
    else at += 1;
  }
  return at;
}

/** Reads an expression up to its closing brace; gives the position behind it. */
function readExpression(text: string, start: number, found: Traversal[]): number {
  let at = start;
  let depth = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '"') at = readTemplate(text, at + 1, '"', found);
    else if (character === '{') [depth, at] = [depth + 1, at + 1];
    else if (character === '}') {
      if (depth === 0) return at + 1;
      [depth, at] = [depth - 1, at + 1];
    } else if (isNameStart(character)) at = readTraversal(text, at, found);
    else if (/[0-9]/.test(character)) at = skipNumber(text, at);
    else at += 1;
  }
  return at;
}

function readTraversal(text: string, start: number, found: Traversal[]): number {
  let at = endOfName(text, start);
  const root = text.slice(start, at);
  if (/^\s*\(/.test(text.slice(at, at + 8))) return at;
  const steps: string[] = [];
  const inner: Traversal[] = [];
  while (at < text.length) {
    const next = text[at + 1] ?? '';
    if (text[at] === '.' && isNameStart(next)) {
      const end = endOfName(text, at + 1);
      steps.push(text.slice(at + 1, end));
      at = end;
    } else if (text[at] === '.' && /[0-9]/.test(next)) {
      const end = skipNumber(text, at + 1);
      steps.push(text.slice(at + 1, end));
      at = end;
    } else if (text[at] === '.' && next === '*') at += 2;
    else if (text[at] === '[') {
      const close = closingBracket(text, at);
      const index = text.slice(at + 1, close).trim();
      const literal = /^(\d+)$|^"([^"$]*)"$/.exec(index);
      if (literal !== null) steps.push(literal[1] ?? literal[2] ?? '');
      else readExpression(index, 0, inner);
      at = close + 1;
    } else break;
  }
  if (steps.length > 0) found.push({ root, steps });
  found.push(...inner);
  return at;
}

function closingBracket(text: string, open: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = open; at < text.length; at += 1) {
    if (quoted && text[at] === '\\') at += 1;
    else if (text[at] === '"') quoted = !quoted;
    else if (!quoted && text[at] === '[') depth += 1;
    else if (!quoted && text[at] === ']') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return text.length;
}

function isNameStart(character: string): boolean {
  return /[A-Za-z_]/.test(character);
}

function endOfName(text: string, start: number): number {
  let at = start;
  while (at < text.length && /[\w-]/.test(text[at] ?? '')) at += 1;
  return at;
}

function skipNumber(text: string, start: number): number {
  let at = start;
  while (at < text.length && /[0-9]/.test(text[at] ?? '')) at += 1;
  return at;
}
