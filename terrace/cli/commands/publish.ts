import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('publish')
    .description('Commit the synthesized live tree, for engines that read it from the repository.')
    .argument('[systems...]', "systems whose root sets liveTree to 'committed' or { branch }; without one, all of them")
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Commits live/<system> with its lock files and the trailer "Terrace-Source: <commit>": on the branch that is checked out
(liveTree: 'committed'), or on a branch of its own (liveTree: { branch: 'live' }), which nobody has to check out.
Nothing is pushed, and nothing is committed if the branch already holds this tree. The source must be committed first.

Examples:
  terrace publish
  terrace publish olechka && git push origin live`,
    )
    .action(async (systems: string[], flags: { readonly json?: boolean }) => {
      const { runPublish } = await import('../actions/publish');
      await runPublish(context, systems, { json: flags.json ?? false });
    });
}
