import { expect, test } from '@jest/globals';

import { TerraceError } from '../../../terrace/base/errors';
import { factsCommit, knownReaders } from '../../../terrace/delivery/plan/known-readers';
import { MemoryStates } from '../../_helpers/delivery-fakes';
import { build } from '../../_helpers/demo-project';
import { sharedZoneProject } from '../../_helpers/shared-zone';

test('readers of a shared unit are those by the source where another environment is closed, and that is said', async () => {
  const { model } = await build(sharedZoneProject());
  const zone = model.units.find(({ path }) => path.endsWith('/dns/zone'));
  if (zone === undefined) throw new Error('no zone');
  const access = { stateAccount: '111111111111', credentials: { kind: 'ambient' } as const };
  const environmentFor = async ({ system }: { readonly system: string }): Promise<NodeJS.ProcessEnv> => {
    if (system === 'hub') return {};
    throw new TerraceError({ code: 'E4304', title: 'no access', found: 'denied', todo: 'ask' });
  };
  const known = await knownReaders({ accounts: { environmentFor }, states: new MemoryStates() }, [{ unit: zone, access }], model);
  expect(known.of(zone.path)).toEqual([{ unit: 'shop/dev/eu-west-1/web/site', outputs: ['zone_id'] }]);
  expect(known.remarks.map(({ unit, text }) => [unit, text.includes('shop/dev'), text.includes('E4304')])).toEqual([
    [zone.path, true, true],
  ]);
});

test('which environments there were is told by the protected branch, not by commits of the change; by those where no such branch is known', () => {
  const commitOf = (name: string): string => (name === 'refs/remotes/origin/main' ? 'protected' : 'other');
  expect(factsCommit({ commitOf, remoteBranch: () => 'refs/remotes/origin/main' }, 'head')).toBe('protected');
  expect(factsCommit({ commitOf, remoteBranch: () => undefined }, 'head')).toBe('head');
});
