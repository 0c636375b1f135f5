import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('Show the status of environments: units behind, waves pending, interrupted applies, and states without a unit.')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .option('--tree <folder>', 'use a tree that was synthesized before')
    .option('--policy-ref <commit>', 'the protected branch: its facts say which commit was accepted last (default: the remote’s)')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Reads states, records and locks; runs no terraform and writes nothing. Exits with 3 if an apply was interrupted, and with 1 if
something could not be read. States without a unit are looked for only if the selectors cover a whole environment.

Examples:
  terrace status olechka/dev
  terrace status --json`,
    )
    .action(async (selectors: string[], flags: { readonly json?: boolean; readonly tree?: string; readonly policyRef?: string }) => {
      const { runStatus } = await import('../actions/status');
      await runStatus(context, selectors, flags);
    });
}
