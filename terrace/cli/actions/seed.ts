import { readFileSync } from 'node:fs';

import { exitCodes, TerraceError } from '../../base/errors';
import { messageOf } from '../../base/message';
import { quantity } from '../../base/plural';
import { parseShape, type Shape } from '../../rehearse/shape/shape';
import { seedSandbox } from '../../rehearse/seed/seed-sandbox';
import type { SeedReport } from '../../rehearse/seed/seed-shape';
import type { CommandContext } from '../command-context';
import { sandboxFolder, type FolderFlags } from './sandbox';

/** `terrace sandbox seed` */
export async function runSeed(context: CommandContext, file: string, flags: FolderFlags & { readonly json?: boolean }): Promise<void> {
  const dir = sandboxFolder(context, flags);
  const report = await seedSandbox(dir, context.project(), await readShape(file));
  process.stdout.write(flags.json === true ? `${JSON.stringify({ version: 1, dir, ...report }, null, 2)}\n` : `${seedText(report)}\n`);
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
        found: messageOf(cause),
        todo: 'give a file that `terrace state shape --out FILE` wrote',
      },
      exitCodes.wrongUsage,
      { cause },
    );
  }
  return parseShape(text, file);
}

function seedText({ units, resources, unseeded, incomplete, derived }: SeedReport): string {
  return [
    `${quantity(units, 'unit')} and ${quantity(resources, 'resource')} seeded`,
    unseeded.length === 0 ? 'nothing was left out' : `${quantity(unseeded.length, 'resource')} not seeded:`,
    ...unseeded.map(({ unit, address, reason }) => `  ${unit} ${address}: ${reason}`),
    ...(incomplete.length === 0 ? [] : ['seeded without what comes with them:', ...incomplete.map((one) => `  ${one}`)]),
    ...(derived.length === 0
      ? []
      : [
          `made one-way of a secret, and taken from the first plan where it differs: ${quantity(derived.length, 'attribute')}`,
          ...derived.map(({ unit, address, attribute }) => `  ${unit} ${address}: ${attribute}`),
        ]),
  ].join('\n');
}
