import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { ApplyFlags } from '../actions/apply';

export function register(program: Command, context: CommandContext): void {
  program
    .command('apply')
    .description('Apply exactly the approved plans of a bundle, in order. Exits 3 for anything that was not approved or has changed since.')
    .argument('<bundle>', 'folder or archive')
    .option('--policy-ref <commit>', 'the protected branch: its facts say which commit was accepted last (default: that of the remote)')
    .option('--policies <file>', 'the accepted policies as `terrace policy compile` wrote them')
    .option(
      '--policy <file>',
      'the approval rules, where there is no repository: fetched from the protected branch, with the facts beside them',
    )
    .option('--commit <commit>', 'refuse a bundle of any other commit than this one (id or name)')
    .option('--approvals <folder>', 'where the approvals are (default: <bundle>.approvals)')
    .option('--identity <file>', 'age identity that the plans were encrypted to; in the sandbox its own by default')
    .option(
      '--tree <folder>',
      'the tree of the bundle’s commit, synthesized by another job than the one that planned (default: synthesized now)',
    )
    .option(
      '--kept <folder>',
      'folder for states that could not be uploaded, encrypted to those who may open the plans, so that they outlive the runner',
    )
    .option('--parallel <n>', 'terraform processes at once (default: one for each core)')
    .option('--events <file>', 'write what happens as JSON lines; - is stdout')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
The commit of the bundle is synthesized again without credentials, or given with --tree; units that it does not hold are refused. Once nothing
is left to apply, that commit becomes the accepted one. After a kill or an interruption, run the same command again: what is finished stays, what
was in flight is refused and has to be planned and approved again, the rest goes on. A held lock ends with 4 and names the holder.

Examples:
  terrace apply bundle --policy-ref origin/main --identity ops.age.key
  terrace apply bundle.tar.gz --policy base/terrace.approvals.json --identity ops.age.key --events events.jsonl`,
    )
    .action(async (place: string, flags: ApplyFlags) => {
      const { runApply } = await import('../actions/apply');
      await runApply(context, place, flags);
    });
}
