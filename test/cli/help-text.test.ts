import { expect, test } from '@jest/globals';

import { commandContext } from '../../terrace/cli/command-context';
import { commandLine } from '../../terrace/cli/command-line';
import { commands } from '../../terrace/cli/commands';
import { helpText } from '../../terrace/cli/help-text';
import { projectRoot } from '../_helpers/project-root';

type Command = ReturnType<typeof commandLine>;

/** Every command with its subcommands, hidden ones left out. */
function all(command: Command): readonly Command[] {
  return [command, ...command.commands.filter((one) => one.name() !== 'complete').flatMap(all)];
}

/** The help of a command as it is printed with that many columns. */
function printed(command: Command, columns: number): string {
  let text = '';
  command
    .configureOutput({ writeOut: (part) => (text += helpText(part, { isTTY: true, columns })), getOutHelpWidth: () => columns })
    .outputHelp();
  return text;
}

const program = commandLine(commandContext({ cwd: projectRoot, env: {} }), commands);

test.each([60, 80, 120])('on %i columns every paragraph of every help fits, and each command shows an example', (columns) => {
  const every = all(program);
  expect(every.length).toBeGreaterThan(60);
  for (const command of every) {
    const help = printed(command, columns);
    expect([command.name(), help.split('\n').filter((line) => /^\S/.test(line) && line.length > columns && line.includes(' ', 1))]).toEqual(
      [command.name(), []],
    );
    if (command.commands.length === 0) expect([command.name(), help]).toEqual([command.name(), expect.stringContaining('Examples:\n')]);
  }
});

test.each([60, 80, 120])('on %i columns the tables of every help fit, except for a single word that is longer', (columns) => {
  for (const command of all(program)) {
    const tables = printed(command, columns)
      .split('\n\n')
      .filter((part) => /^(Arguments|Options|Commands):\n/.test(part));
    expect([command.name(), tables.length > 0]).toEqual([command.name(), true]);
    const wide = tables.flatMap((part) => part.split('\n')).filter((line) => line.length > columns && /\S\s\S+\s\S/.test(line.slice(20)));
    expect([command.name(), wide]).toEqual([command.name(), []]);
  }
});

test('options and examples keep their lines, and paragraphs stay apart', () => {
  expect(
    helpText('\nOne two\nthree four\n\nExamples:\n  terrace list      every unit and its wave, a long line\n', {
      isTTY: true,
      columns: 40,
    }),
  ).toBe('\nOne two three four\n\nExamples:\n  terrace list      every unit and its wave, a long line\n');
  expect(helpText(`${'word '.repeat(20).trim()}\n`, {}).split('\n')).toEqual([
    'word word word word word word word word word word word word word word word word',
    'word word word word',
    '',
  ]);
});

test('help says the same thing in the same words', () => {
  const texts = all(program).map((command) => printed(command, 120).replaceAll(/\s+/g, ' '));
  const worn = [
    /\bexit(?:s)? \d/i,
    /\bends? with \d/i,
    /\bwhere (?:one|something|anything) /,
    /\bstands? (?:in|there|beside)\b/,
    /\bnone (?:means|selects)\b/,
  ];
  for (const text of texts)
    for (const pattern of worn) expect([pattern.exec(text)?.[0], text.slice(0, 60)]).toEqual([undefined, text.slice(0, 60)]);
});
