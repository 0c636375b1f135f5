import { isObject } from '../../base/json';
import type { UnitFiles } from '../../model/content-digest';

/** One value of a unit's JSON that a change gives another. */
export interface ValueChange {
  /** `aws_vpc.vpc`, `data.aws_ami.base`, `output.vpc_id`, `provider.aws`. */
  readonly block: string;
  /** Dotted path below it: `tags.Name`, `ingress.0.from_port`; empty for a whole block that comes or goes. */
  readonly attribute: string;
  /** Absent where there was none. */
  readonly before?: unknown;
  /** Absent where there is none any more. */
  readonly after?: unknown;
}

/** What differs between two versions of a unit's `main.tf.json`, by block and attribute; nothing where one of them cannot be read. Pure. */
export function valueChanges(base: UnitFiles, head: UnitFiles): readonly ValueChange[] {
  const [before, after] = [blocksOf(base), blocksOf(head)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted()
    .flatMap((block) =>
      before.has(block) && after.has(block)
        ? differences(before.get(block), after.get(block)).map((one) => ({ block, ...one }))
        : [{ block, attribute: '', ...present('before', before, block), ...present('after', after, block) }],
    );
}

function present(side: 'before' | 'after', blocks: ReadonlyMap<string, unknown>, block: string): object {
  return blocks.has(block) ? { [side]: blocks.get(block) } : {};
}

function differences(before: unknown, after: unknown, attribute = ''): readonly Omit<ValueChange, 'block'>[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const pair = pairOf(before, after);
  if (pair === undefined) return [{ attribute, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
  const [a, b] = pair.map((one) => new Map(Object.entries(one)));
  return [...new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])].flatMap((key) =>
    differences(a?.get(key), b?.get(key), attribute === '' ? key : `${attribute}.${key}`),
  );
}

/** Two objects, or two lists of one length: others differ as wholes. */
function pairOf(before: unknown, after: unknown): readonly [object, object] | undefined {
  if (Array.isArray(before) && Array.isArray(after)) return before.length === after.length ? [before, after] : undefined;
  return isObject(before) && isObject(after) ? [before, after] : undefined;
}

/** Each block of a unit's `main.tf.json` by the name people know it by; none where it cannot be read. */
export function blocksOf(files: UnitFiles): ReadonlyMap<string, unknown> {
  const bytes = files.get('main.tf.json');
  const blocks = new Map<string, unknown>();
  if (bytes === undefined) return blocks;
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return blocks;
  }
  for (const [kind, named] of entries(json))
    for (const [name, value] of kind === '//' ? [] : entries(named)) {
      if (kind !== 'resource' && kind !== 'data') blocks.set(`${kind}.${name}`, plain(value));
      else for (const [own, body] of entries(value)) blocks.set(`${kind === 'data' ? 'data.' : ''}${name}.${own}`, plain(body));
    }
  return blocks;
}

/** Without the comments that cdktf writes. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => key !== '//')
          .map(([key, item]) => [key, plain(item)]),
      )
    : value;
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}
