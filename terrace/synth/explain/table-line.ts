import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { propertyLines } from '../../tree/property-lines';

/**
 * The line at which a unit stands in a table of its system, as a property `'<layer>/<unit>'`: a changed one where there is one, and the table of its own
 * environment or region before that of the system. Undefined where its name is put together elsewhere.
 */
export function tableLine(root: string, unit: string, changed: ReadonlySet<string>): string | undefined {
  const [system = '', environment = '', region = '', layer = '', name = ''] = unit.split('/');
  const folder = path.join(root, 'stacks', system);
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
        /^(?!units\/).*\.ts$/.test(file.split(path.sep).join('/')),
      )
    : [];
  const found = files
    .map((file) => file.split(path.sep).join('/'))
    .flatMap((file) =>
      propertyLines(readFileSync(path.join(folder, file), 'utf8'))
        .filter((one) => one.path === `${layer}/${name}` || one.path.endsWith(`.${layer}/${name}`))
        .map(({ line }) => ({ place: `stacks/${system}/${file}:${line}`, nearness: nearness(file) })),
    )
    .toSorted((a, b) => Number(changed.has(b.place)) - Number(changed.has(a.place)) || b.nearness - a.nearness);
  return found[0]?.place;

  function nearness(file: string): number {
    return file.startsWith(`${environment}/${region}/`) ? 2 : file.startsWith(`${environment}/`) ? 1 : 0;
  }
}
