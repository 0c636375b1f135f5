import { randomBytes, randomInt, randomUUID } from 'node:crypto';

import type { ProviderKind, ResourceBehaviour, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { plainKind } from '../plain';
import { isList, textOf, type ObjectValue, type Value } from '../../protocol/value';
import { RandomStream } from '../../values/random-stream';
import { adjectives, adverbs, animals } from './pet-words';

const specials = '!@#$%&*()-_=+[]{}<>:?';

/** `random`: values really come from the system's random source; with `seed` they are the same for the same seed. */
export const randomKind: ProviderKind = plainKind(
  {},
  {
    stateOnly: true,
    idTemplate: () => '{hex:20}',
    ephemeral: { random_password: (_, config) => ({ ...unseen(config), ...password(config) }) },
    resources: {
      random_id: {
        create: (_, planned) => ({ ...planned, ...idValues(randomBytes(count(planned, 'byte_length')), textOf(planned['prefix']) ?? '') }),
        importState: (_, id) => importId(id),
      },
      random_bytes: {
        create: (_, planned) => byteValues(planned, randomBytes(count(planned, 'length'))),
        importState: (_, id) => byteValues({ length: Buffer.from(id, 'base64').length }, Buffer.from(id, 'base64')),
      },
      random_uuid: { create: (_, planned) => withResult(planned, randomUUID()), importState: (_, id) => withResult({}, id) },
      random_string: { create: (_, planned) => withResult(planned, characters(planned)), importState: (_, id) => importText(id, id) },
      random_password: {
        create: (_, planned) => ({
          ...planned,
          ...password(planned),
          id: 'none',
        }),
        importState: (_, id) => importText('none', id),
      },
      random_integer: integer(),
      random_pet: { create: (_, planned) => ({ ...planned, id: petName(planned) }) },
      random_shuffle: { create: (_, planned) => ({ ...planned, id: '-', result: shuffled(planned) }) },
    },
  },
);

/** A password, and a text in the form of its hash. */
function password(planned: ObjectValue): ObjectValue {
  const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return { result: characters(planned), bcrypt_hash: `$2a$10$${new RandomStream(randomUUID()).text(53, alphabet)}` };
}

/** What an ephemeral password takes for arguments that are not given. */
function unseen(config: ObjectValue): ObjectValue {
  const flags = ['lower', 'upper', 'numeric', 'special'].map((name) => [name, config[name] ?? true] as const);
  const counts = ['min_lower', 'min_upper', 'min_numeric', 'min_special'].map((name) => [name, config[name] ?? 0] as const);
  return Object.fromEntries([...flags, ...counts]);
}

function idValues(bytes: Buffer, prefix: string): ObjectValue {
  const url = bytes.toString('base64url');
  return {
    id: url,
    b64_url: `${prefix}${url}`,
    b64_std: `${prefix}${bytes.toString('base64')}`,
    hex: `${prefix}${bytes.toString('hex')}`,
    dec: `${prefix}${BigInt(`0x${bytes.toString('hex') || '0'}`)}`,
  };
}

function importId(id: string): ObjectValue {
  const [prefix, text] = id.includes(',') ? [id.slice(0, id.indexOf(',')), id.slice(id.indexOf(',') + 1)] : ['', id];
  const bytes = Buffer.from(text, 'base64url');
  return { byte_length: bytes.length, ...(prefix === '' ? {} : { prefix }), ...idValues(bytes, prefix) };
}

function byteValues(planned: ObjectValue, bytes: Buffer): ObjectValue {
  return { ...planned, base64: bytes.toString('base64'), hex: bytes.toString('hex') };
}

function withResult(planned: ObjectValue, result: string): ObjectValue {
  return { ...planned, id: result, result };
}

/** Import takes the length from the value and the defaults for the rest, as the real provider does. */
function importText(id: string, result: string): ObjectValue {
  const yes = { lower: true, upper: true, numeric: true, number: true, special: true };
  return { id, result, length: result.length, ...yes, min_lower: 0, min_upper: 0, min_numeric: 0, min_special: 0 };
}

function characters(planned: ObjectValue): string {
  const special = textOf(planned['override_special']) ?? specials;
  const classes = [
    { chars: 'abcdefghijklmnopqrstuvwxyz', on: planned['lower'] !== false, least: count(planned, 'min_lower') },
    { chars: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', on: planned['upper'] !== false, least: count(planned, 'min_upper') },
    { chars: '0123456789', on: planned['numeric'] !== false && planned['number'] !== false, least: count(planned, 'min_numeric') },
    { chars: special, on: planned['special'] !== false, least: count(planned, 'min_special') },
  ];
  const length = count(planned, 'length');
  const wanted = classes.reduce((sum, { least }) => sum + least, 0);
  if (wanted > length)
    throw new Refusal(
      'Invalid Attribute Value',
      `Attribute length value must be at least sum of min_upper + min_lower + min_numeric + min_special, got: ${length}`,
      'length',
    );
  const alphabet = classes
    .filter(({ on }) => on)
    .map(({ chars }) => chars)
    .join('');
  if (alphabet === '')
    throw new Refusal(
      'Invalid Attribute Combination',
      'At least one attribute out of [special, upper, lower, numeric] must be specified as true',
      'special',
    );
  const picked = [...classes.flatMap(({ chars, least }) => pick(chars, least)), ...pick(alphabet, length - wanted)];
  return shuffle(picked, (bound) => randomInt(bound)).join('');
}

function integer(): ResourceBehaviour {
  const between = (call: ResourceCall, planned: ObjectValue): ObjectValue => {
    const min = count(planned, 'min');
    const max = count(planned, 'max');
    if (max < min)
      throw new Refusal(
        'Create Random Integer Error',
        `The minimum (min) value needs to be smaller than or equal to maximum (max) value. (${call.type})`,
        'min',
      );
    const seed = textOf(planned['seed']);
    const result = min + (seed === undefined || seed === '' ? randomInt(max - min + 1) : new RandomStream(seed).number(max - min + 1));
    return { ...planned, id: String(result), result };
  };
  return {
    create: between,
    importState: (_, id) => {
      const [result, min, max, seed] = id.split(',');
      if (max === undefined)
        throw new Refusal(
          'Import Random Integer Error',
          'Invalid import usage: expecting {result},{min},{max} or {result},{min},{max},{seed}',
        );
      return { id: result ?? '', result: Number(result), min: Number(min), max: Number(max), ...(seed === undefined ? {} : { seed }) };
    },
  };
}

function petName(planned: ObjectValue): string {
  const words = planned['length'] === null ? 2 : count(planned, 'length');
  const separator = textOf(planned['separator']) ?? '-';
  const prefix = textOf(planned['prefix']);
  const middle = words >= 2 ? [one(adjectives)] : [];
  const front = Array.from({ length: Math.max(0, words - 2) }, () => one(adverbs));
  return [...(prefix === undefined ? [] : [prefix]), ...front, ...middle, one(animals)].join(separator);
}

function shuffled(planned: ObjectValue): Value {
  const input = isList(planned['input'] ?? null) ? (planned['input'] as readonly Value[]) : [];
  const seed = textOf(planned['seed']);
  const stream = seed === undefined || seed === '' ? undefined : new RandomStream(seed);
  const wanted = typeof planned['result_count'] === 'number' ? planned['result_count'] : input.length;
  const result: Value[] = [];
  while (result.length < wanted && input.length > 0)
    result.push(...shuffle([...input], (bound) => stream?.number(bound) ?? randomInt(bound)));
  return result.slice(0, wanted);
}

function shuffle<T>(items: T[], random: (bound: number) => number): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random(last + 1);
    const moved = items[last] as T;
    items[last] = items[other] as T;
    items[other] = moved;
  }
  return items;
}

function pick(alphabet: string, length: number): string[] {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)] ?? '');
}

function one(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? '';
}

function count(attributes: ObjectValue, name: string): number {
  const value = attributes[name];
  return typeof value === 'number' ? value : 0;
}
