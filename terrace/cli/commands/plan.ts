import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import { findTerraform } from '../../terraform/binary';
import type { PlanFlags } from '../actions/plan';

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

export function register(program: Command, context: CommandContext): void {
  program
    .command('plan')
    .description('Plan units with terraform and seal the plans, with everything they were made from, into a bundle.')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .option('--affected <base>', 'only what `terrace affected --base` selects: a commit, `applied`, or the file it wrote (….json)')
    .option(
      '--base <commit>',
      'the protected branch: its facts say which commit was accepted last (default: that of --affected, or of the remote)',
    )
    .option('--wave <n>', 'only the units of this dependency wave; gone: only what the source no longer has')
    .option('--round <n>', 'number that the bundle gets, where more than one follow each other (default: 1)')
    .option(
      '--mock',
      'fill outputs that no state has, and data sources that find nothing, with mocks; such a plan can be reviewed and never applied',
    )
    .option('--parallel <n>', 'terraform processes at once (default: one for each core)')
    .option('--shard <i/n>', 'only the i-th of n parts of a wave; `terrace bundle merge` joins them')
    .option('--out <place>', 'folder, or archive (.tar.gz), to write (default: below .terrace/bundles)')
    .option('--tree <folder>', 'plan a tree that was synthesized before (with its synth.json); loads no TypeScript')
    .option('--before <folder>', 'with --tree and --affected applied: a tree with the files of what is gone from it')
    .option('--with-dependents', 'also what reads the selected units, directly or through others')
    .option('--leave-out', 'leave out what another branch applied, instead of refusing everything')
    .option('--supersedes <commit>', 'accept a history that no longer has this accepted commit; needs one more approver')
    .option('--policies <file>', 'the accepted policies as `terrace policy compile` wrote them')
    .option('--start-empty <unit>', 'give up what a lost state of this unit held; may be given more than once', collect)
    .option(
      '--not-given <variable>',
      'leave out units that need this variable, and say so in the review; may be given more than once',
      collect,
    )
    .option('--destroy', 'plan to destroy the selected units')
    .option('--recipient <age1…>', 'who may apply: plans are encrypted to these age keys; may be given more than once', collect)
    .option('--recipients <file>', 'the same, one a line')
    .option('--expires <time>', '90m, 24h or 2d: when the bundle can no longer be applied (default: 24h)')
    .option('--author <address>', 'who made the change, besides the authors of its commits; may be given more than once', collect)
    .option('--no-lock', 'take no lock, for a role that may not write the lock table; the plan is bound to the state all the same')
    .option('--detailed-exitcode', 'end with 2 where something would change')
    .option('--events <file>', 'write what happens as JSON lines; - is stdout')
    .option('--allow-empty', 'with --affected: succeed even if files changed and no unit differs')
    .option('--json', 'print the bundle as JSON')
    .addHelpText(
      'after',
      `
A unit waits for the next round only where its upstream's plan changes an output that it reads; the reason is shown. A unit that fails
stops only its dependents. The log of each unit is below .terrace/logs.

Examples:
  terrace plan olechka/dev/eu-central-1
  terrace plan --affected origin/main --recipients ops.age.txt --out bundle
  terrace plan olechka/dev --mock                          what it would look like, before its upstreams exist
  terrace plan olechka/dev --wave 1 --shard 2/4 --out shard-2.tar.gz
  terrace plan --tree live --affected affected.json --out bundle`,
    )
    .action(async (selectors: string[], flags: PlanFlags) => {
      // Its version is asked for while the modules load, which takes as long.
      const terraform = findTerraform();
      terraform.catch(() => undefined);
      const { runPlan } = await import('../actions/plan');
      await runPlan(context, selectors, flags, terraform);
    });
}
