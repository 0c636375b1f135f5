import { isObject } from '../base/json';

/** One setting: a leaf of a level's values, or of what a function of envcommon gives. */
export interface SettingPoint {
  readonly level: 'root' | 'environment' | 'region' | 'envcommon';
  /** Path of the level (`shop/dev`), or file and function (`envcommon/storage.ts#database`). */
  readonly place: string;
  /** Dotted path below it; empty for the whole of what a function gives. */
  readonly setting: string;
}

/** What is told while a tree is built under observation. */
export interface ValuesObserver {
  /** A setting is read now; the caller stands on the stack. */
  read(point: SettingPoint): void;
  /** What the reader gets instead; the value itself where nothing stands in for it. */
  instead(point: SettingPoint, value: unknown): unknown;
}

let observer: ValuesObserver | undefined;

/** Runs with an observer of all values whose levels are built meanwhile; one at a time. */
export async function whileObserved<T>(by: ValuesObserver, work: () => Promise<T>): Promise<T> {
  observer = by;
  try {
    return await work();
  } finally {
    observer = undefined;
  }
}

/** Values as an observer wants them to be read: the same where nobody observes. Lists count as one value. */
export function observedValues<V extends object>(level: SettingPoint['level'], place: string, values: V): V {
  return observer === undefined ? values : watched(observer, { level, place, setting: '' }, values);
}

/** One value, as `observedValues` for the properties of an object. */
export function observedValue(point: SettingPoint, value: unknown): unknown {
  if (observer === undefined) return value;
  if (isPlain(value)) return watched(observer, point, value);
  observer.read(point);
  return observer.instead(point, value);
}

function watched<V extends object>(by: ValuesObserver, at: SettingPoint, values: V): V {
  const children = new Map<string, unknown>();
  // A copy, because a proxy of a frozen object must not give other values than it has.
  const proxy = new Proxy(Object.assign(Object.create(Object.getPrototypeOf(values) as object | null), values) as V, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return value;
      const point = { ...at, setting: at.setting === '' ? key : `${at.setting}.${key}` };
      if (!isPlain(value)) {
        by.read(point);
        return by.instead(point, value);
      }
      if (!children.has(key)) children.set(key, watched(by, point, value));
      return children.get(key);
    },
  });
  return proxy;
}

/** An object that holds values alone: no instance of a class, no list, no token. */
function isPlain(value: unknown): value is object {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
