import type { Command } from 'commander';

import type { RulesAcceptFlags } from '../actions/rules';
import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  const rules = program.command('rules').description('Choose which commit of the protected branch judges the changes of an environment.');
  rules
    .command('accept')
    .description('Accept a commit without any approval: the way out if none of the old approvers is left.')
    .argument('<commit>', 'a commit of the protected branch')
    .argument('<environment>', '<system>/<environment>')
    .option('--policy-ref <commit>', 'the protected branch (default: that of the remote)')
    .option('--confirm <environment>', "the environment's path, as confirmation (on a terminal, it is asked for)")
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Needs the credentials of the bootstrap role. Otherwise the accepted commit changes only through an apply that its rules approved, so the
environment’s next bundle says that this commit was accepted by hand.

Examples:
  terrace rules accept origin/main olechka/production
  terrace rules accept 0123456789abcdef tux/staging --confirm tux/staging`,
    )
    .action(async (commit: string, environment: string, flags: RulesAcceptFlags) => {
      const { runRulesAccept } = await import('../actions/rules');
      await runRulesAccept(context, commit, environment, flags);
    });
}
