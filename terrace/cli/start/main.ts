import { Command } from 'commander';

import { report } from '../main';

/** What `npm start` takes when nothing is named. */
export const defaultSelector = 'olechka/dev/eu-central-1';

/** `npm start [-- <selector>]` */
export async function main(argv: readonly string[]): Promise<void> {
  const command = new Command('npm start --')
    .description(
      'Synthesize a part of the project, start the sandbox, bootstrap its backend, plan and apply it wave by wave with the real terraform, and plan once more.',
    )
    .argument('[selector]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]', defaultSelector)
    .option('--fresh', 'forget what the sandbox holds first')
    .option('--parallel <n>', 'terraform processes at once (default: one for each core)')
    .option('--debug', 'show stack traces')
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
    .exitOverride();
  if (argv.includes('--debug')) process.env['TERRACE_DEBUG'] = '1';
  command.action(async (selector: string, flags: { readonly fresh?: boolean; readonly parallel?: string }) => {
    const [{ runStart }, { positive }] = await Promise.all([import('./run-start'), import('../with-delivery')]);
    await runStart({
      selector,
      fresh: flags.fresh ?? false,
      ...(flags.parallel === undefined ? {} : { parallel: positive(flags.parallel, '--parallel') }),
    });
  });
  try {
    await command.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}
