/** A piece of HCL that is written as it stands: a reference, a function call. */
export class HclExpression {
  constructor(readonly source: string) {}
}

export type HclValue = string | number | boolean | null | HclExpression | readonly HclValue[] | { readonly [name: string]: HclValue };

/** One attribute or block of a body, in the order in which it is written. */
export type HclItem =
  | { readonly attribute: string; readonly value: HclValue }
  | { readonly block: string; readonly labels?: readonly string[]; readonly body: readonly HclItem[] };

/** An expression, for values that are not literals. */
export const expression = (source: string): HclExpression => new HclExpression(source);
export const attribute = (name: string, value: HclValue): HclItem => ({ attribute: name, value });
export const block = (name: string, body: readonly HclItem[], labels: readonly string[] = []): HclItem => ({ block: name, labels, body });

/** The text of a file, formatted as `terragrunt hcl fmt` and `terraform fmt` leave it; ends with a newline. */
export function renderHcl(items: readonly HclItem[]): string {
  return `${renderBody(items, '').join('\n')}\n`;
}

function renderBody(items: readonly HclItem[], indent: string): readonly string[] {
  const rendered = items.map((item): Rendered => {
    if ('attribute' in item) return { name: item.attribute, lines: renderValue(item.value, indent) };
    const labels = (item.labels ?? []).map((label) => ` ${quote(label)}`).join('');
    if (item.body.length === 0) return { lines: [`${item.block}${labels} {}`] };
    return { lines: [`${item.block}${labels} {`, ...renderBody(item.body, `${indent}  `), `${indent}}`] };
  });
  return alignBody(rendered, indent);
}

interface Rendered {
  readonly name?: string;
  readonly lines: readonly string[];
}

/** Aligns `=` over each run of one-line attributes; blocks and multi-line values stand apart, between blank lines. */
function alignBody(items: readonly Rendered[], indent: string): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < items.length;) {
    const run: Rendered[] = [];
    for (let item = items[at + run.length]; item?.name !== undefined && item.lines.length === 1; item = items[at + run.length])
      run.push(item);
    if (lines.length > 0) lines.push('');
    const width = Math.max(0, ...run.map(({ name = '' }) => name.length));
    for (const { name = '', lines: value } of run) lines.push(`${indent}${name.padEnd(width)} = ${value[0] ?? ''}`);
    at += run.length;
    const single = run.length === 0 ? items[at] : undefined;
    if (single !== undefined) {
      const [first = '', ...rest] = single.lines;
      lines.push(`${indent}${single.name === undefined ? '' : `${single.name} = `}${first}`, ...rest);
      at += 1;
    }
  }
  return lines;
}

function renderValue(value: HclValue, indent: string): readonly string[] {
  if (value instanceof HclExpression) return value.source.split('\n');
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (typeof value === 'string') return [quote(value)];
  const inner = `${indent}  `;
  if (isList(value)) {
    if (value.length === 0) return ['[]'];
    const elements = value.map((element) => renderValue(element, inner));
    const line = `[${elements.map(([first]) => first).join(', ')}]`;
    if (elements.every(({ length }) => length === 1) && line.length <= 100) return [line];
    return [
      '[',
      ...elements.flatMap((lines) => [...indentFirst(lines, inner).slice(0, -1), `${indentFirst(lines, inner).at(-1)},`]),
      `${indent}]`,
    ];
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return ['{}'];
  const items = entries.map(([key, one]): Rendered => ({
    name: /^[A-Za-z_][\w-]*$/.test(key) ? key : quote(key),
    lines: renderValue(one, inner),
  }));
  return ['{', ...alignBody(items, inner), `${indent}}`];
}

function indentFirst([first = '', ...rest]: readonly string[], indent: string): readonly string[] {
  return [`${indent}${first}`, ...rest];
}

function isList(value: HclValue): value is readonly HclValue[] {
  return Array.isArray(value);
}

/** A quoted string with template markers escaped. */
function quote(text: string): string {
  // Functions, because "$$" in a replacement text means "$".
  return JSON.stringify(text)
    .replaceAll('${', () => '$${')
    .replaceAll('%{', () => '%%{');
}
