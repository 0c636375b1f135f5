import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { PolicyFlags } from '../actions/policy';

export function register(program: Command, context: CommandContext): void {
  const policy = program.command('policy').description('Judge plans by the policies of your organisation (policies/), and test these.');
  const from = (command: Command): Command =>
    command
      .option('--policy-ref <ref>', 'policies of this commit (the protected branch)')
      .option('--policies <place>', 'policies in this folder, fetched from the protected branch, or in a file that `policy compile` wrote');
  from(
    policy
      .command('check')
      .description('Judge a bundle by the policies; exit 3 where one refuses.')
      .argument('<bundle>', 'folder or archive that `terrace plan` wrote'),
  )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Policies judge a change, so they are read from the protected branch and never from the change. Without
--policy-ref or --policies those of the work tree are taken, which CI (CI=true) refuses.

Examples:
  terrace policy check .terrace/bundle --policy-ref origin/main
  terrace policy check bundle.tar.gz --policies /tmp/base/policies --json`,
    )
    .action(async (bundle: string, flags: PolicyFlags) => {
      const { runPolicyCheck } = await import('../actions/policy');
      await runPolicyCheck(context, bundle, flags);
    });
  from(policy.command('test').description('Run the policies’ own tests; exit 1 where one fails.'))
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
  from(policy.command('compile').description('Write the policies as one file, to judge by where nothing can be compiled.'))
    .requiredOption('--out <file>', 'the file, policies.cjs for instance')
    .addHelpText(
      'after',
      `
The program in one file, which a pipeline's privileged jobs run, loads no TypeScript: a job without rights compiles the policies for it.

Examples:
  terrace policy compile --out policies.cjs
  terrace policy compile --policy-ref origin/main --out policies.cjs`,
    )
    .action(async (flags: PolicyFlags & { readonly out: string }) => {
      const { runPolicyCompile } = await import('../actions/policy');
      await runPolicyCompile(context, flags);
    });
}
