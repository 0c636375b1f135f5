import { gzipSync } from 'node:zlib';

import { gunzip } from '../../base/unpack';
import { refused } from '../problems';
import { isObject, type Json } from '../../base/json';

import { decryptWith, encryptFor } from './age';

/** The encrypted part of one unit. */
export interface UnmaskedPlan {
  readonly unit: string;
  /** Key of the digests in `plan.masked.json` and `consumed`; 32 bytes. */
  readonly key: Uint8Array;
  /** Values that are secret though nothing in the plan says so: sensitive outputs of upstreams. */
  readonly further: readonly Json[];
  /** The binary plan; null where it is tainted. */
  readonly plan: Uint8Array | null;
  /** `terraform show -json`. */
  readonly show: string;
  readonly log: string;
}

/** Encrypts a unit's plan, its JSON and its log together. */
export function encryptPlan(unmasked: UnmaskedPlan, recipients: readonly string[]): Promise<Uint8Array> {
  const content = {
    version: 1,
    unit: unmasked.unit,
    key: Buffer.from(unmasked.key).toString('base64'),
    further: unmasked.further,
    plan: unmasked.plan === null ? null : Buffer.from(unmasked.plan).toString('base64'),
    show: unmasked.show,
    log: unmasked.log,
  };
  return encryptFor(recipients, gzipSync(JSON.stringify(content), { level: 1 }));
}

/** Decrypts what `encryptPlan` made. Raises E6022 where no identity fits, E6077 where it is another unit's. */
export async function decryptPlan(ciphertext: Uint8Array, identities: readonly string[], unit: string): Promise<UnmaskedPlan> {
  const plaintext = await decryptWith(identities, ciphertext, unit);
  let value: unknown;
  try {
    value = JSON.parse(gunzip(plaintext).toString('utf8'));
  } catch (cause) {
    throw notReadable(unit, 'what was decrypted is not a plan', cause);
  }
  if (!isObject(value) || value['version'] !== 1) throw notReadable(unit, 'what was decrypted is not a plan of version 1');
  const { unit: found, key, further, plan, show, log } = value;
  if (found !== unit) throw notReadable(unit, `the encrypted plan belongs to ${String(found)}`);
  if (
    typeof key !== 'string' ||
    typeof show !== 'string' ||
    typeof log !== 'string' ||
    !Array.isArray(further) ||
    (plan !== null && typeof plan !== 'string')
  )
    throw notReadable(unit, 'what was decrypted is not a plan');
  return { unit, key: Buffer.from(key, 'base64'), further, plan: plan === null ? null : Buffer.from(plan, 'base64'), show, log };
}

function notReadable(unit: string, found: string, cause?: unknown) {
  return refused('E6077', { place: unit, found, todo: 'plan again, and approve that plan' }, cause);
}
