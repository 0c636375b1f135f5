import { inflateRaw } from '../../base/unpack';
import { failed } from '../problems';

import { isObject } from '../../base/json';

/** The state that a plan was made on; terraform refuses a plan on any other. */
export interface StateVersion {
  /** Null where there was no state. */
  readonly lineage: string | null;
  readonly serial: number;
}

/** Lineage and serial that a saved plan is bound to, read from the plan file itself. Raises E6018 where it has none. */
export function stateOfPlan(plan: Uint8Array, unit: string): StateVersion {
  const text = entryOf(Buffer.from(plan), 'tfstate')?.toString('utf8');
  if (text !== undefined) {
    const state: unknown = JSON.parse(text);
    if (isObject(state) && typeof state['serial'] === 'number') {
      const lineage = state['lineage'];
      return { lineage: typeof lineage === 'string' && lineage !== '' ? lineage : null, serial: state['serial'] };
    }
  }
  throw failed('E6018', {
    place: unit,
    found: 'the saved plan contains no state',
    todo: 'use a version of terraform that this version of Terrace supports',
  });
}

/** One file of a ZIP archive, found through its central directory; undefined where it is absent. */
function entryOf(zip: Buffer, name: string): Buffer | undefined {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) return undefined;
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count && at + 46 <= zip.length; index++) {
    const [method, size, nameLength] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const skip = zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const content = zip.subarray(start, start + size);
      return method === 0 ? Buffer.from(content) : inflateRaw(content);
    }
    at += 46 + nameLength + skip;
  }
  return undefined;
}
