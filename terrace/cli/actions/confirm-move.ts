import { quantity } from '../../base/plural';
import { exitCodes, TerraceError } from '../../base/errors';
import { openState } from '../../state/state-access';
import { parseState } from '../../state/state-file';
import { readStateObject } from '../../state/state-store';
import { strandedResources, type ProviderPlace } from '../../state/stranded';
import { ask, isInteractive } from '../ask';
import type { ReachableState } from './state-units';

/**
 * Asks before resources go to a unit whose provider looks for them in another account or region: it finds none of them there.
 * Raises E4521 (exit 3) without a yes.
 */
export async function confirmStranding(from: ReachableState, to: ReachableState, addresses: readonly string[]): Promise<void> {
  const access = await openState(from.target, from.env);
  const text = await readStateObject(access).finally(() => access.close());
  if (text === undefined) return;
  const moved = addresses.map((one) => one.split('=')[0] ?? one);
  const stranded = strandedResources(parseState(text, from.target.path).json, from.place, to.place, moved);
  if (stranded.length === 0) return;
  const happens = `${quantity(stranded.length, 'resource')} (${stranded.slice(0, 5).join(', ')}${stranded.length > 5 ? ', …' : ''}) of ${described(from.place)} would be looked for in ${described(to.place)}: the next plan there would find nothing and create everything again, and the existing resources would no longer be in any state`;
  const answer = isInteractive() ? await ask(`${happens}. Move anyway? [y/N] `) : '';
  if (/^y(?:es)?$/i.test(answer)) return;
  throw new TerraceError(
    {
      code: 'E4521',
      title: 'provider looks elsewhere',
      place: to.target.path,
      found: happens,
      expected: 'units whose providers look in the same account and region, a yes, or --yes',
      todo: 'nothing was moved. Resources cannot change their account or region: leave them to the old unit, and import or create new ones in the other',
    },
    exitCodes.refused,
  );
}

function described({ account, region }: ProviderPlace): string {
  return region === undefined ? `account ${account}` : `account ${account}, ${region}`;
}
