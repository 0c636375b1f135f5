import { propertyLines } from '../../tree/property-lines';

/** One property that a call is given in its literals. */
export interface CallProperty {
  /** Dotted path from the outermost literal: `ingress.fromPort`. */
  readonly path: string;
  /** Line in the file, from 1. */
  readonly line: number;
  /** Names that its value is made of: `port` of `props.port`. */
  readonly names: readonly string[];
}

/** A call in a source file: `new Bucket(this, 'logs', { … })`. */
export interface SourceCall {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly properties: readonly CallProperty[];
}

/** The call that begins on a line, to its closing bracket; the line alone where it opens none. Looks at brackets, as `propertyLines` does. */
export function callAt(source: string, line: number): SourceCall {
  const lines = source.split('\n');
  const text = lines.slice(line - 1).join('\n');
  const end = closingBracket(text);
  const call = end === undefined ? (lines[line - 1] ?? '') : text.slice(0, end + 1);
  return {
    firstLine: line,
    lastLine: line + call.split('\n').length - 1,
    properties: propertyLines(call).map((one) => ({
      path: one.path,
      line: line + one.line - 1,
      names: namesIn(lines[line + one.line - 2] ?? '', one.path),
    })),
  };
}

/** The line at which a name of a file is declared: `const port = 8080`; undefined where no line of its own does. */
export function declarationOf(source: string, name: string): number | undefined {
  const found = source.split('\n').findIndex((line) => new RegExp(`^\\s*(?:export )?(?:const|let|function) ${name}\\b`).test(line));
  return found < 0 ? undefined : found + 1;
}

/** `ingress.0.from_port` → `ingress.fromPort`: as the properties of constructs are called. */
export function propertyPath(attribute: string): string {
  return attribute
    .split('.')
    .filter((name) => !/^\d+$/.test(name))
    .map((name) => name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()))
    .join('.');
}

/** Index of the bracket that closes the first one; undefined where none does. */
function closingBracket(text: string): number | undefined {
  let depth = 0;
  for (const match of text.matchAll(tokens)) {
    const [token] = match;
    if (token === '(') depth += 1;
    if (token === ')' && --depth === 0) return match.index;
  }
  return undefined;
}

/** The last names of what stands behind a property on its line; its own name for a shorthand. */
function namesIn(line: string, path: string): readonly string[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const at = line.indexOf(`${name}:`);
  if (at < 0) return [name];
  const value = line.slice(at + name.length + 1).replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
  return [...value.matchAll(/(?:[A-Za-z_$][\w$]*\??\.)*([A-Za-z_$][\w$]*)/g)].flatMap(([, last]) => (last === undefined ? [] : [last]));
}

/** Comments, strings and round brackets. */
const tokens = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|`(?:[^`\\]|\\[\s\S])*`|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[()]/g;
