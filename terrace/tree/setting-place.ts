import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { Environment } from './environment';
import { propertyLines } from './property-lines';

/**
 * Where a setting of an environment stands, `stacks/<system>/<environment>/env.ts:<line>`, for the place of a problem. `folder` is the
 * system's own. What is written nowhere has the line of what holds it, and the file alone where that is not written there either.
 */
export function settingPlace(environment: Environment, folder: string): (setting: string) => string {
  return propertyPlace(`stacks/${environment.path}/env.ts`, path.join(folder, environment.name, 'env.ts'));
}

/** The same for the object literals of any file: `shown` is its name in the place, `source` where it lies. */
export function propertyPlace(shown: string, source: string): (property: string) => string {
  return (property) => {
    if (!existsSync(source)) return shown;
    const lines = new Map([...propertyLines(readFileSync(source, 'utf8'))].reverse().map((one) => [one.path, one.line]));
    for (let name = property; name !== ''; name = name.slice(0, Math.max(name.lastIndexOf('.'), 0))) {
      const line = lines.get(name);
      if (line !== undefined) return `${shown}:${line}`;
    }
    return shown;
  };
}
