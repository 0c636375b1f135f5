import type { Command } from 'commander';

import type { PlaceFlags } from '../actions/new';

export function register(program: Command): void {
  program
    .command('init')
    .description(
      'Start a repository of your own: one system with its environment, region and bootstrap unit, settings, a policy, a test and workflows.',
    )
    .argument('<folder>', 'folder to write to; created if it does not exist')
    .option('--system <name>', 'name of the system')
    .option('--environment <name>', 'its first environment')
    .option('--region <region>', 'AWS region of it')
    .option('--account <id>', 'AWS account that holds it, 12 digits')
    .option('--repository <owner/name>', 'where its source is kept, for its pipelines (default: example/<system>)')
    .addHelpText(
      'after',
      `
Whatever is not given is asked for on a terminal. No file is overwritten: if one exists already, nothing is written; package.json
only gets what it lacks.

Examples:
  terrace init . --system shop --environment dev --region eu-central-1 --account 123456789012
  terrace init ../shop`,
    )
    .action(async (folder: string, flags: PlaceFlags) => {
      const { runInit } = await import('../actions/new');
      await runInit(folder, flags);
    });
}
