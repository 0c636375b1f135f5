import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('Show where a value comes from (file, line, what it overrode) and which attributes it decides. Also explains error codes.')
    .argument(
      '[unit]',
      '<system>/<environment>/<region>/<layer>/<unit>, with /<address> for one of its blocks; an address alone; or an error code',
    )
    .argument('[setting]', 'dotted path of a value or of a group of values; or the address of a block, or one of its attributes')
    .argument('[attribute]', 'an attribute of the block')
    .option('--used-by <setting>', 'list the units and attributes that a setting decides; <unit> may be any part of the tree')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Values are set at four levels: root < environment < region < unit; those of a unit are in its class. To find out what a value decides, the
source is built again with another value in its place: this shows what the program does, not what its text looks like.

Examples:
  terrace explain olechka/production/eu-central-1/storage/aurora
  terrace explain olechka/production/eu-central-1/storage/aurora database.backupDays
  terrace explain olechka/dev/eu-central-1/network/vpc network --json
  terrace explain olechka/production/eu-central-1/storage/aurora aws_rds_cluster.aurora_cluster backup_retention_period
  terrace explain --used-by database.backupDays olechka/production
  terrace explain E6016`,
    )
    .action(
      async (
        unit: string | undefined,
        setting: string | undefined,
        attribute: string | undefined,
        flags: { readonly json?: boolean; readonly usedBy?: string },
        command: Command,
      ) => {
        if (unit === undefined && flags.usedBy === undefined) command.error("error: missing required argument 'unit'");
        const { runExplain } = await import('../actions/explain');
        await runExplain(context, {
          ...(unit === undefined ? {} : { target: unit }),
          ...(setting === undefined ? {} : { setting }),
          ...(attribute === undefined ? {} : { attribute }),
          ...(flags.usedBy === undefined ? {} : { usedBy: flags.usedBy }),
          json: flags.json ?? false,
        });
      },
    );
}
