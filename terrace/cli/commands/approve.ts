import type { Command } from 'commander';

import type { CommandContext } from '../command-context';

import type { ApproveFlags } from '../actions/approve';

export function register(program: Command, context: CommandContext): void {
  program
    .command('approve')
    .description('Sign a bundle: its hash and exactly its units. The approval is written beside the bundle, never into it.')
    .argument('<bundle>', 'folder or archive')
    .option('--key <file>', 'your ed25519 private key (PEM); in the sandbox its own by default')
    .option('--hash <digits>', 'the hash that you reviewed, its first 12 digits or more: another bundle is refused')
    .option('--out <place>', 'folder or file (….json) of the approval (default: <bundle>.approvals/<key id>.dsse.json)')
    .option('--comment <text>', 'signed along with it')
    .option('--reviewed <file>', 'sign who opened the gates of a run instead: what the engine’s API lists as its approvals')
    .option(
      '--proposed <file>',
      'with --reviewed: the pull requests of the change, as the engine’s API lists them: who proposed one made it',
    )
    .option('--gate <place>', 'with --reviewed: the gate that counts, and its followers (<place>-2, …)')
    .option('--run <id>', 'with --reviewed: the run')
    .option('--attempt <n>', 'with --reviewed: which attempt of it')
    .option('--commit <commit>', 'with --reviewed: its commit')
    .option('--policy-ref <commit>', 'the protected branch: policies and facts of what was accepted bind (default: that of the remote)')
    .option('--policies <file>', 'the accepted policies as `terrace policy compile` wrote them')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Read the review first. Whether your approval counts is decided by the approval rules of the accepted commit when the bundle is applied.

Examples:
  terrace approve bundle --key ~/.config/terrace/key.pem
  terrace approve bundle.tar.gz --key key.pem --comment "maintenance window of 3 December"`,
    )
    .action(async (place: string, flags: ApproveFlags) => {
      const { runApprove } = await import('../actions/approve');
      await runApprove(context, place, flags);
    });
}
