import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { DeployFlags } from '../actions/deploy';

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

export function register(program: Command, context: CommandContext): void {
  program
    .command('deploy')
    .description(
      'Plan, ask and apply, round by round, until nothing is left to do: the same path as plan, approve and apply, on this machine.',
    )
    .argument('<selectors...>', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]')
    .option('--auto-approve', 'do not ask; refused outside the sandbox unless the approval rules of each environment allow it')
    .option('--key <file>', 'signs your yes: ed25519 private key (PEM); in the sandbox its own by default')
    .option('--identity <file>', 'age identity that opens the bundles; in the sandbox its own by default')
    .option('--recipient <age1…>', 'age key to encrypt to; may be given more than once', collect)
    .option('--recipients <file>', 'the same, one a line')
    .option('--policy-ref <commit>', 'the protected branch: its facts say which commit was accepted last (default: that of the remote)')
    .option('--policy <file>', 'the approval rules, fetched from the protected branch, with the facts beside them')
    .option('--base <commit>', 'the protected branch: whose change it is and which rules it changes is read from there')
    .option('--with-dependents', 'also what reads the selected units, directly or through others')
    .option('--leave-out', 'leave out what another branch applied, instead of refusing everything')
    .option('--supersedes <commit>', 'accept a history that no longer has this accepted commit; needs one more approver')
    .option('--policies <file>', 'the accepted policies as `terrace policy compile` wrote them')
    .option('--start-empty <unit>', 'give up what a lost state of this unit held; may be given more than once', collect)
    .option('--destroy', 'destroy the selected units, dependents first')
    .option('--tree <folder>', 'deploy a tree that was synthesized before')
    .option('--parallel <n>', 'terraform processes at once (default: one for each core)')
    .option('--out <folder>', 'where the bundles are kept (default: below .terrace/bundles)')
    .option('--events <file>', 'write what happens as JSON lines; - is stdout')
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
