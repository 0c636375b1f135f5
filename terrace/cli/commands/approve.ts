import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { ApproveFlags } from '../actions/approve';

export function register(program: Command, context: CommandContext): void {
  program
    .command('approve')
    .description(
      'Approve a bundle by signing its hash and its exact list of units. The approval is written next to the bundle, never into it.',
    )
    .argument('<bundle>', 'folder or archive')
    .option('--key <file>', 'your ed25519 private key (PEM; default in the sandbox: its own)')
    .option('--hash <digits>', 'the hash that you reviewed (at least its first 12 digits); any other bundle is refused')
    .option('--out <place>', 'folder or file (….json) of the approval (default: <bundle>.approvals/<key id>.dsse.json)')
    .option('--comment <text>', 'a comment, signed with the approval')
    .option('--reviewed <file>', 'instead, sign who opened the gates of a run: the approvals that the engine’s API lists')
    .option(
      '--proposed <file>',
      'with --reviewed: the pull requests of the change, as the engine’s API lists them; whoever opened one counts as an author',
    )
    .option('--gate <place>', 'with --reviewed: the gate that counts, and those that follow it (<place>-2, …)')
    .option('--run <id>', 'with --reviewed: id of the run')
    .option('--attempt <n>', 'with --reviewed: the attempt of that run')
    .option('--commit <commit>', 'with --reviewed: the commit of that run')
    .option('--policy-ref <commit>', 'the protected branch: the accepted policies and facts are read from it (default: that of the remote)')
    .option('--policies <file>', 'the accepted policies, as written by `terrace policy compile`')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Read the review first. When the bundle is applied, the approval rules of the accepted commit decide whether your approval counts.

Examples:
  terrace approve bundle --key ~/.config/terrace/key.pem
  terrace approve bundle.tar.gz --key key.pem --comment "maintenance window of 3 December"`,
    )
    .action(async (place: string, flags: ApproveFlags) => {
      const { runApprove } = await import('../actions/approve');
      await runApprove(context, place, flags);
    });
}
