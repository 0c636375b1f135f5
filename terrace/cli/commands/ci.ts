import { Option, type Command } from 'commander';

import type { CommandContext } from '../command-context';

interface GenerateFlags {
  readonly check?: boolean;
  readonly target: 'github' | 'atlantis';
}

interface PinFlags {
  readonly check?: boolean;
}

export function register(program: Command, context: CommandContext): void {
  const ci = program
    .command('ci')
    .description('Generate pipelines from the tree, pin the program that they run, and check the settings of the repository.');
  ci.command('generate')
    .description('Write the pipelines of every system whose root has `ci`, as files of an engine.')
    .option('--check', 'write nothing; exit 1 with the list of files that differ')
    .addOption(new Option('--target <engine>', 'whose files').choices(['github', 'atlantis']).default('github'))
    .addHelpText(
      'after',
      `
Matrix, roles, environments, gates and rounds come from the tree and from \`ci\` in its roots; the result is committed.

Examples:
  terrace ci generate
  terrace ci generate --check                   in CI
  terrace ci generate --target atlantis         where liveTree is 'committed'`,
    )
    .action(async (flags: GenerateFlags) => {
      const { runGenerate } = await import('../actions/ci');
      await runGenerate(context, flags.target, flags.check ?? false);
    });
  ci.command('pin')
    .description(
      'Build the program of a commit of the protected branch, and name both in ci/terrace.json: pipelines plan and apply with it.',
    )
    .argument('[commit]', 'an ancestor of the protected branch (default: that branch, as the remote has it; HEAD without one)')
    .option('--check', 'write nothing; build the program that is named, and exit 1 where its digest is another one')
    .addHelpText(
      'after',
      `
The program is built in a work tree of that commit, as pipelines do it; the same commit gives the same bytes on every machine. It comes into
force once an environment accepts the commit that names it.

Examples:
  terrace ci pin
  terrace ci pin origin/main~3
  terrace ci pin --check                        in CI`,
    )
    .action(async (commit: string | undefined, flags: PinFlags) => {
      const { runPin } = await import('../actions/ci-pin');
      await runPin(context, commit, flags.check ?? false);
    });
  ci.command('doctor')
    .description('Compare the settings of the repository with what its workflows rely on, through the API of GitHub; reads only.')
    .option('--files', 'only what has to be committed before anything can be planned; needs no token')
    .addHelpText(
      'after',
      `
Needs GITHUB_TOKEN or GH_TOKEN with the right to read the repository, its administration, environments and the names of secrets.

Examples:
  GH_TOKEN=$(gh auth token) terrace ci doctor
  terrace ci doctor --files                     in the first job of a pipeline`,
    )
    .action(async (flags: { readonly files?: boolean }) => {
      const { runDoctor } = await import('../actions/ci');
      await runDoctor(context, process.env, flags.files ?? false);
    });
}
