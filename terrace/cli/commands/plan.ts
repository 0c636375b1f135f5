import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import { findTerraform } from '../../terraform/binary';
import type { PlanFlags } from '../actions/plan';

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

export function register(program: Command, context: CommandContext): void {
  program
    .command('plan')
    .description('Plan units with terraform, and seal the plans into a bundle with everything they were made from.')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .option('--affected <base>', 'only what `terrace affected --base` selects: a commit, `applied`, or a file that it wrote (….json)')
    .option(
      '--base <commit>',
      'the protected branch: its facts say which commit was accepted last (default: the one in --affected, else the remote’s)',
    )
    .option('--wave <n>', 'only the units of this wave; `gone`: only units that the source no longer has')
    .option('--round <n>', 'number of the round that the bundle is for (default: 1)')
    .option(
      '--mock',
      'use mocks for outputs that no state has and for data sources that find nothing; such a plan can be reviewed, but never applied',
    )
    .option('--parallel <n>', 'terraform processes to run at once (default: one per core)')
    .option('--shard <i/n>', 'only the i-th of n parts of a wave; merge them with `terrace bundle merge`')
    .option('--out <place>', 'folder or archive (.tar.gz) to write (default: under .terrace/bundles)')
    .option('--tree <folder>', 'plan a tree that was synthesized before (with its synth.json); loads no TypeScript')
    .option('--before <folder>', 'with --tree and --affected applied: a tree that still has the files of units that are gone')
    .option('--with-dependents', 'also units that read the selected ones, directly or through others')
    .option('--leave-out', 'leave out units that another branch applied, instead of refusing everything')
    .option('--supersedes <commit>', 'allow a history that no longer contains this accepted commit; needs one more approver')
    .option('--policies <file>', 'the accepted policies, as written by `terrace policy compile`')
    .option('--start-empty <unit>', 'give up what the lost state of this unit held; may be given more than once', collect)
    .option(
      '--not-given <variable>',
      'leave out units that need this variable (the review names them); may be given more than once',
      collect,
    )
    .option('--destroy', 'plan to destroy the selected units')
    .option('--recipient <age1…>', 'age key of somebody who may apply: plans are encrypted to it; may be given more than once', collect)
    .option('--recipients <file>', 'file with one such key per line')
    .option('--expires <time>', 'how long the bundle can be applied, such as 90m, 24h or 2d (default: 24h)')
    .option('--author <address>', 'somebody who made the change, besides the authors of its commits; may be given more than once', collect)
    .option('--no-lock', 'take no lock, for roles that may not write to the lock table; the plan is still bound to the state')
    .option('--detailed-exitcode', 'exit with 2 if anything would change')
    .option('--events <file>', 'write events as JSON lines; - is standard output')
    .option('--allow-empty', 'with --affected: succeed even if source files changed but no unit differs')
    .option('--json', 'print the bundle as JSON')
    .addHelpText(
      'after',
      `
A unit waits for the next round only if the plan of its upstream changes an output that it reads; the reason is shown. A unit that fails
stops only its dependents. The log of each unit is under .terrace/logs.

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
