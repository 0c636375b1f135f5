import type { Command } from 'commander';

import type { KeygenFlags } from '../actions/keygen';

export function register(program: Command): void {
  program
    .command('keygen')
    .description('Create a key: ed25519 to sign approvals with, or age (--age) to encrypt bundles to.')
    .requiredOption('--out <file>', 'new file for the private key, readable by you alone')
    .option('--age', 'an age identity instead of a signing key')
    .option('--json', 'print the public key as JSON')
    .addHelpText(
      'after',
      `
Prints the public key: put that of a signing key into terrace.approvals.json, and pass that of an age key to --recipient.

Examples:
  terrace keygen --out ~/.config/terrace/key.pem
  terrace keygen --age --out ops.age.key`,
    )
    .action(async (flags: KeygenFlags) => {
      const { runKeygen } = await import('../actions/keygen');
      await runKeygen(flags);
    });
}
