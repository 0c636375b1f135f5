import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

interface BootstrapFlags {
  readonly yes?: boolean;
  readonly adopt?: boolean;
  readonly json?: boolean;
  readonly policyRef?: string;
}

export function register(program: Command, context: CommandContext): void {
  const backend = program.command('backend').description('Make, look at and remove the buckets, keys and lock tables that states live in.');
  backend
    .command('bootstrap')
    .description("Apply an environment's backend/state unit with local state, then move that state into the bucket it made.")
    .argument('<environment>', '<system>/<environment>')
    .option('--yes', 'do not ask')
    .option('--policy-ref <commit>', 'the protected branch, whose head is accepted first (default: that of the remote, else HEAD)')
    .option('--adopt', 'take over a bucket, key and table that exist and that no state describes')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Needs an administrator's credentials. A second run changes nothing; after an interruption the same command goes on where it stopped.
What exists already and no state describes is somebody else's: it is left alone, and the command ends with 3.
Units that an administrator applies as well (iam/github-oidc) follow. Where the environment's state lies in a bucket
of another environment, that one's owner is bootstrapped, and the output says so.

Examples:
  terrace backend bootstrap olechka/dev
  terrace backend bootstrap tux/staging         makes the bucket of tux/production, where its states lie`,
    )
    .action(async (environment: string, flags: BootstrapFlags) => {
      const { runBootstrap } = await import('../actions/backend');
      await runBootstrap(context, {
        environment,
        yes: flags.yes ?? false,
        adopt: flags.adopt ?? false,
        json: flags.json ?? false,
        ...(flags.policyRef === undefined ? {} : { policyRef: flags.policyRef }),
      });
    });
  backend
    .command('status')
    .description('Show whether the bucket, table and state of each backend exist.')
    .argument('[selectors...]', '<system>[/<environment>[/<region>]]; without a selector, everything is selected')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Exits 1 when one of them is absent or incomplete.

Examples:
  terrace backend status
  terrace backend status olechka/production --json`,
    )
    .action(async (selectors: string[], flags: { readonly json?: boolean }) => {
      const { runBackendStatus } = await import('../actions/backend');
      await runBackendStatus(context, selectors, flags.json ?? false);
    });
  backend
    .command('destroy')
    .description('Remove an empty backend: bucket with all versions, logs, key and lock table.')
    .argument('<unit>', '<system>/<environment>/<region>/backend/state')
    .option('--confirm <bucket>', "the bucket's name, typed; asked for on a terminal")
    .addHelpText(
      'after',
      `
Refused while the bucket holds a state with resources in it. The key is only scheduled for deletion (30 days).

Examples:
  terrace backend destroy olechka/dev/eu-central-1/backend/state
  terrace backend destroy olechka/dev/eu-central-1/backend/state --confirm terraform-state-123456789012-eu-central-1`,
    )
    .action(async (unit: string, flags: { readonly confirm?: string }) => {
      const { runBackendDestroy } = await import('../actions/backend');
      await runBackendDestroy(context, unit, flags.confirm);
    });
}
