import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('handover')
    .description('Fill the artifacts of an applied environment (inventories, settings) from the outputs of its units.')
    .argument('<environment>', '<system>/<environment>')
    .option('--out <folder>', 'folder to write to instead of live/')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Writes all files of <system>/<environment>/artifacts/, with the addresses that the states hold now filled in. The next synth writes
them without these values again. If units have not been applied yet, the command names them and writes nothing.

Examples:
  terrace handover pro-mata/dev
  terrace handover tux/staging --out handed-over --json`,
    )
    .action(async (environment: string, flags: { readonly out?: string; readonly json?: boolean }) => {
      const { runHandover } = await import('../actions/handover');
      await runHandover(context, environment, flags);
    });
}
