import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { VerifiedBundle } from '../bundle/verify';
import { cannotWrite } from '../tree/write-files';
import { refused } from '../problems';
import { messageOf } from '../../base/message';

import { parseEnvelope, signEnvelope } from '../approval/envelope';
import type { SignedFile } from '../approval/evaluate';
import { keyId } from '../approval/keys';
import { reviewStatement, type GateReview } from '../approval/review-statement';
import { statementOf } from '../approval/statement';

/** Signs a bundle: this hash, these units, now. */
export function approveBundle(verified: VerifiedBundle, key: KeyObject, now: Date, comment = ''): SignedFile {
  const id = keyId(createPublicKey(key));
  const statement = statementOf({
    bundle: verified.content.hash,
    units: verified.bundle.units.map((entry) => entry.unit.path),
    approvedAt: now.toISOString(),
    comment,
  });
  return { file: `${id}.dsse.json`, envelope: signEnvelope(statement, key, id) };
}

/** Signs what an engine says about who let a bundle through its gates. */
export function approveAsReviewed(verified: VerifiedBundle, key: KeyObject, review: Omit<GateReview, 'bundle' | 'units'>): SignedFile {
  const id = keyId(createPublicKey(key));
  const statement = reviewStatement({
    ...review,
    bundle: verified.content.hash,
    units: verified.bundle.units.map((entry) => entry.unit.path),
  });
  return { file: `${id}.gates.dsse.json`, envelope: signEnvelope(statement, key, id) };
}

/** Folder beside a bundle in which its approvals lie; never in the bundle, whose bytes are what is approved. */
export function approvalsFolder(bundle: string): string {
  return `${bundle.replace(/\/+$/, '')}.approvals`;
}

/** Writes an approval into a folder, or to a file that ends in `.json`; gives its path. Raises E6027. */
export function writeApproval(signed: SignedFile, to: string): string {
  const file = to.endsWith('.json') ? to : path.join(to, signed.file);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(signed.envelope, null, 2)}\n`);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
  return file;
}

/** The approvals in a folder; none where it does not exist. Raises E6017 for a file that is no envelope, E6045 for a folder that cannot be read. */
export function readApprovals(folder: string): readonly SignedFile[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder)
      .filter((name) => name.endsWith('.dsse.json'))
      .toSorted();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw refused('E6045', { place: folder, found: messageOf(cause, folder), todo: 'give a folder that can be read' }, cause);
  }
  return names.map((name) => ({
    file: path.join(folder, name),
    envelope: parseEnvelope(readFileSync(path.join(folder, name), 'utf8'), path.join(folder, name)),
  }));
}
