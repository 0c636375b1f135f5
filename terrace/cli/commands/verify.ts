import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { VerifyFlags } from '../actions/approve';

export function register(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('Check that a bundle is whole, not expired, and approved as the approval rules ask. Exits 3 where it is not.')
    .argument('<bundle>', 'folder or archive')
    .option('--policy-ref <commit>', 'the protected branch: its facts say which commit was accepted last (default: that of the remote)')
    .option('--policies <file>', 'the accepted policies as `terrace policy compile` wrote them')
    .option(
      '--policy <file>',
      'the approval rules, where there is no repository: fetched from the protected branch, with the facts beside them',
    )
    .option('--commit <commit>', 'refuse a bundle of any other commit than this one (id or name)')
    .option('--approvals <folder>', 'where the approvals are (default: <bundle>.approvals)')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Needs neither credentials nor a key. With --json it also says, approved or not, how many \`persons\` the bundle asks for, what asks for more
than usual (\`environments[].reasons\`), and whose approval counts so far. In the sandbox the sandbox's own policy counts where none is given.

Examples:
  terrace verify bundle --policy-ref origin/main
  terrace verify bundle.tar.gz --policy base/terrace.approvals.json --approvals approvals`,
    )
    .action(async (place: string, flags: VerifyFlags) => {
      const { runVerify } = await import('../actions/approve');
      await runVerify(context, place, flags);
    });
}
