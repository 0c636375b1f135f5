import path from 'node:path';

import { expect, test } from '@jest/globals';

import { program } from '../../terrace/cli/main';
import { selectorAt } from '../../terrace/cli/path-arguments';
import { projectRoot } from '../_helpers/project-root';
import { commandContext } from '../../terrace/cli/command-context';

const live = path.resolve('/project/live');

test.each([
  ['.', '/project/live/shop/dev', 'shop/dev'],
  ['./network/vpc/', '/project/live/shop/dev/eu', 'shop/dev/eu/network/vpc'],
  ['../alb', '/project/live/shop/dev/eu/network/vpc', 'shop/dev/eu/network/alb'],
  ['./live/shop/dev/', '/project', 'shop/dev'],
  ['/project/live/shop', '/elsewhere', 'shop'],
])('%s in %s is %s', (text, cwd, selector) => expect(selectorAt(text, cwd, live)).toBe(selector));

test.each([
  ['shop/dev', '/project/live/shop/dev'],
  ['.', '/project/live'],
  ['.', '/project'],
  ['./shop/dev', '/project'],
  ['../livestock/shop', '/project/live'],
  ['.hidden', '/project/live/shop'],
])('%s in %s stays as it is', (text, cwd) => expect(selectorAt(text, cwd, live)).toBe(text));

test('a command is given selectors in place of folders, and its options as they were typed', async () => {
  const root = program(commandContext({ cwd: projectRoot, env: {} }));
  const given: unknown[] = [];
  root
    .command('look')
    .argument('<unit>')
    .argument('[selectors...]')
    .option('--out <folder>')
    .action((...all: unknown[]) => void given.push(...all.slice(0, 3)));
  await root.parseAsync(['node', 'terrace', 'look', './live/shop/dev', './live/shop/', 'shop/dev', '--out', './live/shop']);
  expect(given).toEqual(['shop/dev', ['shop', 'shop/dev'], { out: './live/shop' }]);
});
