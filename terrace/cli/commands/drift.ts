import { Option, type Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { DriftFlags } from '../actions/drift';

export function register(program: Command, context: CommandContext): void {
  program
    .command('drift')
    .description('Compare what is there with what was applied, by refresh-only plans that write nothing. Exits 2 where something drifted.')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .option('--parallel <n>', 'terraform processes at once (default: one for each core)')
    .option('--tree <folder>', 'use a tree that was synthesized before')
    .option('--events <file>', 'write what happens as JSON lines; - is stdout')
    .option('--json', 'print as JSON')
    .addOption(new Option('--markdown', 'print as Markdown, for an issue or a job summary').conflicts('json'))
    .addHelpText(
      'after',
      `
Takes no lock and writes neither state nor record. A unit that could not be compared makes it end with 1.

Examples:
  terrace drift olechka/production
  terrace drift --markdown >> "$GITHUB_STEP_SUMMARY"`,
    )
    .action(async (selectors: string[], flags: DriftFlags) => {
      const { runDrift } = await import('../actions/drift');
      await runDrift(context, selectors, flags);
    });
}
