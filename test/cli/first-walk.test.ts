import { readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, expect, test } from '@jest/globals';

import { program } from '../../terrace/cli/main';
import { projectRoot } from '../_helpers/project-root';
import { terraceCli } from '../_helpers/terrace-cli';
import { commandContext } from '../../terrace/cli/command-context';

let needs: ReadonlyMap<string, readonly string[]>;
beforeAll(async () => {
  const { stdout } = await terraceCli(['list', 'olechka/dev', '--json']);
  const { units }: { units: readonly { path: string; dependencies: readonly { unit: string }[] }[] } = JSON.parse(stdout);
  needs = new Map(units.map((unit) => [unit.path, unit.dependencies.map((one) => one.unit)]));
}, 600_000);

function helpOf(name: string): string {
  let help = '';
  const command = program(commandContext({ cwd: projectRoot, env: {} })).commands.find((one) => one.name() === name);
  command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

test.each([
  ['README.md', () => readFileSync(path.join(projectRoot, 'README.md'), 'utf8')],
  ['docs/sandbox.md', () => readFileSync(path.join(projectRoot, 'docs/sandbox.md'), 'utf8')],
  ['sandbox --help', () => helpOf('sandbox')],
])('in the walk of %s each unit is applied after the units it needs', (_, read) => {
  const applied: string[] = [];
  for (const [, whole, sibling] of read().matchAll(/\bcd (?:live\/(olechka\/dev\/\S+)|\.\.\/\.\.\/(\S+))/g)) {
    const unit = whole ?? [...(applied.at(-1) ?? '').split('/').slice(0, 3), sibling].join('/');
    expect([unit, needs.get(unit)?.filter((one) => !applied.includes(one))]).toEqual([unit, []]);
    applied.push(unit);
  }
  expect(applied.length).toBeGreaterThan(0);
});
