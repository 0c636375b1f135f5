import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { PolicyFlags } from '../actions/policy';

export function register(program: Command, context: CommandContext): void {
  const policy = program
    .command('policy')
    .description('Check plans against your organisation’s policies (policies/), and test the policies.');
  const from = (command: Command): Command =>
    command
      .option('--policy-ref <ref>', 'use the policies of this commit (the protected branch)')
      .option(
        '--policies <place>',
        'use the policies in this folder, fetched from the protected branch, or in a file written by `policy compile`',
      );
  from(
    policy
      .command('check')
      .description('Check a bundle against the policies. Exits with 3 if one refuses it.')
      .argument('<bundle>', 'folder or archive that `terrace plan` wrote'),
  )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Policies judge a change, so they are read from the protected branch and never from the change itself. Without --policy-ref or
--policies, those of the work tree are used, which is refused in CI (CI=true).

Examples:
  terrace policy check .terrace/bundle --policy-ref origin/main
  terrace policy check bundle.tar.gz --policies /tmp/base/policies --json`,
    )
    .action(async (bundle: string, flags: PolicyFlags) => {
      const { runPolicyCheck } = await import('../actions/policy');
      await runPolicyCheck(context, bundle, flags);
    });
  from(policy.command('test').description('Run the policies’ own tests. Exits with 1 if one fails.'))
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  terrace policy test
  terrace policy test --policy-ref HEAD --json`,
    )
    .action(async (flags: PolicyFlags) => {
      const { runPolicyTest } = await import('../actions/policy');
      await runPolicyTest(context, flags);
    });
  from(policy.command('compile').description('Compile the policies into one file, for places where nothing can be compiled.'))
    .requiredOption('--out <file>', 'the file to write, such as policies.cjs')
    .addHelpText(
      'after',
      `
A pipeline's privileged jobs run Terrace as a single file, which loads no TypeScript: an unprivileged job compiles the policies for it.

Examples:
  terrace policy compile --out policies.cjs
  terrace policy compile --policy-ref origin/main --out policies.cjs`,
    )
    .action(async (flags: PolicyFlags & { readonly out: string }) => {
      const { runPolicyCompile } = await import('../actions/policy');
      await runPolicyCompile(context, flags);
    });
}
