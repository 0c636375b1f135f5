import { Option, type Command } from 'commander';

import type { CommandContext } from '../command-context';

interface GenerateFlags {
  readonly check?: boolean;
  readonly target: 'github' | 'atlantis';
}

export function register(program: Command, context: CommandContext): void {
  const ci = program.command('ci').description('Pipelines from the tree: plan, review, apply by an engine.');
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
  ci.command('doctor')
    .description('Compare the settings of the repository with what its workflows rely on, through the API of GitHub; reads only.')
    .addHelpText(
      'after',
      `
Needs GITHUB_TOKEN or GH_TOKEN with the right to read the repository, its administration, environments and the names of secrets.

Examples:
  GH_TOKEN=$(gh auth token) terrace ci doctor`,
    )
    .action(async () => {
      const { runDoctor } = await import('../actions/ci');
      await runDoctor(context, process.env);
    });
}
