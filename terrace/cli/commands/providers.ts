import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

interface LockFlags {
  readonly fsMirror?: string;
  readonly platform: readonly string[];
  readonly json?: boolean;
}

export function register(program: Command, context: CommandContext): void {
  const providers = program.command('providers').description('Lock provider packages to their hashes.');
  providers
    .command('lock')
    .description("Write stacks/<system>/.terraform.lock.hcl with the hashes of every provider the system's units require.")
    .argument('[systems...]', 'without one, all of them')
    .option('--fs-mirror <dir>', 'take the packages from a filesystem mirror instead of the registries')
    .option(
      '--platform <platform>',
      'such as linux_amd64; may be repeated (default: darwin and linux, amd64 and arm64)',
      (one: string, others: readonly string[]) => [...others, one],
      [],
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Commit the file: synthesis writes each unit's part of it next to its JSON, and plan and apply then accept only these packages.
Reads the hashes from the provider registries, so it needs the network; hashes of simulated providers are refused.

Examples:
  terrace providers lock
  terrace providers lock olechka --platform linux_amd64 --platform darwin_arm64
  terraform providers mirror /srv/mirror && terrace providers lock --fs-mirror /srv/mirror`,
    )
    .action(async (systems: string[], flags: LockFlags) => {
      const { runProvidersLock } = await import('../actions/providers');
      await runProvidersLock(context, {
        systems,
        platforms: flags.platform,
        json: flags.json ?? false,
        ...(flags.fsMirror !== undefined && { fsMirror: flags.fsMirror }),
      });
    });
}
