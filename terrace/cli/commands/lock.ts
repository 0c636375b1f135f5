import type { Command } from 'commander';

import { onTree, type CommandContext } from '../command-context';

interface ReleaseFlags {
  readonly id: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly minAge: string;
  readonly tree?: string;
}

export function register(program: Command, context: CommandContext): void {
  const lock = program.command('lock').description('Show who holds state locks, and release those whose holder is gone.');
  lock
    .command('list')
    .description('List held locks: unit, holder, operation, age, place and id.')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .option('--tree <folder>', 'use a tree that was synthesized before; loads no TypeScript')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Reads the items of the lock tables (dynamodb:Scan) and the .tflock objects of the buckets, whatever the lock setting is.
Without a selector it also shows locks of states that belong to no unit.

Examples:
  terrace lock list
  terrace lock list olechka/dev
  terrace lock list --json | jq -r '.locks[] | [.unit, .who, .id] | @tsv'`,
    )
    .action(async (selectors: string[], flags: { readonly json?: boolean; readonly tree?: string }) => {
      const { runLockList } = await import('../actions/lock');
      await runLockList(onTree(context, flags.tree), selectors, flags.json ?? false);
    });
  lock
    .command('release')
    .description('Release the lock of a holder that is gone. Terrace never does this by itself.')
    .argument('<unit>', '<system>/<environment>/<region>/<layer>/<unit>')
    .requiredOption('--id <id>', 'the exact id, from `terrace lock list` or from the error message')
    .option('--yes', 'do not ask (needed if there is no terminal)')
    .option('--min-age <time>', 'refuse a lock younger than this', '15m')
    .option('--force', 'release the lock even if it is younger')
    .option('--tree <folder>', 'use a tree that was synthesized before; loads no TypeScript')
    .addHelpText(
      'after',
      `
Removes only the lock that was read: one that was taken in the meantime stays.
Exits with 3 if the id differs or the lock is too young.

Examples:
  terrace lock release olechka/dev/eu-central-1/network/vpc --id 8c1f1d6e-0c2f-4d2b-9f6b-4f2d6f0a9d11
  terrace lock release olechka/dev/eu-central-1/network/vpc --id 8c1f1d6e-0c2f-4d2b-9f6b-4f2d6f0a9d11 --yes --min-age 1h`,
    )
    .action(async (unit: string, flags: ReleaseFlags) => {
      const { runLockRelease } = await import('../actions/lock');
      await runLockRelease(onTree(context, flags.tree), {
        unit,
        id: flags.id,
        yes: flags.yes ?? false,
        force: flags.force ?? false,
        minAge: flags.minAge,
      });
    });
}
