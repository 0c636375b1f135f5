import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('Show where an environment stands: units behind, waves pending, applies interrupted, states without a unit.')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .option('--tree <folder>', 'compare with a tree that was synthesized before')
    .option('--policy-ref <commit>', 'the protected branch: its facts say which commit was accepted last (default: that of the remote)')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Reads states, records and locks; runs no terraform and writes nothing. Ends with 3 where an apply was interrupted, with 1 where
something could not be read. States without a unit are looked for where the selectors cover a whole environment.

Examples:
  terrace status olechka/dev
  terrace status --json`,
    )
    .action(async (selectors: string[], flags: { readonly json?: boolean; readonly tree?: string; readonly policyRef?: string }) => {
      const { runStatus } = await import('../actions/status');
      await runStatus(context, selectors, flags);
    });
}
