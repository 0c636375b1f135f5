import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { DeployFlags } from '../actions/deploy';

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

export function register(program: Command, context: CommandContext): void {
  program
    .command('deploy')
    .description(
      'Plan, ask and apply, round by round, until nothing is left to do: the same steps as plan, approve and apply, on one machine.',
    )
    .argument('<selectors...>', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]')
    .option('--auto-approve', 'do not ask; refused outside the sandbox unless the approval rules of every environment allow it')
    .option('--key <file>', 'ed25519 private key (PEM) that signs your answer (default in the sandbox: its own)')
    .option('--identity <file>', 'age identity that opens the bundles (default in the sandbox: its own)')
    .option('--recipient <age1…>', 'age key to encrypt to; may be given more than once', collect)
    .option('--recipients <file>', 'file with one such key per line')
    .option('--policy-ref <commit>', 'the protected branch: its facts say which commit was accepted last (default: the remote’s)')
    .option('--policy <file>', 'the approval rules, fetched from the protected branch, with the facts beside them')
    .option('--base <commit>', 'the protected branch: who made the change and which rules it changes are found by comparing with it')
    .option('--with-dependents', 'also units that read the selected ones, directly or through others')
    .option('--leave-out', 'leave out units that another branch applied, instead of refusing everything')
    .option('--supersedes <commit>', 'allow a history that no longer contains this accepted commit; needs one more approver')
    .option('--policies <file>', 'the accepted policies, as written by `terrace policy compile`')
    .option('--start-empty <unit>', 'give up what the lost state of this unit held; may be given more than once', collect)
    .option('--destroy', 'destroy the selected units, dependents first')
    .option('--tree <folder>', 'use a tree that was synthesized before')
    .option('--parallel <n>', 'terraform processes to run at once (default: one per core)')
    .option('--out <folder>', 'where to keep the bundles (default: under .terrace/bundles)')
    .option('--events <file>', 'write events as JSON lines; - is standard output')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  terrace deploy olechka/dev/eu-central-1                  in the sandbox: eval "$(terrace sandbox env)" first
  terrace deploy olechka/dev --auto-approve
  terrace deploy olechka/staging --key key.pem --identity ops.age.key --recipients ops.age.txt --policy-ref origin/main`,
    )
    .action(async (selectors: string[], flags: DeployFlags) => {
      const { runDeploy } = await import('../actions/deploy');
      await runDeploy(context, selectors, flags);
    });
}
