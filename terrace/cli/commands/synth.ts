import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import { exitCodes } from '../../base/errors';

interface SynthFlags {
  readonly out?: string;
  readonly check?: boolean;
  readonly again?: boolean;
  readonly json?: boolean;
}

export function register(program: Command, context: CommandContext): void {
  program
    .command('synth')
    .description('Write the selected units as Terraform JSON (cdktf.out/) and as a tree that Terragrunt reads (live/).')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .option('--out <dir>', 'write DIR/<system>/… instead of live/<system>/… and leave cdktf.out/ alone')
    .option('--check', 'write nothing; exit 1 with the list of files that differ')
    .option('--again', 'synthesize once more with another home, clock, time zone and locale, and compare: E3305 where the tree differs')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Writes terrace.environments.json as well, the facts of environments that are taken from what was accepted last: commit it.

What is no longer in the source is removed; files that Terrace did not write, .terraform*, .terragrunt-cache and
errored.tfstate never are. Unchanged files are not rewritten.

Examples:
  terrace synth                                 everything
  terrace synth olechka/dev/eu-central-1        one region
  terrace synth olechka/dev/eu-central-1/network/vpc tux/staging
  terrace synth --out ../tree                 a tree to look at, apart from live/
  terrace synth --check                         in CI, where the tree is committed
  terrace synth --again --out ../tree         in CI: the source is a function of its files`,
    )
    .action(async (selectors: string[], flags: SynthFlags) => {
      const { runSynth } = await import('../actions/synth');
      const clean = await runSynth(context, {
        selectors,
        ...(flags.out === undefined ? {} : { out: flags.out }),
        check: flags.check ?? false,
        again: flags.again ?? false,
        json: flags.json ?? false,
      });
      if (!clean) process.exitCode = exitCodes.failed;
    });
}
