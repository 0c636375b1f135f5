import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { Environment } from './environment';
import { propertyLines } from './property-lines';

/**
 * Where a setting of an environment stands, `stacks/<system>/<environment>/env.ts:<line>`, for the place of a problem. `folder` is the
 * system's own. What is written nowhere has the line of what holds it, and the file alone where that is not written there either.
 */
export function settingPlace(environment: Environment, folder: string): (setting: string) => string {
  const file = `stacks/${environment.path}/env.ts`;
  return (setting) => {
    const source = path.join(folder, environment.name, 'env.ts');
    if (!existsSync(source)) return file;
    const lines = new Map([...propertyLines(readFileSync(source, 'utf8'))].reverse().map(({ path: property, line }) => [property, line]));
    for (let name = setting; name !== ''; name = name.slice(0, Math.max(name.lastIndexOf('.'), 0))) {
      const line = lines.get(name);
      if (line !== undefined) return `${file}:${line}`;
    }
    return file;
  };
}
