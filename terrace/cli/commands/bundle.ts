import type { Command } from 'commander';

export function register(program: Command): void {
  const bundle = program.command('bundle').description('Inspect a bundle, merge the shards of a round, or pack a bundle.');
  bundle
    .command('show')
    .description('Check that a bundle is consistent, and show what it would do. Needs no key.')
    .argument('<bundle>', 'folder or archive')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Examples:
  terrace bundle show .terrace/bundles/20261121-103000-4711
  terrace bundle show bundle.tar.gz --json`,
    )
    .action(async (place: string, flags: { readonly json?: boolean }) => {
      const { runShow } = await import('../actions/bundle');
      await runShow(place, flags.json ?? false);
    });
  bundle
    .command('merge')
    .description('Merge the shards of one round into one bundle; gaps, overlaps and different commits are refused. Needs no key.')
    .argument('<bundles...>', 'all shards, 1/n to n/n')
    .requiredOption('--out <place>', 'folder or archive (.tar.gz)')
    .option('--allow-empty', 'succeed even if no shard holds a plan (nothing is written)')
    .option('--json', 'print the merged bundle as JSON')
    .addHelpText(
      'after',
      `
Examples:
  terrace bundle merge shard-1.tar.gz shard-2.tar.gz --out bundle.tar.gz`,
    )
    .action(async (places: string[], flags: { readonly out: string; readonly json?: boolean; readonly allowEmpty?: boolean }) => {
      const { runMerge } = await import('../actions/bundle');
      await runMerge(places, flags.out, flags.json ?? false, flags.allowEmpty ?? false);
    });
  bundle
    .command('pack')
    .description('Write the same bundle as an archive or a folder; its hash and approvals stay valid.')
    .argument('<bundle>', 'folder or archive')
    .argument('<out>', 'folder or archive (.tar.gz)')
    .addHelpText(
      'after',
      `
Examples:
  terrace bundle pack bundle bundle.tar.gz`,
    )
    .action(async (place: string, out: string) => {
      const { runPack } = await import('../actions/bundle');
      await runPack(place, out);
    });
}
