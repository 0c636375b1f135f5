import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { ReviewFlags } from '../actions/review';

export function register(program: Command, context: CommandContext): void {
  program
    .command('review')
    .description('Show what a bundle would change and what is dangerous about it. Needs no key.')
    .argument('<bundle>', 'folder or archive that `terrace plan` wrote')
    .option('--html <file>', 'write the review as one self-contained page')
    .option('--markdown <file>', 'write a pull-request comment; - is standard output')
    .option('--markdown-limit <room>', '`comment` (65,536 characters), `summary` (1 MiB) or a number of bytes', 'comment')
    .option('--sarif <file>', 'write the findings for code scanning (SARIF 2.1.0)')
    .option('--json <file>', 'write everything as JSON; - is standard output')
    .option('--open', 'open the page in the browser')
    .option('--policy-ref <ref>', 'also check against the policies of this commit (the protected branch)')
    .option('--policies <folder>', 'check against the policies in this folder, fetched from the protected branch')
    .option('--base <ref>', 'compare lock files with this commit (default: the base that the bundle names)')
    .option('--infracost <file>', 'show the figures of `infracost diff --format json`')
    .addHelpText(
      'after',
      `
Without a file to write, the findings are printed. A review never refuses a bundle; \`terrace verify\` and
\`terrace policy check\` do.

Examples:
  terrace review bundle --open
  terrace review bundle.tar.gz --html review.html --markdown comment.md --sarif review.sarif
  terrace review bundle --markdown "$GITHUB_STEP_SUMMARY" --markdown-limit summary --policy-ref origin/main
  terrace review bundle --json - | jq '.findings[] | select(.severity == "critical")'`,
    )
    .action(async (bundle: string, flags: ReviewFlags) => {
      const { runReview } = await import('../actions/review');
      await runReview(context, bundle, flags);
    });
}
