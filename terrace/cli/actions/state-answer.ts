import { importResource } from '../../delivery/apply/import-resource';
import { selectTree, targetsOf } from '../../delivery/plan/selection';
import { failed } from '../../delivery/problems';
import { forgetUnfinished } from '../../delivery/record/unfinished';
import { exitCodes } from '../../base/errors';
import { quantity } from '../../base/plural';
import { selectorPath } from '../../model/select';
import type { CommandContext } from '../command-context';
import { synthesizeAside } from '../source-tree';
import { withDelivery } from '../with-delivery';

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
  const tree = await selectTree([unit], flags.tree ?? synthesizeAside(context));
  const targets = targetsOf(tree, 'apply');
  const [target] = targets;
  if (target === undefined || targets.length > 1)
    throw failed('E6037', { found: `'${unit}' is not one unit`, todo: 'name one unit; `terrace list` shows them' }, exitCodes.wrongUsage);
  await withDelivery(context.work(tree.folder), flags, (delivery) => importResource(delivery, target, address, id));
  print(flags, { unit: target.unit.path, address, id }, `${target.unit.path}: ${address} (${id}) is in its state`);
}

/** `terrace state absent` */
export function runStateAbsent(context: CommandContext, unit: string, addresses: readonly string[], flags: AnswerFlags): void {
  const path = selectorPath(unit);
  const forgotten = forgetUnfinished(context.work(flags.tree ?? '.'), path, addresses);
  if (forgotten < addresses.length)
    throw failed(
      'E6037',
      {
        place: path,
        found: `${addresses.join(', ')}: nothing was begun there that is not known`,
        todo: 'give the addresses that `terrace status` names',
      },
      exitCodes.wrongUsage,
    );
  print(flags, { unit: path, addresses }, `${path}: ${quantity(forgotten, 'resource')} answered; plan it again`);
}

function print({ json }: AnswerFlags, value: object, text: string): void {
  process.stdout.write(json === true ? `${JSON.stringify({ version: 1, ...value }, null, 2)}\n` : `${text}\n`);
}
