import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { commandContext } from '../../terrace/cli/command-context';
import { program } from '../../terrace/cli/main';
import { projectRoot } from '../_helpers/project-root';
import { blocksOf, pages, type Block, type Page } from './_pages';

/** Programs beside terrace and npm that a block without a mark may call: what the sandbox, git or the shell answers. */
const local = new Set(['terraform', 'terragrunt', 'git', 'cd', 'cp', 'export', 'eval', 'head', 'dot']);

type Command = ReturnType<typeof program>;

const root = program(commandContext({ cwd: projectRoot, env: {}, source: true }));
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')).scripts;
const tests = readdirSync(path.join(projectRoot, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('docs'))
  .map((name) => readFileSync(path.join(projectRoot, 'test', name), 'utf8'));

/** The words of each program that a line calls, without what assigns, comments and pipes. */
function callsOf(line: string): readonly (readonly string[])[] {
  return line
    .replace(/(^|\s)#.*$/, '')
    .replace(/^eval "\$\((.*)\)"\s*$/, '$1')
    .replace(/"\$\(([^)]*)\)[^"]*"/g, '$1')
    .split(/\s*(?:&&|\|\||[|;])\s*/)
    .map((call) =>
      (call.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).filter(
        (word, index, all) => !/^\w+=/.test(word) || all.slice(0, index).some((one) => !/^\w+=/.test(one)),
      ),
    )
    .filter((words) => words.length > 0);
}

/** The words after `terrace`, however it is called; undefined for another program. */
function afterTerrace(words: readonly string[]): readonly string[] | undefined {
  if (words[0] === 'terrace') return words.slice(1);
  if (words[0] !== 'npx') return undefined;
  const at = words.findIndex((word, index) => index > 0 && !word.startsWith('-'));
  return words[at] === 'terrace' ? words.slice(at + 1) : undefined;
}

/** What is wrong with a command of terrace: it, or one of its options, is not there. */
function unknownTo(words: readonly string[]): string | undefined {
  let command: Command = root;
  let rest = words;
  for (;;) {
    const inner = command.commands.find((one) => one.name() === rest[0] || one.aliases().includes(rest[0] ?? ''));
    if (inner === undefined) break;
    [command, rest] = [inner, rest.slice(1)];
  }
  if (command === root || command.commands.length > 0) return `no command ${words.slice(0, 2).join(' ')}`;
  const end = rest.indexOf('--');
  const flags = (end < 0 ? rest : rest.slice(0, end)).map((word) => word.replaceAll(/[[\]]/g, '')).filter((word) => /^--?[a-z]/.test(word));
  const known = new Set([...command.options, ...root.options].flatMap(({ long, short }) => [long, short]));
  const unknown = flags.filter((flag) => !known.has(flag.split('=')[0]) && flag !== '--help');
  return unknown.length === 0 ? undefined : `${nameOf(words)} has no ${unknown.join(', ')}`;
}

/** `state restore` of `state restore olechka/… --version V`. */
function nameOf(words: readonly string[]): string {
  const names: string[] = [];
  let command: Command | undefined = root;
  for (const word of words) {
    command = command.commands.find((one) => one.name() === word);
    if (command === undefined) break;
    names.push(word);
  }
  return names.join(' ');
}

/** True where a test calls the command by its words, as arguments or in a line. */
function isRun(name: string): boolean {
  const words = name.split(' ');
  // Tests of the sandbox call its commands through a function of their own.
  if (words[0] === 'sandbox' && words.length > 1 && isRun(words.slice(1).join(' '))) return true;
  const asArguments = words.map((word) => `'${word}'`).join(', ');
  return tests.some(
    (text) => text.includes(asArguments) || text.includes(`terrace ${name} `) || text.includes(`\`${name} `) || text.includes(`'${name} `),
  );
}

/** Complaints about a block. */
function complaints(page: Page, { language, marks, lines, at }: Block): readonly string[] {
  const isRead = tests.some((text) => text.includes(`'${path.posix.basename(page.path)}'`));
  return lines.flatMap((line) =>
    callsOf(line).flatMap((words) => {
      const place = `${page.path}:${at}: ${words.join(' ')}`;
      const terrace = afterTerrace(words);
      if (terrace !== undefined) {
        const unknown = unknownTo(terrace);
        if (unknown !== undefined) return [`${place}: ${unknown}`];
        return marks.includes('cloud') || isRead || isRun(nameOf(terrace))
          ? []
          : [`${place}: no test runs it, and the block is not marked`];
      }
      if (language !== 'sh') return [];
      const [called = '', script = ''] = words;
      if (called === 'npm') {
        const name = script === 'run' ? (words.slice(2).find((word) => !word.startsWith('-')) ?? '') : script;
        return name in scripts || ['ci', 'install'].includes(name) ? [] : [`${place}: package.json has no script ${name}`];
      }
      if (called === 'npx' && script === 'jest')
        return words
          .slice(2)
          .filter((word) => word.startsWith('test/') && !existsSync(path.join(projectRoot, word)))
          .map((word) => `${place}: there is no ${word}`);
      if (called.startsWith('scripts/')) return existsSync(path.join(projectRoot, called)) ? [] : [`${place}: there is no ${called}`];
      return marks.includes('cloud') || isRead || local.has(called)
        ? []
        : [`${place}: needs more than this machine, and the block is not marked: sh cloud`];
    }),
  );
}

test('every command in the documentation is one that there is, with options that it has, and a test runs it or it is marked as needing a cloud', () => {
  const blocks = pages().flatMap((page) =>
    blocksOf(page.text)
      .filter(({ language }) => language === 'sh' || language === '')
      .map((block) => ({ page, block })),
  );
  const commands = blocks.flatMap(({ block }) => block.lines.flatMap(callsOf)).filter((words) => afterTerrace(words) !== undefined);
  expect(commands.length).toBeGreaterThan(100);
  expect(blocks.flatMap(({ page, block }) => complaints(page, block))).toEqual([]);
});

test('a command, an option and a program that there are not are noticed', () => {
  const page = { path: 'docs/x.md', text: '' };
  const block = (line: string, language = 'sh', ...marks: readonly string[]): readonly string[] =>
    complaints(page, { language, marks, lines: [line], at: 1 });
  expect(block('npx --no terrace plam shop')[0]).toContain('no command plam shop');
  expect(block('eval "$(npx --no terrace sandbox envy)"')[0]).toContain('no command sandbox envy');
  expect(block('terrace plan shop --owt x')[0]).toContain('plan has no --owt');
  expect(block('ansible-playbook site.yml')[0]).toContain('not marked');
  expect(block('npm run nothing')[0]).toContain('no script nothing');
  expect(block('ansible-playbook site.yml', 'sh', 'cloud')).toEqual([]);
  expect(block('terrace plan shop --out x | head; terrace status # --owt')).toEqual([]);
});
