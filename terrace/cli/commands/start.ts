import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('start')
    .description(
      'Synthesize part of the project, start the sandbox, bootstrap the backend, plan and apply round by round with the real terraform, and check that a second plan is empty.',
    )
    .argument('[selector]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]')
    .option('--default <selector>', 'what to start when no selector is given (default: everything)')
    .option('--fresh', 'empty the sandbox first')
    .option('--parallel <n>', 'terraform processes to run at once (default: one per core)')
    .addHelpText(
      'after',
      `
Everything happens on this machine: states, locks and clouds are the sandbox's, under .sandbox/. Units outside the selection
that it depends on are applied as well, and marked as such. Needs terraform 1.6 or newer on PATH, or OpenTofu with
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
