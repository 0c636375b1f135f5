import path from 'node:path';

import { replaceFile } from '../../base/replace-file';
import { quantity } from '../../base/plural';
import { awsStates } from '../../delivery/record/states';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { readModel } from '../../model/model-file';
import { selectPaths } from '../../model/select';
import { readUnits } from '../../rehearse/shape/read-units';
import { shapeText } from '../../rehearse/shape/shape';
import { shapeKey } from '../../rehearse/shape/shape-key';
import { takeShape } from '../../rehearse/shape/take-shape';
import { sensitiveAttributes } from '../../sandbox/providers/overlay/sensitive-attributes';
import { withBusyLine } from '../busy-line';
import type { CommandContext } from '../command-context';
import { synthesizeAside } from '../source-tree';

export interface ShapeFlags {
  readonly out?: string;
  readonly key?: string;
  readonly tree?: string;
}

/** `terrace state shape` */
export async function runStateShape(context: CommandContext, selectors: readonly string[], flags: ShapeFlags): Promise<void> {
  const folder = flags.tree === undefined ? (await synthesizeAside(context)([])).folder : path.resolve(flags.tree);
  const model = readModel(folder);
  const built = model.units.filter((unit) => context.includePlanned || unit.planned !== true);
  const paths = new Set(
    selectPaths(
      built.map((unit) => unit.path),
      selectors,
    ),
  );
  const key = shapeKey(flags.key, process.env, context.work(folder));
  const { units, absent, upstreams } = await withBusyLine('reading states', () =>
    readUnits(
      { model, tree: folder, accounts: accountsFrom(process.env), states: awsStates },
      built.filter((unit) => paths.has(unit.path)),
    ),
  );
  const { shape, secrets } = takeShape(units, { key, sensitiveOf: sensitiveAttributes, upstreams });
  const text = shapeText(shape);
  if (flags.out === undefined) process.stdout.write(text);
  else replaceFile(path.resolve(flags.out), text, 0o600);
  if (absent.length > 0) process.stderr.write(`no state: ${absent.join(', ')}\n`);
  process.stderr.write(
    `${quantity(shape.units.length, 'unit')}, ${quantity(shape.resources.length, 'resource')}, ${quantity(secrets, 'secret')} replaced by stand-ins, ${Math.ceil(text.length / 1024)} kB\n`,
  );
}
