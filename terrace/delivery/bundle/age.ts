import { readFileSync } from 'node:fs';

import { failed, refused } from '../problems';
import { messageOf } from '../../base/message';

/** One age key: the recipient may be anywhere, the identity belongs to those who apply. */
export interface AgeKey {
  /** `AGE-SECRET-KEY-1…` */
  readonly identity: string;
  /** `age1…` */
  readonly recipient: string;
}

export async function newAgeKey(): Promise<AgeKey> {
  const age = await import('age-encryption');
  const identity = await age.generateIdentity();
  return { identity, recipient: await age.identityToRecipient(identity) };
}

export async function recipientOf(identity: string): Promise<string> {
  return (await import('age-encryption')).identityToRecipient(identity);
}

/** Encrypts for every recipient. Raises E6043 for a recipient that is none. */
export async function encryptFor(recipients: readonly string[], plaintext: Uint8Array): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw failed(
        'E6043',
        {
          found: `"${recipient}" is not an age recipient: ${messageOf(cause)}`,
          todo: 'use the public line of an age key (age1…); `terrace keygen --age` creates one',
        },
        1,
        cause,
      );
    }
  }
  return encrypter.encrypt(plaintext);
}

/** Decrypts with any of the identities. Raises E6022 when none fits or a byte was changed. */
export async function decryptWith(identities: readonly string[], ciphertext: Uint8Array, place: string): Promise<Uint8Array> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(ciphertext);
  } catch (cause) {
    throw refused(
      'E6022',
      {
        place,
        found: `none of the given identities opens it, or it was changed (${messageOf(cause)})`,
        todo: 'pass --identity with a key that the bundle was encrypted to',
      },
      cause,
    );
  }
}

/** Recipients of a file in age's own format: one a line, `#` begins a comment. Raises E6043, E6045. */
export function readRecipients(file: string): readonly string[] {
  const lines = keyLines(file).filter((line) => !line.startsWith('AGE-SECRET-KEY'));
  if (lines.length === 0)
    throw failed('E6043', {
      place: file,
      found: 'there is no recipient in this file',
      todo: 'a line `age1…` for each person or role that may apply',
    });
  return lines;
}

/** Identities of a file as `age-keygen` writes it. Raises E6044, E6045. */
export function readIdentities(file: string): readonly string[] {
  const lines = keyLines(file).filter((line) => /^AGE-SECRET-KEY-(PQ-)?1/.test(line));
  if (lines.length === 0)
    throw failed('E6044', {
      place: file,
      found: 'there is no identity in this file',
      todo: 'use a file with a line `AGE-SECRET-KEY-1…`; `terrace keygen --age` creates one',
    });
  return lines;
}

function keyLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
  } catch (cause) {
    throw failed('E6045', { place: file, found: messageOf(cause, file), todo: 'give a file that can be read' }, 1, cause);
  }
}
