import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { VerifyFlags } from '../actions/approve';

export function register(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('Check that a bundle is intact, has not expired, and is approved as the approval rules require. Exits with 3 if not.')
    .argument('<bundle>', 'folder or archive')
    .option('--policy-ref <commit>', 'the protected branch: its facts say which commit was accepted last (default: the remote’s)')
    .option('--policies <file>', 'the accepted policies, as written by `terrace policy compile`')
    .option(
      '--policy <file>',
      'the approval rules, if there is no repository: fetched from the protected branch, with the facts beside them',
    )
    .option('--commit <commit>', 'refuse a bundle that was made from any other commit (id or name)')
    .option('--approvals <folder>', 'where the approvals are (default: <bundle>.approvals)')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Needs neither credentials nor a key. With --json, whether approved or not, it also says how many \`persons\` must approve the bundle, why there
are more than usual (\`environments[].reasons\`), and whose approvals count so far. The sandbox has approval rules of its own, used if none are given.

Examples:
  terrace verify bundle --policy-ref origin/main
  terrace verify bundle.tar.gz --policy base/terrace.approvals.json --approvals approvals`,
    )
    .action(async (place: string, flags: VerifyFlags) => {
      const { runVerify } = await import('../actions/approve');
      await runVerify(context, place, flags);
    });
}
