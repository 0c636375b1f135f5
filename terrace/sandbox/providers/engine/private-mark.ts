import type { CloudKey } from '../cloud/record';

/** What terraform keeps for a provider beside each resource; the mark shows that a state was made in a sandbox. */
export interface PrivateMark {
  readonly key?: CloudKey;
}

/** Every private starts with this text; state tools look for it (terraform stores it base64). */
export const sandboxMark = 'terrace-sandbox:';

export function writePrivate(sandboxId: string, mark: PrivateMark): Buffer {
  return Buffer.from(`${sandboxMark}${sandboxId}${mark.key === undefined ? '' : `\n${mark.key}`}`);
}

/** True for what a sandbox of that id wrote. */
export function isMarkedBy(bytes: Uint8Array | undefined, sandboxId: string): boolean {
  const [first = ''] = Buffer.from(bytes ?? [])
    .toString('utf8')
    .split('\n');
  return first === `${sandboxMark}${sandboxId}`;
}

/** The mark in a private; empty for one that no sandbox wrote. */
export function readPrivate(bytes: Uint8Array | undefined): PrivateMark {
  const text = Buffer.from(bytes ?? []).toString('utf8');
  const key = text.startsWith(sandboxMark) ? text.split('\n')[1] : undefined;
  return key === undefined || key === '' ? {} : { key };
}
