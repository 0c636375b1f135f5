import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { newSigningKey } from '../../delivery/approval/keys';
import { failed } from '../../delivery/problems';
import { messageOf } from '../../base/message';
import { newAgeKey } from '../../delivery/bundle/age';

export interface KeygenFlags {
  readonly age?: boolean;
  readonly out: string;
  readonly json?: boolean;
}

/** `terrace keygen`: writes the secret part to a new file, prints the public one. */
export async function runKeygen(flags: KeygenFlags): Promise<void> {
  if (flags.age === true) {
    const { identity, recipient } = await newAgeKey();
    writeSecret(flags.out, `# public key: ${recipient}\n${identity}\n`);
    process.stdout.write(
      flags.json === true ? `${JSON.stringify({ version: 1, recipient, file: flags.out }, null, 2)}\n` : `${recipient}\n`,
    );
    return;
  }
  const { privatePem, publicPem, id } = newSigningKey();
  writeSecret(flags.out, privatePem);
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ version: 1, id, publicKey: publicPem, file: flags.out }, null, 2)}\n`
      : `${publicPem}key id ${id}\n`,
  );
}

function writeSecret(file: string, content: string): void {
  try {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true, mode: 0o700 });
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const todo = existsSync(file)
      ? 'choose a file that does not exist yet: keys are never overwritten'
      : 'choose a file that can be written';
    throw failed('E6027', { place: file, found: messageOf(cause, file), todo }, 1, cause);
  }
}
