/** A property of an object literal: its path from the outermost literal around it (`database.backupDays`) and its line, from 1. */
export interface PropertyLine {
  readonly path: string;
  readonly line: number;
}

/**
 * The properties of the object literals in a TypeScript file, in reading order. Looks at brackets, strings, templates and comments, not
 * at the grammar: values files are data, and a file with more in it gives properties that nobody asks for.
 */
export function propertyLines(source: string): readonly PropertyLine[] {
  const found: PropertyLine[] = [];
  /** One entry for each open bracket: the path of the literal it belongs to; undefined for brackets that hold no properties. */
  const open: (string | undefined)[] = [];
  let line = 1;
  let key: string | undefined;
  let expectsKey = false;
  for (const [token] of withoutImports(source).matchAll(tokens)) {
    const parent = open.findLast((one) => one !== undefined) ?? '';
    switch (token) {
      case '{':
        open.push(key ?? (open.length === 0 ? '' : parent));
        key = undefined;
        expectsKey = true;
        break;
      case '(':
      case '[':
        open.push(token === '[' ? key : undefined);
        expectsKey = false;
        break;
      case '}':
      case ')':
      case ']':
        open.pop();
        key = undefined;
        expectsKey = false;
        break;
      case ',':
        key = undefined;
        expectsKey = true;
        break;
      default: {
        const name = /^(?:([A-Za-z_$][\w$]*)|'([^']*)'|"([^"]*)")\s*(?=:)/.exec(token);
        const property = name === null ? undefined : (name[1] ?? name[2] ?? name[3]);
        const shorthand = /^[A-Za-z_$][\w$]*$/.test(token) ? token : undefined;
        if (expectsKey && open.at(-1) !== undefined && (property ?? shorthand) !== undefined) {
          key = [...(parent === '' ? [] : [parent]), property ?? shorthand].join('.');
          found.push({ path: key, line });
        }
        if (!/^\s/.test(token) && !token.startsWith('/')) expectsKey = false;
      }
    }
    line += token.split('\n').length - 1;
  }
  return found;
}

/** The source with its import statements blanked, on as many lines. */
function withoutImports(source: string): string {
  return source.replace(/^import\b[^;]*;/gm, (statement) => statement.replace(/[^\n]/g, ' '));
}

/** Comments, templates, `key:`, strings, words, brackets, commas, blanks, and any other character. */
const tokens =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|`(?:[^`\\]|\\[\s\S])*`|(?:[A-Za-z_$][\w$]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")\s*:|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[A-Za-z_$][\w$]*|[{}()[\],]|\s+|[\s\S]/g;
