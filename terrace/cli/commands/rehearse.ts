import type { Command } from 'commander';

import type { RehearseFlags } from '../actions/rehearse';
import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('rehearse')
    .description(
      "Rehearse this work tree's change offline, on a simulated copy of what a shape describes, step by step as a pipeline would.",
    )
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; none selects everything that the shape holds')
    .requiredOption('--shape <file>', 'what stands: a file of `terrace state shape`')
    .option('--base <commit>', 'compare with this commit (default: with what the records of the shape say was applied)')
    .option('--until <round>', 'stop after this round')
    .option('--and-back', 'then go back to the base, and say what that destroys')
    .option('--parallel <n>', 'terraform processes at once (default: one for each core)')
    .option('--tree <folder>', 'a tree that was synthesized before, in place of the source')
    .option('--out <folder>', 'where page, comment and JSON are written (default: .terrace/rehearsal)')
    .option('--json', 'print as JSON (docs/schemas/rehearsal.v1.json)')
    .addHelpText(
      'after',
      `
Needs no credentials and reaches nothing: a fork of the sandbox is seeded with the shape, and the change goes through affected, rounds of plan
and apply with findings and policies after each, and a last plan, which must be empty. The fork ends with the command. The report says what
is replaced and down in between, for whom, what waits, moves and is imported, and what old readers saw; and what all that does not prove.
Exits 0 where all went as planned, 2 with findings (medium and above, a policy that refuses, anything down), 1 where something failed.

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
