/** A schema answer taken apart by type, so that a terraform process can be given the types that it uses. */
export interface AnswerIndex {
  readonly whole: Buffer;
  /** The answer with these resource types and data sources only; unknown names are left out. Types that `instead` has are taken from there. */
  only(types: ReadonlySet<string>, instead?: AnswerIndex): Buffer;
  /** Everything that the answer says of a type. */
  of(type: string): readonly Buffer[];
}

/** Fields of the answer that are maps by type name: resources and data sources. */
const byType = new Set([2, 3]);

/** Reads the top level of an encoded answer: map entries stand one after the other and can be left out one by one. */
export function indexAnswer(whole: Buffer): AnswerIndex {
  const always: Buffer[] = [];
  const entries = new Map<string, Buffer[]>();
  for (let at = 0; at < whole.length;) {
    const start = at;
    const tag = varint(whole, at);
    const length = varint(whole, tag.next);
    at = length.next + length.value;
    const field = whole.subarray(start, at);
    if (!byType.has(tag.value >> 3)) always.push(field);
    else {
      const name = entryName(whole, length.next);
      entries.set(name, [...(entries.get(name) ?? []), field]);
    }
  }
  const of = (type: string): readonly Buffer[] => entries.get(type) ?? [];
  const chosen = (type: string, instead: AnswerIndex | undefined): readonly Buffer[] => {
    const other = instead?.of(type) ?? [];
    return other.length > 0 ? other : of(type);
  };
  return {
    whole,
    of,
    only: (types, instead) => Buffer.concat([...always, ...[...types].flatMap((type) => chosen(type, instead))]),
  };
}

/** Key of a map entry: its first field. */
function entryName(bytes: Buffer, at: number): string {
  const tag = varint(bytes, at);
  const length = varint(bytes, tag.next);
  return bytes.toString('utf8', length.next, length.next + length.value);
}

function varint(bytes: Buffer, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let next = at, shift = 0; ; next++, shift += 7) {
    const byte = bytes[next];
    if (byte === undefined) throw new RangeError('truncated schema answer');
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: next + 1 };
  }
}
