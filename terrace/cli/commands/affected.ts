import { Option, type Command } from 'commander';

import type { AffectedFlags } from '../actions/affected';
import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('affected')
    .description(
      'Show which units a change affects, and why: compares what two commits synthesize, or the source with what was applied last.',
    )
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .requiredOption('--base <commit>', 'commit, branch or tag to compare with; `applied` compares with what the records say was applied')
    .option('--head <commit>', 'commit to look at, or `worktree` (default: worktree)')
    .option('--json', 'print as JSON')
    .addOption(new Option('--matrix', 'print a matrix for GitHub Actions: one entry for each environment').conflicts('json'))
    .option('--out <folder>', 'also write affected.json there, and the files needed to destroy units that are gone')
    .option('--allow-empty', 'succeed even if source files changed but no unit differs')
    .addHelpText(
      'after',
      `
A change to the toolchain or to a lock file selects everything, and so does a base that does not synthesize. Units that are gone are
selected to be destroyed, with the base's files. Dependents are listed with the output through which they are affected.

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
