import type { Command } from 'commander';

import type { PlaceFlags } from '../actions/new';

export function register(program: Command): void {
  program
    .command('init')
    .description(
      'Start a repository of your own: a system with one environment, one region and its bootstrap unit, settings, a policy, a test and workflows.',
    )
    .argument('<folder>', 'folder to write to; created if it does not exist')
    .option('--system <name>', 'name of the system')
    .option('--environment <name>', 'name of its first environment')
    .option('--region <region>', 'its AWS region')
    .option('--account <id>', 'id of its AWS account, 12 digits')
    .option('--repository <owner/name>', 'GitHub repository of its source, for its pipelines (default: example/<system>)')
    .addHelpText(
      'after',
      `
On a terminal, whatever is not given is asked for. No file is overwritten: if one of them exists, nothing is written. An existing
package.json only gets what it lacks.

Examples:
  terrace init . --system shop --environment dev --region eu-central-1 --account 123456789012
  terrace init ../shop`,
    )
    .action(async (folder: string, flags: PlaceFlags) => {
      const { runInit } = await import('../actions/new');
      await runInit(folder, flags);
    });
}
