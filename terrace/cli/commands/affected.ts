import { Option, type Command } from 'commander';

import type { AffectedFlags } from '../actions/affected';
import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('affected')
    .description('Show which units a change affects and why, by comparing what both commits synthesize, or with what was applied last.')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .requiredOption('--base <commit>', 'commit, branch or tag to compare with; `applied` compares with the records beside the states')
    .option('--head <commit>', 'commit to look at, or `worktree` (default: worktree)')
    .option('--json', 'print as JSON')
    .addOption(new Option('--matrix', 'print a matrix for GitHub Actions: one entry for each environment').conflicts('json'))
    .option('--out <folder>', 'also write affected.json there, and the files with which deleted units are destroyed')
    .option('--allow-empty', 'succeed even if files that units are made of changed and no unit differs')
    .addHelpText(
      'after',
      `
A change of the toolchain or of a lock file selects everything, and so does a base that does not synthesize. Units that are gone are
selected to be destroyed, with the base's files. Dependents are selected with the output through which they are affected.

Examples:
  terrace affected --base main
  terrace affected --base origin/main --head HEAD olechka --json
  terrace affected --base applied olechka/dev       what an earlier, failed or unapproved run left behind
  terrace affected --base origin/main --matrix >> "$GITHUB_OUTPUT"`,
    )
    .action(async (selectors: string[], flags: AffectedFlags) => {
      const { runAffected } = await import('../actions/affected');
      await runAffected(context, selectors, flags);
    });
}
