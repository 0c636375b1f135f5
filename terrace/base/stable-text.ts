/**
 * JSON text of two blanks' indentation whose keys are sorted: the form in which cdktf writes a stack, with an empty object or list over two lines.
 * What JSON cannot hold is left out of objects and is `null` in lists.
 */
export function stableText(value: unknown): string {
  return textOf(value, '\n') ?? 'null';
}

function textOf(value: unknown, line: string): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${line}  `;
  if (Array.isArray(value)) return `[${value.map((one: unknown) => inner + (textOf(one, inner) ?? 'null')).join(',')}${line}]`;
  const lines: string[] = [];
  const members: Readonly<Record<string, unknown>> = { ...value };
  for (const key of Object.keys(value).sort()) {
    const text = textOf(members[key], inner);
    if (text !== undefined) lines.push(`${inner}${JSON.stringify(key)}: ${text}`);
  }
  return `{${lines.join(',')}${line}}`;
}
