import { Fn, Op, propertyAccess, Token, type IResolvable } from 'cdktf';
import encoding = require('cdktf/lib/tokens/private/token-map');

import { TerraceError } from '../base/errors';
import { callerLine } from '../base/source-line';
import { isBuilding } from './building';

/** What a value will be once terraform knows it. */
export type OpaqueKind = 'number' | 'bool' | 'list' | 'numbers' | 'map' | 'any';

/** A list that terraform knows later; JavaScript sees neither its length nor its elements. */
export interface OpaqueList<T> {
  /** The element at a place, from the end where it is negative; read when terraform runs. */
  at(index: number): T;
}

/** A map that terraform knows later; JavaScript sees none of its keys. */
export interface OpaqueMap {
  /** The value of one key; read when terraform runs. */
  get(key: string): string;
}

/**
 * A boolean that terraform knows later. The call signature exists for the type checker alone: an `if` or `?:` on something callable does
 * not compile, and this one would always be true. `Fn.conditional` and `Op` ask it when terraform runs.
 */
export interface OpaqueBoolean extends IResolvable {
  (): never;
}

/** A value whose shape TypeScript does not know; like a boolean, it is nothing to branch on. */
export interface OpaqueAny extends IResolvable {
  (): never;
  /** The attribute of an object. */
  get(key: string): OpaqueAny;
  /** The element of a list, from the end where it is negative. */
  at(index: number): OpaqueAny;
}

class OpaqueToken implements IResolvable {
  readonly creationStack: string[] = [];

  constructor(
    readonly kind: OpaqueKind,
    /** `port of shop/dev/eu/app/web`; what an error calls it. */
    readonly label: string,
    readonly value: unknown,
  ) {}

  resolve(): unknown {
    return this.value;
  }

  toString(): string {
    if (this.kind === 'list' || this.kind === 'numbers' || this.kind === 'map') refuseUse(this, 'text');
    return Token.asString(this);
  }

  at(index: number): unknown {
    if (this.kind === 'map' || this.kind === 'number' || this.kind === 'bool') refuseUse(this, "'at'");
    const place = index < 0 ? Op.sub(Fn.lengthOf(this), -index) : index;
    return this.#part([place], index);
  }

  get(key: string): unknown {
    if (this.kind !== 'map' && this.kind !== 'any') refuseUse(this, "'get'");
    return this.#part([key], key);
  }

  #part(path: unknown[], name: number | string): unknown {
    const part = propertyAccess(this, path);
    if (this.kind === 'list' || this.kind === 'map') return Token.asString(part);
    return opaqueValue(this.kind === 'numbers' ? 'number' : 'any', `${JSON.stringify(name)} of ${this.label}`, part);
  }
}

/**
 * A value that only terraform will know, as an object that bindings, `Fn` and outputs take. While the tree is built, arithmetic,
 * comparison, length, index, iteration, spread and keys raise E1310, which names the way out. `===`, truthiness and `typeof` see an
 * object, which no code can change.
 */
export function opaqueValue(kind: OpaqueKind, label: string, value: unknown): unknown {
  return new Proxy(new OpaqueToken(kind, label, value), traps);
}

/** Reads that cdktf, `await` and text make of anything. */
const members = new Set(['resolve', 'creationStack', 'toString', 'at', 'get']);

const traps: ProxyHandler<OpaqueToken> = {
  get(target, key) {
    if (key === Symbol.toPrimitive) return (hint: string) => primitive(target, hint);
    if (key === Symbol.iterator || key === Symbol.asyncIterator || key === Symbol.isConcatSpreadable) {
      refuseUse(target, 'iteration');
      return undefined;
    }
    if (typeof key === 'symbol' || key === 'then') return Reflect.get(target, key);
    if (members.has(key)) {
      const member: unknown = Reflect.get(target, key);
      return typeof member === 'function' ? member.bind(target) : member;
    }
    refuseUse(target, key === 'toJSON' ? 'JSON.stringify' : `'${key}'`);
    return undefined;
  },
  has(target, key) {
    if (typeof key === 'string') refuseUse(target, `'${key}' in`);
    return Reflect.has(target, key);
  },
  ownKeys(target) {
    refuseUse(target, 'keys');
    return Reflect.ownKeys(target);
  },
};

function primitive(target: OpaqueToken, hint: string): unknown {
  if (hint === 'string') return target.toString();
  refuseUse(target, hint === 'number' ? 'arithmetic or comparison' : 'an operator');
  return Number.NaN;
}

/** Raises E1310 where a stack's or a module's code asks while the tree is built; cdktf and its bindings may look. */
function refuseUse(target: OpaqueToken, use: string): void {
  if (!isBuilding()) return;
  const caller = callerLine(new Error('use').stack);
  if (caller === undefined || isBinding(caller.file)) return;
  throw new TerraceError({
    code: 'E1310',
    title: 'value that terraform knows later',
    place: caller.text,
    found: `${use} on ${target.label}, a ${nouns[target.kind]} that is known only when terraform runs`,
    expected: 'the value passed on as it is, or through a terraform function',
    todo: waysOut[target.kind],
  });
}

function isBinding(file: string): boolean {
  return /\/node_modules\/(?:cdktf|@cdktf|constructs)\/|\/\.gen\//.test(file);
}

const nouns: Record<OpaqueKind, string> = {
  number: 'number',
  bool: 'boolean',
  list: 'list',
  numbers: 'list of numbers',
  map: 'map',
  any: 'value',
};

const waysOut: Record<OpaqueKind, string> = {
  number: 'use Op.add, Op.mul, Op.gt … or Fn.max, Fn.floor … of cdktf; `${…}` puts it into text, Fn.jsonencode into JSON',
  bool: 'use Fn.conditional(value, then, otherwise), Op.not, Op.and …; Fn.jsonencode puts it into JSON',
  list: 'use .at(0) for an element, Fn.lengthOf, Fn.concat, Fn.join, TerraformIterator.fromList …; Fn.jsonencode instead of JSON.stringify',
  numbers: 'use .at(0) for an element, Fn.lengthOf, Fn.concat, Fn.max …; Fn.jsonencode instead of JSON.stringify',
  map: "use .get('team') for a value, Fn.keys, Fn.merge instead of a spread, TerraformIterator.fromMap …; Fn.jsonencode instead of JSON.stringify",
  any: "use .get('key') and .at(0), or Fn.lookup, Fn.lengthOf, Fn.merge …; Fn.jsonencode instead of JSON.stringify",
};

/**
 * Makes `Token.asNumber` and every numeric attribute of a resource an opaque number as well. cdktf encodes them as doubles near -1.9e289,
 * of which `port + 1` is the same double, and so the same value, without a word.
 */
function replaceNumberTokens(): void {
  const { TokenMap } = encoding;
  if (typeof TokenMap.prototype.registerNumber !== 'function' || typeof TokenMap.prototype.registerNumberList !== 'function')
    throw new Error(
      'cdktf/lib/tokens/private/token-map has no registerNumber: adapt terrace/tree/opaque-value.ts to this version of cdktf',
    );
  const once = (kind: 'number' | 'numbers') => {
    const made = new WeakMap<object, unknown>();
    return (token: object): unknown => {
      const known = made.get(token) ?? opaqueValue(kind, `a ${nouns[kind]} of a resource`, token);
      made.set(token, known);
      return known;
    };
  };
  Object.assign(TokenMap.prototype, { registerNumber: once('number'), registerNumberList: once('numbers') });
}

replaceNumberTokens();
