import type { Command } from 'commander';

import type { PlaceFlags } from '../actions/new';
import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  const parent = program.command('new').description('Write the source of a new system, environment, region or unit.');
  parent
    .command('system')
    .description('A system with one environment, one region and the bootstrap unit.')
    .argument('[name]', 'folder under stacks/')
    .option('--environment <name>', 'name of its first environment')
    .option('--region <region>', 'its AWS region')
    .option('--account <id>', 'id of its AWS account, 12 digits')
    .addHelpText('after', '\nExamples:\n  terrace new system shop --environment dev --region eu-central-1 --account 123456789012')
    .action(async (name: string | undefined, flags: PlaceFlags) => {
      const { runNewSystem } = await import('../actions/new');
      await runNewSystem(context, name, flags);
    });
  parent
    .command('environment')
    .description('An environment of a system, with its first region.')
    .argument('[path]', '<system>/<environment>')
    .option('--region <region>', 'its AWS region')
    .option('--account <id>', 'id of its AWS account, 12 digits')
    .addHelpText('after', '\nExamples:\n  terrace new environment shop/production --region eu-central-1 --account 210987654321')
    .action(async (place: string | undefined, flags: PlaceFlags) => {
      const { runNewEnvironment } = await import('../actions/new');
      await runNewEnvironment(context, place, flags);
    });
  parent
    .command('region')
    .description('A region of an environment, with the units that every region has.')
    .argument('[path]', '<system>/<environment>/<region>')
    .addHelpText('after', '\nExamples:\n  terrace new region shop/production/eu-west-1')
    .action(async (place: string | undefined) => {
      const { runNewRegion } = await import('../actions/new');
      await runNewRegion(context, place);
    });
  parent
    .command('unit')
    .description('A unit in every region of a system: starts as a bucket, for you to replace.')
    .argument('[path]', '<system>/<layer>/<unit>')
    .addHelpText('after', '\nExamples:\n  terrace new unit shop/storage/artifacts')
    .action(async (place: string | undefined) => {
      const { runNewUnit } = await import('../actions/new');
      await runNewUnit(context, place);
    });
}
