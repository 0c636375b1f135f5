import type { Command } from 'commander';

import type { RehearseFlags } from '../actions/rehearse';
import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('rehearse')
    .description(
      'Rehearse the change in this work tree offline, on a simulated copy of what a shape describes, step by step as a pipeline would.',
    )
    .argument(
      '[selectors...]',
      '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything in the shape is selected',
    )
    .requiredOption('--shape <file>', 'what exists now: a file written by `terrace state shape`')
    .option('--base <commit>', 'compare with this commit (default: what the records in the shape say was applied)')
    .option('--until <round>', 'stop after this round')
    .option('--and-back', 'then go back to the base, and report what that destroys')
    .option('--parallel <n>', 'terraform processes to run at once (default: one per core)')
    .option('--tree <folder>', 'use a tree that was synthesized before, instead of the source')
    .option('--out <folder>', 'where to write the page, the comment and the JSON (default: .terrace/rehearsal)')
    .option('--json', 'print as JSON (docs/schemas/rehearsal.v1.json)')
    .addHelpText(
      'after',
      `
Needs no credentials and no network. A fork of the sandbox is seeded with the shape, and the change goes through affected and rounds of plan
and apply, with findings and policies after each, up to a last plan that must be empty. The fork is removed at the end. The report says what
is replaced, what is down in between and for whom, what waits, moves or is imported, what old readers saw, and what all this does not prove.
Exits with 0 if everything went as planned, 2 if there are findings (medium or above, a policy that refuses, anything down), 1 if something failed.

Examples:
  terrace rehearse --shape production.shape.json
  terrace rehearse --shape production.shape.json --base origin/main --json > rehearsal.json
  terrace rehearse --shape production.shape.json --until 1 --parallel 4
  terrace rehearse olechka/production --shape all.shape.json --and-back --out rehearsal/`,
    )
    .action(async (selectors: string[], flags: RehearseFlags) => {
      const { runRehearse } = await import('../actions/rehearse');
      await runRehearse(context, selectors, flags);
    });
}
