import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { observedValue } from '../../tree/observed-values';

/** What a function of envcommon gave, as it was before anything stood in for it. */
export type CallListener = (place: string, result: unknown) => void;

/**
 * Puts the modules of a project's `envcommon/` into the process so that the values they give can be observed: what their functions return, and their
 * constants. Before the project itself is loaded, whose modules then find these.
 */
export function observeEnvcommon(compiled: string, onCall: CallListener): void {
  const folder = path.join(compiled, 'envcommon');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.js'))) {
    const file = require.resolve(path.join(folder, name));
    const exported: unknown = require(file);
    const loaded = require.cache[file];
    if (loaded !== undefined && typeof exported === 'object' && exported !== null)
      loaded.exports = observedExports(`envcommon/${name.split(path.sep).join('/').replace(/\.js$/, '.ts')}`, exported, onCall);
  }
}

function observedExports(file: string, exported: object, onCall: CallListener): object {
  const wrapped = new Map<string, unknown>();
  return new Proxy(exported, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || key === '__esModule') return value;
      if (typeof value !== 'function') return observedValue({ level: 'envcommon', place: file, setting: key }, value);
      if (/^class\b/.test(Function.prototype.toString.call(value))) return value;
      const place = `${file}#${key}`;
      if (!wrapped.has(key))
        wrapped.set(key, function (this: unknown, ...values: unknown[]): unknown {
          const result: unknown = Reflect.apply(value, this, values);
          onCall(place, result);
          return observedValue({ level: 'envcommon', place, setting: '' }, result);
        });
      return wrapped.get(key);
    },
  });
}
