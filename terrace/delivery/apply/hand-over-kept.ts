import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { decryptWith, encryptFor } from '../bundle/age';
import { keptStates } from '../record/kept-states';

/** What an encrypted file of age begins with. */
const ageHeader = 'age-encryption.org/v1';

/** A state that leaves the machine on which it was kept. */
export interface HandedOverState {
  readonly unit: string;
  readonly file: string;
}

/**
 * Writes the states of units that terraform could not upload into a folder that others may see, each encrypted to the recipients of its
 * unit: a runner is gone after its job, and the state with it. Files: `<unit with ->[.<n>].tfstate.age`, mode 0600.
 */
export async function handOverKept(
  work: string,
  units: readonly string[],
  folder: string,
  recipientsOf: (unit: string) => readonly string[],
): Promise<readonly HandedOverState[]> {
  const handed: HandedOverState[] = [];
  for (const unit of units) {
    for (const [index, kept] of keptStates(work, unit).entries()) {
      const file = path.join(folder, `${unit.replaceAll('/', '-')}${index === 0 ? '' : `.${index + 1}`}.tfstate.age`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(file, await encryptFor(recipientsOf(unit), readFileSync(kept)), { mode: 0o600 });
      handed.push({ unit, file });
    }
  }
  return handed;
}

/** The text of a state that was kept, decrypted where it was handed over. Raises E6022 where no identity opens it. */
export async function readKeptState(file: string, identities: () => Promise<readonly string[]>): Promise<string> {
  const bytes = readFileSync(file);
  if (!bytes.subarray(0, ageHeader.length).equals(Buffer.from(ageHeader))) return bytes.toString('utf8');
  return Buffer.from(await decryptWith(await identities(), bytes, file)).toString('utf8');
}
