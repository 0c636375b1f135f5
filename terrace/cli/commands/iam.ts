import { Option, type Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('iam')
    .description('Print the IAM policies that a role needs to plan or apply an environment, derived from its units.')
    .argument('<environment>', '<system>/<environment>')
    .addOption(new Option('--role <role>', 'plan or apply').choices(['plan', 'apply']).makeOptionMandatory())
    .option('--json', 'as JSON: the policies as AWS takes them, each at most 6144 characters')
    .addHelpText(
      'after',
      `
The actions are those that terraform calls for the resource types in use, limited to the system's names; the states are exactly
those of the environment's units. The plan role writes nothing but locks. The apply role may not change itself, the identity
provider, or what protects states and locks; units that an administrator applies are left out.

Examples:
  terrace iam olechka/production --role plan
  terrace iam olechka/dev --role apply --json | jq -r '.policies[0]'`,
    )
    .action(async (environment: string, flags: { readonly role: 'plan' | 'apply'; readonly json?: boolean }) => {
      const { runIam } = await import('../actions/iam');
      await runIam(context, environment, flags.role, flags.json ?? false);
    });
}
