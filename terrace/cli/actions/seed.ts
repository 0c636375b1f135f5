import { readFileSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, TerraceError } from '../../base/errors';
import { messageOf } from '../../base/message';
import { quantity } from '../../base/plural';
import { createContext } from '../../delivery/terraform/create-context';
import { loadTree } from '../../delivery/tree/load-tree';
import { parseShape, type Shape } from '../../rehearse/shape/shape';
import { seedSandbox, variablesOf } from '../../rehearse/seed/seed-sandbox';
import type { SeedReport } from '../../rehearse/seed/seed-shape';
import { derivedOf, settleShape, type SettledShape } from '../../rehearse/seed/settle-shape';
import { resetSandbox, runningSandbox } from '../../sandbox/control';
import { differingNames } from '../../sandbox/environment/seeded-variables';
import { withVariables } from '../../sandbox/environment/with-variables';
import { synthesizeAside } from '../source-tree';
import type { CommandContext } from '../command-context';
import { sandboxFolder, type FolderFlags } from './sandbox';

export interface SeedFlags extends FolderFlags {
  readonly tree?: string;
  readonly json?: boolean;
}

/** `terrace sandbox seed` */
export async function runSeed(context: CommandContext, file: string, flags: SeedFlags): Promise<void> {
  const dir = sandboxFolder(context, flags);
  const project = context.project();
  const given = await readShape(file);
  const first = await seedSandbox(dir, project, given);
  const { shape, derived } = derivedOf(given).length === 0 ? { shape: given, derived: [] } : await settled(context, dir, given, flags.tree);
  if (derived.length > 0) await resetSandbox({ dir, project });
  const differing = differingNames(variablesOf(shape));
  const report = { ...(derived.length === 0 ? first : await seedSandbox(dir, project, shape)), derived, differing };
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ version: 1, dir, ...report, derived: derived.map(({ unit, address, attribute }) => ({ unit, address, attribute })) }, null, 2)}\n`
      : `${seedText(report)}\n`,
  );
}

/** The shape with what a first plan in the seeded sandbox says of attributes that were made one-way of a secret. */
async function settled(context: CommandContext, dir: string, shape: Shape, tree: string | undefined): Promise<SettledShape> {
  const project = context.project();
  const sandbox = await runningSandbox({ dir, project });
  if (sandbox === undefined) return { shape, derived: [] };
  const systems = [...new Set(shape.units.map(({ unit }) => unit.split('/')[0] ?? ''))];
  const source = loadTree(tree === undefined ? (await synthesizeAside(context)(systems)).folder : path.resolve(tree));
  const account = shape.units[0]?.account;
  const env = withVariables(
    process.env,
    sandbox.environment({ model: source.model, units: source.model.units, ...(account === undefined ? {} : { account }) }),
  );
  return settleShape(await createContext({ work: context.work(project), env }), shape, [source]);
}

/** The shape in a file. Raises E9501. */
export async function readShape(file: string): Promise<Shape> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new TerraceError(
      {
        code: 'E9501',
        title: 'not a shape',
        place: file,
        found: messageOf(cause, file),
        expected: 'a file that `terrace state shape --out FILE` wrote',
        todo: 'check the name, or take the shape: terrace state shape <selectors> --out FILE',
      },
      exitCodes.wrongUsage,
      { cause },
    );
  }
  return parseShape(text, file);
}

interface Seeded extends SeedReport, Pick<SettledShape, 'derived'> {
  /** Names to which units were applied with different values. */
  readonly differing: readonly string[];
}

function seedText({ units, resources, unseeded, incomplete, derived, differing }: Seeded): string {
  return [
    `${quantity(units, 'unit')} and ${quantity(resources, 'resource')} seeded`,
    unseeded.length === 0
      ? 'nothing was left out'
      : `${quantity(unseeded.length, 'resource or lookup', 'resources and lookups')} not seeded:`,
    ...unseeded.map(({ unit, address, reason }) => `  ${unit} ${address}: ${reason}`),
    ...(incomplete.length === 0 ? [] : ['seeded without their dependent objects:', ...incomplete.map((one) => `  ${one}`)]),
    ...(differing.length === 0
      ? []
      : [`not the same in all units: ${differing.join(', ')} (for those of one unit: sandbox env --unit PATH)`]),
    ...(derived.length === 0
      ? []
      : [
          `derived one-way from a secret, and taken from the first plan: ${quantity(derived.length, 'attribute')}`,
          ...derived.map(({ unit, address, attribute }) => `  ${unit} ${address}: ${attribute}`),
        ]),
  ].join('\n');
}
