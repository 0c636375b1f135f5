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
    .description('Generate pipelines from the tree, pin the program they run, and check the repository’s settings.');
  ci.command('generate')
    .description('Write the pipelines of every system whose root has `ci`, in the format of a CI engine.')
    .option('--check', 'write nothing; list the files that differ and exit with 1 if there are any')
    .addOption(new Option('--target <engine>', 'CI engine to write for').choices(['github', 'atlantis']).default('github'))
    .addHelpText(
      'after',
      `
Matrix, roles, environments, gates and rounds come from the tree and from \`ci\` in its roots. Commit the result.

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
      'Build the program from a commit of the protected branch, and record both in ci/terrace.json: pipelines plan and apply with it.',
    )
    .argument('[commit]', 'a commit of the protected branch (default: the remote’s head of that branch, else HEAD)')
    .option('--check', 'write nothing; rebuild the recorded program and exit with 1 if its digest differs')
    .addHelpText(
      'after',
      `
The program is built in a work tree of that commit, as in a pipeline; the same commit gives the same bytes on every machine. It takes
effect once an environment accepts the commit that records it.

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
    .description('Check through the GitHub API that the repository’s settings are what its workflows rely on. Changes nothing.')
    .option('--files', 'check only the files that must be committed before anything can be planned; needs no token')
    .addHelpText(
      'after',
      `
Needs GITHUB_TOKEN or GH_TOKEN with read access to the repository, its administration, its environments and the names of its secrets.

Examples:
  GH_TOKEN=$(gh auth token) terrace ci doctor
  terrace ci doctor --files                     in the first job of a pipeline`,
    )
    .action(async (flags: { readonly files?: boolean }) => {
      const { runDoctor } = await import('../actions/ci');
      await runDoctor(context, process.env, flags.files ?? false);
    });
}
