import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

export function register(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description(
      'Check what Terrace needs on this machine (programs, versions, clock, sandbox, credentials, backends) and say what to fix.',
    )
    .option('--offline', 'contact no server: leave out clock, credentials and backends')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Changes nothing. Credentials and backends are those of the tree that \`terrace synth\` wrote; in a sandbox shell they are the
sandbox's. Exits with 1 if a check failed; a warning is something that works now but should be fixed.

Examples:
  terrace doctor
  terrace doctor --offline
  terrace doctor --json | jq '.checks[] | select(.state == "failed")'`,
    )
    .action(async (flags: { readonly offline?: boolean; readonly json?: boolean }) => {
      const { runDoctor } = await import('../actions/doctor');
      await runDoctor(context, { online: flags.offline !== true, ...(flags.json === undefined ? {} : { json: flags.json }) });
    });
}
