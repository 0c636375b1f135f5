import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('list')
    .description('List the selected units with their waves.')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .option('--json', 'print units, dependencies, outputs, variables and backends as JSON')
    .addHelpText(
      'after',
      `
A unit's wave is one more than the latest wave among the units it depends on; wave 0 depends on nothing.

Examples:
  terrace list
  terrace list olechka/dev/eu-central-1
  terrace list 'olechka/*/eu-central-1/storage/s3-*'    a star matches any text within one segment
  terrace list .                                        in a folder of live/: the units there
  terrace list olechka --json | jq -r '.units[].path'`,
    )
    .action(async (selectors: string[], flags: { readonly json?: boolean }) => {
      const { runList } = await import('../actions/list');
      await runList(context, selectors, flags.json ?? false);
    });
}
