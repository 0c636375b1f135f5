import type { Command } from 'commander';

import type { CommandContext } from '../command-context';
import type { EnvFlags, FolderFlags } from '../actions/sandbox';
import { registerOn } from './sandbox-cloud';
import { registerForks } from './sandbox-fork';

const isolation = `
In a shell that evaluates \`sandbox env\`, S3, DynamoDB, STS and every provider are the sandbox's own. Nothing there reaches
the real world: every other host is refused with 502, real credentials are hidden, and unknown providers are not installed.

Examples:
  eval "$(npx --no terrace sandbox env)"           enter: terraform, terragrunt and cdktf now work offline
  npx --no terrace backend bootstrap olechka/dev   create the bucket, key and table for the states
  (cd live/olechka/dev/eu-central-1/security/kms && terraform init && terraform apply)
  npx --no terrace sandbox status                  whether it runs, and what it holds
  npx --no terrace sandbox reset                   empty it
  eval "$(npx --no terrace sandbox env --unset)"   leave: the shell is as before

docs/sandbox.md says what is simulated and what is not.`;

export function register(program: Command, context: CommandContext): void {
  const sandbox = program
    .command('sandbox')
    .description('Run the real terraform against S3, DynamoDB, STS and providers that are simulated on this machine.')
    .addHelpText('after', isolation);
  const folder = (command: Command): Command => command.option('--dir <folder>', "the sandbox's folder (default: .sandbox in the project)");

  folder(sandbox.command('start').description('Start the daemon if it is not running, with its previous data and ports.'))
    .option('--new-ports', 'choose new ports (if another program has taken the old ones)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox start\n  npx --no terrace sandbox start --dir /tmp/another --json')
    .action(async (flags: FolderFlags & { readonly newPorts?: boolean; readonly json?: boolean }) => {
      const { runStart } = await import('../actions/sandbox');
      await runStart(context, flags);
    });

  folder(sandbox.command('stop').description('Stop the daemon; the data stays.'))
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox stop')
    .action(async (flags: FolderFlags) => {
      const { runStop } = await import('../actions/sandbox');
      await runStop(context, flags);
    });

  folder(
    sandbox
      .command('status')
      .description('Show whether the sandbox is running, where, and what it holds. Exits with 1 if it is not running.'),
  )
    .option('--json', 'print the status as JSON')
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox status\n  npx --no terrace sandbox status --json | jq .state')
    .action(async (flags: FolderFlags & { readonly json?: boolean }) => {
      const { runStatus } = await import('../actions/sandbox');
      await runStatus(context, flags);
    });

  folder(sandbox.command('reset').description('Remove all buckets, tables, resources and generated values; the id and the ports stay.'))
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox reset')
    .action(async (flags: FolderFlags) => {
      const { runReset } = await import('../actions/sandbox');
      await runReset(context, flags);
    });

  folder(sandbox.command('env').description('Print shell code that enters the sandbox; starts it if it is not running.'))
    .option(
      '--account <id>',
      "account of the shell's own key, 12 digits (default: the account that was seeded, else the first environment's)",
    )
    .option('--unit <path>', 'use the account and variables of this seeded unit, if units were applied with different ones')
    .option('--unset', 'print shell code that leaves it: every variable gets its previous value back')
    .option('--json', 'print the variables as JSON, for tools; an empty value means unset')
    .addHelpText(
      'after',
      `
Examples:
  eval "$(npx --no terrace sandbox env)"
  eval "$(npx --no terrace sandbox env --account 123456789012)"
  eval "$(npx --no terrace sandbox env --unset)"

The code is for POSIX shells (sh, bash, zsh). Previous values are kept in shell variables that are not exported, so --unset
restores them in the shell that entered; a shell opened from it has nothing to restore, and only unsets them.
Required variables of the synthesized tree get values of the right form as TF_VAR_<name>, which stay the same until \`sandbox reset\`.`,
    )
    .action(async (flags: EnvFlags) => {
      const { runEnv } = await import('../actions/sandbox');
      await runEnv(context, flags);
    });

  registerOn(sandbox, context);
  registerForks(sandbox, context);
}
