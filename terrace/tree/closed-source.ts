import childProcess = require('node:child_process');
import nodeCrypto = require('node:crypto');
import os = require('node:os');

import { TerraceError } from '../base/errors';
import { guardedLine } from '../base/source-line';

/** Guards that are on; more than one where a build runs within another. */
let closed = 0;
/** Doors that are open: `fromOutside()` within `fromOutside()`. */
let doors = 0;

/**
 * Runs a part of loading or building the tree in which the source is a function of its files: its code, told by the calling file, must not
 * read `process.env`, the clock, random numbers, the computer's names or other programs (E1107). What is installed may. Whole, once it is asynchronous: until
 * the promise is settled.
 */
export function whileSourceIsClosed<T>(work: () => T): T {
  const undo = closed === 0 ? close() : () => undefined;
  closed += 1;
  const end = (): void => {
    closed -= 1;
    undo();
  };
  let result: T;
  try {
    result = work();
  } catch (error) {
    end();
    throw error;
  }
  if (!(result instanceof Promise)) {
    end();
    return result;
  }
  void result.then(end, end);
  return result;
}

/**
 * The door for what a source must take from outside of its files after all, such as a date that somebody gave: `because` says why, for the reader of the
 * source. Whoever synthesizes elsewhere, or tomorrow, gets another tree; a variable of `process.env` comes through only where `cdktf.json` names it
 * under `context.terraceEnvironment`.
 */
export function fromOutside<T>(because: string, read: () => T): T {
  if (because.trim() === '') throw new RangeError('fromOutside() needs a reason');
  doors += 1;
  try {
    return read();
  } finally {
    doors -= 1;
  }
}

/** Replaces what reads from outside; gives the function that puts it back. */
function close(): () => void {
  const undo = [
    replace(process, 'env', (env) => ({
      get: () => {
        refuseOutside('process.env');
        return env;
      },
      set: (value: unknown) => void Object.defineProperty(process, 'env', { configurable: true, enumerable: true, writable: true, value }),
    })),
    replaceValue(globalThis, 'Date', clock),
    replaceCall(prototypeOf(performance), 'now', 'the clock'),
    ...['hrtime', 'uptime'].map((name) => replaceCall(process, name, 'the clock')),
    replaceCall(Math, 'random', 'random numbers'),
    ...['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync'].map((name) => replaceCall(nodeCrypto, name, 'random numbers')),
    ...['randomUUID', 'getRandomValues'].map((name) => replaceCall(prototypeOf(globalThis.crypto), name, 'random numbers')),
    ...['hostname', 'userInfo'].map((name) => replaceCall(os, name, 'this computer')),
    ...['execSync', 'execFileSync', 'spawnSync', 'exec', 'execFile', 'spawn', 'fork'].map((name) =>
      replaceCall(childProcess, name, 'another program'),
    ),
  ];
  return () => {
    for (const one of undo) one();
  };
}

/** The class of dates, of which only those with a time of their own can be made. */
function clock(original: unknown): unknown {
  return typeof original !== 'function'
    ? original
    : new Proxy(original, {
        construct: (target, values, self) => {
          if (values.length === 0) refuseOutside('the clock');
          return Reflect.construct(target, values, self) as object;
        },
        apply: (target, self, values) => {
          refuseOutside('the clock');
          return Reflect.apply(target as () => unknown, self, values);
        },
        get: (target, key) => {
          if (key === 'now') refuseOutside('the clock');
          return Reflect.get(target, key) as unknown;
        },
      });
}

function replaceCall(owner: object, name: string, what: string): () => void {
  return replaceValue(owner, name, (original) =>
    typeof original !== 'function'
      ? original
      : Object.assign(function (this: unknown, ...values: unknown[]): unknown {
          refuseOutside(what);
          return Reflect.apply(original, this, values) as unknown;
        }, original),
  );
}

function replaceValue(owner: object, name: string, by: (original: unknown) => unknown): () => void {
  return replace(owner, name, (original) => ({ value: by(original), writable: true }));
}

function replace(owner: object, name: string, by: (original: unknown) => PropertyDescriptor): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  if (own?.configurable !== true) return () => undefined;
  const original: unknown = Reflect.get(owner, name);
  Object.defineProperty(owner, name, { configurable: true, enumerable: own.enumerable ?? true, ...by(original) });
  return () => void Object.defineProperty(owner, name, own);
}

function prototypeOf(value: object): object {
  return (Object.getPrototypeOf(value) as object | null) ?? value;
}

function refuseOutside(what: string): void {
  if (doors > 0) return;
  const caller = guardedLine(__filename);
  if (caller === undefined) return;
  throw new TerraceError({
    code: 'E1107',
    title: 'source reads from outside',
    place: caller.text,
    found: `it reads ${what} while the tree is built`,
    expected: 'a tree that depends only on its files: the same on every computer, at any time, for everybody',
    todo: 'write the value into the source, or make it a variable of the unit, which arrives as TF_VAR_<name>; if it really must be read, use fromOutside() of terrace',
  });
}
