import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { ApplyFlags } from '../actions/apply';

export function register(program: Command, context: CommandContext): void {
  program
    .command('apply')
    .description('Apply exactly the approved plans of a bundle, in order. Exits with 3 if anything was not approved or has changed since.')
    .argument('<bundle>', 'folder or archive')
    .option('--policy-ref <commit>', 'the protected branch: its facts say which commit was accepted last (default: the remote’s)')
    .option('--policies <file>', 'the accepted policies, as written by `terrace policy compile`')
    .option(
      '--policy <file>',
      'the approval rules, if there is no repository: fetched from the protected branch, with the facts beside them',
    )
    .option('--commit <commit>', 'refuse a bundle that was made from any other commit (id or name)')
    .option('--approvals <folder>', 'where the approvals are (default: <bundle>.approvals)')
    .option('--identity <file>', 'age identity that the plans were encrypted to (default in the sandbox: its own)')
    .option(
      '--tree <folder>',
      'the tree of the bundle’s commit, synthesized by a different job from the one that planned (default: synthesized now)',
    )
    .option(
      '--kept <folder>',
      'folder for states that could not be uploaded, encrypted to those who may open the plans, so that they survive the runner',
    )
    .option('--parallel <n>', 'terraform processes to run at once (default: one per core)')
    .option('--events <file>', 'write events as JSON lines; - is standard output')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
The bundle’s commit is synthesized again without credentials, or given with --tree; units that it does not contain are refused. Once nothing
is left to apply, that commit becomes the accepted one. After a kill or an interruption, run the same command again: finished units stay as
they are, units that were in flight are refused and must be planned and approved again, and the rest is applied. If a lock is held, the
command names its holder and exits with 4.

Examples:
  terrace apply bundle --policy-ref origin/main --identity ops.age.key
  terrace apply bundle.tar.gz --policy base/terrace.approvals.json --identity ops.age.key --events events.jsonl`,
    )
    .action(async (place: string, flags: ApplyFlags) => {
      const { runApply } = await import('../actions/apply');
      await runApply(context, place, flags);
    });
}
