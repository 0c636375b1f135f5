import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

interface BootstrapFlags {
  readonly yes?: boolean;
  readonly adopt?: boolean;
  readonly json?: boolean;
  readonly policyRef?: string;
}

export function register(program: Command, context: CommandContext): void {
  const backend = program.command('backend').description('Create, inspect and remove the buckets, keys and lock tables that hold states.');
  backend
    .command('bootstrap')
    .description("Apply an environment's backend/state unit with local state, then move that state into the bucket it made.")
    .argument('<environment>', '<system>/<environment>')
    .option('--yes', 'do not ask')
    .option(
      '--policy-ref <commit>',
      'the protected branch, whose head becomes the first accepted commit (default: the remote’s, else HEAD)',
    )
    .option('--adopt', 'take over an existing bucket, key and table that no state describes')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Needs an administrator's credentials. A second run changes nothing; after an interruption the same command resumes where it stopped.
A bucket, key or table that already exists and that no state describes is somebody else's: it is left alone, and the command exits with 3.
Other units that only an administrator applies (iam/github-oidc) follow. If the environment keeps its states in another environment's
bucket, that environment is bootstrapped instead, and the output says so.

Examples:
  terrace backend bootstrap olechka/dev
  terrace backend bootstrap tux/staging         creates the bucket of tux/production, which holds its states`,
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
Exits with 1 if one of them is missing or incomplete.

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
    .description('Remove an empty backend: the bucket with all its versions, its logs, the key and the lock table.')
    .argument('<unit>', '<system>/<environment>/<region>/backend/state')
    .option('--confirm <bucket>', "the bucket's name, as confirmation (on a terminal, it is asked for)")
    .addHelpText(
      'after',
      `
Refused while the bucket holds a state that has resources. The key is only scheduled for deletion (30 days).

Examples:
  terrace backend destroy olechka/dev/eu-central-1/backend/state
  terrace backend destroy olechka/dev/eu-central-1/backend/state --confirm terraform-state-123456789012-eu-central-1`,
    )
    .action(async (unit: string, flags: { readonly confirm?: string }) => {
      const { runBackendDestroy } = await import('../actions/backend');
      await runBackendDestroy(context, unit, flags.confirm);
    });
}
