import { exitCodes } from '../../base/errors';
import { failed } from '../problems';
import { unfinishedOf } from '../record/unfinished';
import { readUnfinished, settleUnfinished } from '../record/unfinished-notes';
import type { PlanTarget } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';
import { sweepWorkspaces } from '../terraform/workspace';

/**
 * Takes what does not exist off the list of what a terraform that died may have made, in the record beside the state and under its lock, so
 * that every machine knows. Raises E6068 (exit 64) for an address that is not on it, E4401 (exit 4) where the lock is held.
 */
export async function answerAbsent(
  context: DeliveryContext,
  { unit, access }: Pick<PlanTarget, 'unit' | 'access'>,
  addresses: readonly string[],
): Promise<void> {
  const account = await context.accounts.environmentFor(unit, access);
  sweepWorkspaces(context.work);
  await context.states.locked(unit, account, `absence of ${addresses.join(', ')}`, async () => {
    const record = await context.states.readRecord(unit, account);
    const state = await context.states.read(unit, account);
    const open = unfinishedOf(readUnfinished(context.work, unit.path), record, state?.text);
    const unknown = addresses.filter((address) => !open.some((one) => one.address === address));
    if (unknown.length > 0)
      throw failed(
        'E6068',
        {
          place: unit.path,
          found: `${unknown.join(', ')}: their outcome is not in doubt`,
          expected: open.map(({ address }) => address).join(', '),
          todo: 'use the addresses that `terrace status` names',
        },
        exitCodes.wrongUsage,
      );
    const left = open.filter(({ address }) => !addresses.includes(address));
    if (record !== undefined) {
      const { unfinished: _, ...rest } = record;
      await context.states.writeRecord(unit, account, left.length === 0 ? rest : { ...rest, unfinished: left });
    }
    settleUnfinished(context.work, unit.path);
  });
}
