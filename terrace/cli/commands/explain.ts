import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('Say where the values that hold for a unit came from: file, line, and what they overrode.')
    .argument('<unit>', '<system>/<environment>/<region>/<layer>/<unit>')
    .argument('[setting]', 'dotted path of a value, or of a group of values; none shows all')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Values are written at four levels: root < environment < region < unit. Those of the unit are in its class.

Examples:
  terrace explain olechka/production/eu-central-1/storage/aurora
  terrace explain olechka/production/eu-central-1/storage/aurora database.backupDays
  terrace explain olechka/dev/eu-central-1/network/vpc network --json`,
    )
    .action(async (unit: string, setting: string | undefined, flags: { readonly json?: boolean }) => {
      const { runExplain } = await import('../actions/explain');
      await runExplain(context, unit, setting, flags.json ?? false);
    });
}
