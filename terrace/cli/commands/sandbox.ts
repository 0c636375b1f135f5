import type { Command } from 'commander';

import type { CommandContext } from '../command-context';
import type { EnvFlags, FolderFlags } from '../actions/sandbox';
import { registerOn } from './sandbox-cloud';
import { registerForks } from './sandbox-fork';

const isolation = `
In the shell that evaluates \`sandbox env\`, S3, DynamoDB, STS and every provider are the sandbox's own. Nothing of it
reaches reality: any other host is refused with 502, real credentials are hidden, unknown providers are not installed.

Examples:
  eval "$(npx --no terrace sandbox env)"           enter: terraform, terragrunt and cdktf now work offline
  npx --no terrace backend bootstrap olechka/dev   make the bucket, key and table that hold the states
  (cd live/olechka/dev/eu-central-1/security/kms && terraform init && terraform apply)
  npx --no terrace sandbox status                  what runs, and what it holds
  npx --no terrace sandbox reset                   empty it
  eval "$(npx --no terrace sandbox env --unset)"   leave: the shell is as it was before

docs/sandbox.md says what is simulated and what is not.`;

export function register(program: Command, context: CommandContext): void {
  const sandbox = program
    .command('sandbox')
    .description('An S3, a DynamoDB, an STS and simulated providers on this machine, for the real terraform to run against.')
    .addHelpText('after', isolation);
  const folder = (command: Command): Command => command.option('--dir <folder>', "the sandbox's folder (default: .sandbox in the project)");

  folder(sandbox.command('start').description('Start the daemon if it is not running, with the data and ports of last time.'))
    .option('--new-ports', 'choose new ports, if another program has taken the old ones')
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

  folder(sandbox.command('status').description('Show whether the sandbox runs, where, and what it holds. Exits 1 when it does not run.'))
    .option('--json', 'print the status as JSON')
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox status\n  npx --no terrace sandbox status --json | jq .state')
    .action(async (flags: FolderFlags & { readonly json?: boolean }) => {
      const { runStatus } = await import('../actions/sandbox');
      await runStatus(context, flags);
    });

  folder(sandbox.command('reset').description('Remove all buckets, tables, resources and generated values; id and ports stay.'))
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox reset')
    .action(async (flags: FolderFlags) => {
      const { runReset } = await import('../actions/sandbox');
      await runReset(context, flags);
    });

  folder(sandbox.command('env').description('Print shell code that enters the sandbox, starting it where it does not run.'))
    .option(
      '--account <id>',
      "the account of the shell's own key, 12 digits (default: that of what was seeded, else the first environment's)",
    )
    .option('--unit <path>', 'a seeded unit whose account and variables count where units were applied with different ones')
    .option('--unset', 'print shell code that leaves it: every variable gets the value it had before')
    .option('--json', 'print the variables as JSON, for tools; an empty value means unset')
    .addHelpText(
      'after',
      `
Examples:
  eval "$(npx --no terrace sandbox env)"
  eval "$(npx --no terrace sandbox env --account 123456789012)"
  eval "$(npx --no terrace sandbox env --unset)"

The code is for POSIX shells (sh, bash, zsh). The values from before are kept in shell variables that are not exported,
so --unset restores them in the shell that entered; a shell opened inside has nothing to restore, and unsets.
Required variables of the synthesized tree get values of the right form as TF_VAR_<name>, the same until \`sandbox reset\`.`,
    )
    .action(async (flags: EnvFlags) => {
      const { runEnv } = await import('../actions/sandbox');
      await runEnv(context, flags);
    });

  registerOn(sandbox, context);
  registerForks(sandbox, context);
}
