import type { Command } from 'commander';

import type { ForkFlags } from '../actions/sandbox-fork';
import type { SeedFlags } from '../actions/seed';
import type { CommandContext } from '../command-context';

/** Commands for worlds beside the project's own: forks, and seeding one with what production holds. */
export function registerForks(sandbox: Command, context: CommandContext): void {
  sandbox
    .command('fork [name]')
    .description('Copy a sandbox, running or not, into one of its own on other ports, and start it. The original is not touched.')
    .option('--from <folder>', 'the sandbox to copy (default: that of this shell, or .sandbox in the project)')
    .option('--empty', 'copy nothing: start empty')
    .option('--json', 'print the fork as JSON')
    .addHelpText(
      'after',
      `
Forks are kept in .sandbox/forks/ of the project. A fork has the id and the generated values of its original, so that states and variables
fit; its ports and its secret are its own.

Examples:
  npx --no terrace sandbox fork                       a copy, under a name of its own
  npx --no terrace sandbox fork try --from .sandbox   a copy named try
  eval "$(npx --no terrace sandbox env --dir .sandbox/forks/try)"
  npx --no terrace sandbox end try`,
    )
    .action(async (name: string | undefined, flags: ForkFlags) => {
      const { runFork } = await import('../actions/sandbox-fork');
      await runFork(context, name, flags);
    });

  sandbox
    .command('seed <shape>')
    .description('Fill an empty sandbox with what a shape describes (states, records and cloud resources), so that a plan is empty.')
    .option('--dir <folder>', "the sandbox's folder (default: .sandbox in the project)")
    .option('--tree <folder>', 'use a tree that was synthesized before, instead of the source')
    .option('--json', 'print what was and what could not be seeded, as JSON')
    .addHelpText(
      'after',
      `
A shape is a file written by \`terrace state shape\`. Plans in the seeded sandbox, plain terraform's included, are what they would be
where the shape was taken. Resources that the simulated clouds do not know are listed, and are in no state.

Examples:
  npx --no terrace sandbox seed production.shape.json
  npx --no terrace sandbox fork try --empty && npx --no terrace sandbox seed production.shape.json --dir .sandbox/forks/try
  eval "$(npx --no terrace sandbox env)" && npx --no terrace plan olechka/production`,
    )
    .action(async (shape: string, flags: SeedFlags) => {
      const { runSeed } = await import('../actions/seed');
      await runSeed(context, shape, flags);
    });

  sandbox
    .command('forks')
    .description('List the forks of this project.')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox forks\n  npx --no terrace sandbox forks --json | jq -r .forks[].name')
    .action(async (flags: { readonly json?: boolean }) => {
      const { runForks } = await import('../actions/sandbox-fork');
      await runForks(context, flags);
    });

  sandbox
    .command('end [forks...]')
    .description('Stop forks, and remove their folders with everything in them.')
    .option('--all', 'all forks of this project')
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox end try\n  npx --no terrace sandbox end --all')
    .action(async (names: readonly string[], flags: { readonly all?: boolean }) => {
      const { runEnd } = await import('../actions/sandbox-fork');
      await runEnd(context, names, flags);
    });
}
