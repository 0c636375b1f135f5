import { Option, type Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { DriftFlags } from '../actions/drift';

export function register(program: Command, context: CommandContext): void {
  program
    .command('drift')
    .description(
      'Compare what exists with what was applied, using refresh-only plans that write nothing. Exits with 2 if anything drifted.',
    )
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .option('--parallel <n>', 'terraform processes to run at once (default: one per core)')
    .option('--tree <folder>', 'use a tree that was synthesized before')
    .option('--events <file>', 'write events as JSON lines; - is standard output')
    .option('--json', 'print as JSON')
    .addOption(new Option('--markdown', 'print as Markdown, for an issue or a job summary').conflicts('json'))
    .addHelpText(
      'after',
      `
Takes no lock and writes neither state nor record. Exits with 1 if a unit could not be compared.

Examples:
  terrace drift olechka/production
  terrace drift --markdown >> "$GITHUB_STEP_SUMMARY"`,
    )
    .action(async (selectors: string[], flags: DriftFlags) => {
      const { runDrift } = await import('../actions/drift');
      await runDrift(context, selectors, flags);
    });
}
