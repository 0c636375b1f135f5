import { answerAbsent } from '../../delivery/apply/answer-absent';
import { importResource } from '../../delivery/apply/import-resource';
import { selectTree, targetsOf } from '../../delivery/plan/selection';
import type { PlanTarget } from '../../delivery/target/plan-target';
import { quantity } from '../../base/plural';
import type { CommandContext } from '../command-context';
import { synthesizeAside } from '../source-tree';
import { withDelivery } from '../with-delivery';
import { notOneUnit } from '../usage-problems';

export interface AnswerFlags {
  readonly tree?: string;
  readonly json?: boolean;
}

/** `terrace state import` */
export async function runStateImport(
  context: CommandContext,
  unit: string,
  address: string,
  id: string,
  flags: AnswerFlags,
): Promise<void> {
  const { target, work } = await targetOf(context, unit, flags);
  await withDelivery(work, flags, (delivery) => importResource(delivery, target, address, id));
  print(flags, { unit: target.unit.path, address, id }, `${target.unit.path}: ${address} (${id}) is in its state`);
}

/** `terrace state absent` */
export async function runStateAbsent(
  context: CommandContext,
  unit: string,
  addresses: readonly string[],
  flags: AnswerFlags,
): Promise<void> {
  const { target, work } = await targetOf(context, unit, flags);
  await withDelivery(work, flags, (delivery) => answerAbsent(delivery, target, addresses));
  const { path } = target.unit;
  print(flags, { unit: path, addresses }, `${path}: ${quantity(addresses.length, 'resource')} confirmed absent; plan it again`);
}

/** The one unit that is meant, with the folder of working files. Raises E1206 (exit 64) for more than one. */
async function targetOf(
  context: CommandContext,
  unit: string,
  flags: AnswerFlags,
): Promise<{ readonly target: PlanTarget; readonly work: string }> {
  const tree = await selectTree([unit], flags.tree ?? synthesizeAside(context));
  const targets = targetsOf(tree, 'apply');
  const [target] = targets;
  if (target === undefined || targets.length > 1)
    throw notOneUnit(
      unit,
      targets.map((one) => one.unit.path),
    );
  return { target, work: context.work(tree.folder) };
}

function print({ json }: AnswerFlags, value: object, text: string): void {
  process.stdout.write(json === true ? `${JSON.stringify({ version: 1, ...value }, null, 2)}\n` : `${text}\n`);
}
