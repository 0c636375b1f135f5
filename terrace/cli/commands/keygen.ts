import type { Command } from 'commander';

import type { KeygenFlags } from '../actions/keygen';

export function register(program: Command): void {
  program
    .command('keygen')
    .description('Make a key: ed25519 to approve with, or age (--age) to encrypt bundles to.')
    .requiredOption('--out <file>', 'new file for the secret part, readable by you alone')
    .option('--age', 'an age identity instead of a signing key')
    .option('--json', 'print the public part as JSON')
    .addHelpText(
      'after',
      `
The public part is printed: of a signing key for terrace.approvals.json, of an age key for --recipient.

Examples:
  terrace keygen --out ~/.config/terrace/key.pem
  terrace keygen --age --out ops.age.key`,
    )
    .action(async (flags: KeygenFlags) => {
      const { runKeygen } = await import('../actions/keygen');
      await runKeygen(flags);
    });
}
