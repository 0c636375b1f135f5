import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('start')
    .description(
      'Synthesize a part of the project, start the sandbox, bootstrap its backend, plan and apply it round by round with the real terraform, and plan once more.',
    )
    .argument('[selector]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]')
    .option('--default <selector>', 'what to take where none is named (default: everything)')
    .option('--fresh', 'forget what the sandbox holds first')
    .option('--parallel <n>', 'terraform processes at once (default: one for each core)')
    .addHelpText(
      'after',
      `
Everything happens on this machine: state, locks and clouds are the sandbox's, under .sandbox/. Units outside the selection
that it depends on are applied as well, and marked in the table. Needs terraform 1.6 or newer on PATH, or OpenTofu with
TERRAFORM_BINARY_NAME=tofu.

Examples:
  npm start
  npm start -- tux
  npm start -- olechka/production/eu-central-1 --fresh`,
    )
    .action(
      async (selector: string | undefined, flags: { readonly default?: string; readonly fresh?: boolean; readonly parallel?: string }) => {
        const [{ runStart }, { positive }] = await Promise.all([import('../actions/start'), import('../with-delivery')]);
        await runStart(context, {
          selectors: [selector ?? flags.default ?? []].flat(),
          fresh: flags.fresh ?? false,
          ...(flags.parallel === undefined ? {} : { parallel: positive(flags.parallel, '--parallel') }),
        });
      },
    );
}
