/**
 * Reads JSON in which no object has two keys of one name: readers differ in which of them counts, so that one could be shown and the other
 * applied. Raises a `SyntaxError`.
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const open: (Set<string> | null)[] = [];
  let isKey = false;
  // The text is JSON: texts, and the marks that open, close and separate, are all that has to be told apart.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/gs)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    const keys = open.at(-1);
    if (token.startsWith('"') && isKey && keys) {
      const key = String(JSON.parse(token));
      if (keys.has(key)) throw new SyntaxError(`the key ${JSON.stringify(key)} occurs twice`);
      keys.add(key);
    }
    isKey = token === '{' || (token === ',' && keys !== null);
  }
  return value;
}
