import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { commandContext } from '../../terrace/cli/command-context';
import { program } from '../../terrace/cli/main';
import { projectRoot } from '../_helpers/project-root';

const page = readFileSync(path.join(projectRoot, 'docs', 'recovery.md'), 'utf8');
const listed = readFileSync(path.join(projectRoot, 'docs', 'errors.md'), 'utf8');

test('the page names codes, commands and options that there are, and tests that run its procedures', () => {
  for (const [code] of page.matchAll(/E\d{4}/g)) expect([code, listed.includes(`### ${code} `)]).toEqual([code, true]);
  for (const [, file = ''] of page.matchAll(/`(test\/[^`]+)`/g))
    expect([file, existsSync(path.join(projectRoot, file))]).toEqual([file, true]);
  const root = program(commandContext({ cwd: projectRoot, env: {}, source: true }));
  const commands = [...page.matchAll(/^terrace (.+?)(?: +#.*)?$/gm)].map(([, words = '']) => words.split(/\s+/));
  expect(commands.length).toBeGreaterThan(12);
  for (const words of commands) {
    const [first, second] = words;
    const outer = root.commands.find((one) => one.name() === first);
    const command = outer?.commands.find((one) => one.name() === second) ?? outer;
    expect([words.join(' '), command?.name()]).toEqual([words.join(' '), outer?.commands.length === 0 ? first : second]);
    for (const flag of words.filter((word) => word.startsWith('--')))
      expect([flag, command?.options.some(({ long }) => long === flag)]).toEqual([flag, true]);
  }
});
