import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';

import { renderTable } from '../terrace/cli/table';
import { projectRoot } from './project-root';
import type { Figure, Suite } from './figures';

/** The suites by name; each is loaded when it runs. */
const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  cli: async () => (await import('./cli')).suite,
  delivery: async () => (await import('./delivery')).suite,
  diagrams: async () => (await import('./diagrams')).suite,
  providers: async () => (await import('./providers')).suite,
  rehearse: async () => (await import('./rehearse')).suite,
  review: async () => (await import('./review')).suite,
  scale: async () => (await import('./scale')).suite,
  start: async () => (await import('./start')).suite,
};

/** `npm run bench [-- suite…]`: figures as a table, and as JSON in `.terrace/bench.json`. Not a test: nothing fails for being slow. */
export async function main(names: readonly string[]): Promise<void> {
  const chosen = names.length === 0 ? Object.keys(suites) : names;
  const unknown = chosen.filter((name) => !(name in suites));
  if (unknown.length > 0) {
    process.stderr.write(`unknown suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}\n`);
    process.exitCode = 64;
    return;
  }
  const results: Record<string, readonly Figure[]> = {};
  for (const name of chosen) {
    const suite = await suites[name]?.();
    if (suite === undefined) continue;
    process.stderr.write(`measuring ${name} …\n`);
    results[name] = await suite.run();
  }
  const rows = Object.entries(results).flatMap(([name, figures]) =>
    figures.map((figure) => [
      name,
      figure.name,
      shown(figure.value),
      figure.unit,
      figure.limit === undefined ? '' : `< ${figure.limit}`,
      figure.limit !== undefined && figure.value >= figure.limit ? 'over' : '',
    ]),
  );
  process.stdout.write(
    `${renderTable(['suite', 'what', 'figure', '', 'should be', ''], rows, ['left', 'left', 'right', 'left', 'left', 'left'])}\n`,
  );
  const file = path.join(projectRoot, '.terrace', 'bench.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ version: 1, cores: cpus().length, node: process.version, suites: results }, null, 2)}\n`);
  process.stderr.write(`written to ${path.relative(process.cwd(), file)}\n`);
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
