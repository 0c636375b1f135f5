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
    .option('--out <dir>', 'write to <dir>/<system>/… instead of live/<system>/…, and leave cdktf.out/ alone')
    .option('--check', 'write nothing; list the files that differ and exit with 1 if there are any')
    .option('--again', 'synthesize a second time with another home, clock, time zone and locale, and compare: E3305 if the trees differ')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Also writes terrace.environments.json, the facts of the environments. Commit it: facts are read from the commit that was accepted last.

Files of units that are gone from the source are removed; files that Terrace did not write, .terraform*, .terragrunt-cache and
errored.tfstate never are. Unchanged files are not rewritten.

Examples:
  terrace synth                                 everything
  terrace synth olechka/dev/eu-central-1        one region
  terrace synth olechka/dev/eu-central-1/network/vpc tux/staging
  terrace synth --out ../tree                 a tree to look at, separate from live/
  terrace synth --check                         in CI, if the tree is committed
  terrace synth --again --out ../tree         in CI: the source depends on nothing but its files`,
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
