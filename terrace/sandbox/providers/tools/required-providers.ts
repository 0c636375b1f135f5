import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A provider that a configuration asks for. */
export interface RequiredProvider {
  /** Lower case, without the registry's host: `hashicorp/aws`. */
  readonly source: string;
  /** `>= 6.0, < 7.0`; '' where none is given. */
  readonly constraint: string;
}

/** The providers that a folder and the modules installed in it ask for, as far as their texts say so; each once per constraint. */
export function requiredProviders(directory: string, dataDir: string): RequiredProvider[] {
  const folders = [directory, ...moduleFolders(directory, path.resolve(directory, dataDir))];
  const found = folders.flatMap((folder) =>
    !existsSync(folder)
      ? []
      : readdirSync(folder)
          .filter((name) => /\.(tf|tofu)(\.json)?$/.test(name))
          .flatMap((name) => requiredIn(readFileSync(path.join(folder, name), 'utf8'))),
  );
  return [...new Map(found.map((one) => [`${one.source} ${one.constraint}`, one])).values()];
}

/** The same of one text, HCL or JSON; one without a source is HashiCorp's, and a bare text is a version, as before terraform 0.13. */
export function requiredIn(text: string): RequiredProvider[] {
  const block = /"?required_providers"?\s*[:=]?\s*\[?\s*\{/.exec(text);
  if (block === null) return [];
  const body = upToBrace(text.slice(block.index + block[0].length));
  const entries = body.matchAll(/"?([\w-]+)"?\s*[=:]\s*(?:\{([^{}]*)\}|"([^"]*)")/g);
  return [...entries].map(([, name = '', inner = '', bare]) => {
    const source = /"?\bsource"?\s*[=:]\s*"([^"]+)"/.exec(inner)?.[1] ?? `hashicorp/${name}`;
    const constraint = bare ?? /"?\bversion"?\s*[=:]\s*"([^"]*)"/.exec(inner)?.[1] ?? '';
    return { source: source.toLowerCase().split('/').slice(-2).join('/'), constraint };
  });
}

/** Whether a version fits a constraint as terraform writes them: `>= 6.0, < 7.0`, `~> 6.25`, `6.25.0`, `!= 6.26.0`. */
export function fits(version: string, constraint: string): boolean {
  return constraint
    .split(',')
    .map((part) => /^\s*(>=|<=|>|<|=|!=|~>)?\s*v?(\d[\d.]*)/.exec(part))
    .every((part) => {
      if (part === null) return true;
      const [, operator = '=', wanted = ''] = part;
      const order = compare(version, wanted);
      if (operator === '~>') {
        const kept = wanted.split('.').slice(0, -1);
        return order >= 0 && (kept.length === 0 || compare(version.split('.').slice(0, kept.length).join('.'), kept.join('.')) === 0);
      }
      return { '>=': order >= 0, '<=': order <= 0, '>': order > 0, '<': order < 0, '=': order === 0, '!=': order !== 0 }[operator] ?? true;
    });
}

function compare(left: string, right: string): number {
  const [one, other] = [left, right].map((version) => version.split('.').map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (one?.[index] ?? 0) - (other?.[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function upToBrace(text: string): string {
  let depth = 1;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return text.slice(0, at);
  }
  return text;
}

function moduleFolders(directory: string, dataDir: string): string[] {
  const manifest = path.join(dataDir, 'modules', 'modules.json');
  if (!existsSync(manifest)) return [];
  return [...readFileSync(manifest, 'utf8').matchAll(/"Dir":\s*"((?:[^"\\]|\\.)*)"/g)].map(([, dir = '']) =>
    path.resolve(directory, String(JSON.parse(`"${dir}"`))),
  );
}
