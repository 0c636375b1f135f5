import { expect, test } from '@jest/globals';

import { TerraceError } from '../../../terrace/base/errors';
import { factsCommit, knownReaders } from '../../../terrace/delivery/plan/known-readers';
import type { States } from '../../../terrace/delivery/record/states';
import { recordKey } from '../../../terrace/state/applied-record';
import type { StateTarget } from '../../../terrace/state/state-access';
import { MemoryStates } from '../../_helpers/delivery-fakes';
import { build } from '../../_helpers/demo-project';
import { factsIn } from '../../_helpers/environment-facts';
import { appliedRecord } from '../../_helpers/record-text';
import { sharedZoneProject, shopAccount } from '../../_helpers/shared-zone';

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

/** The zone of the hub, read by the shop's site, which is applied in a bucket of this name. */
async function zoneReadAt(bucket: string) {
  const { model } = await build(sharedZoneProject());
  const zone = model.units.find(({ path }) => path.endsWith('/dns/zone'));
  if (zone === undefined) throw new Error('no zone');
  const reader = appliedRecord('shop/dev/eu-west-1/web/site', { [zone.path]: ['zone_id'] });
  const key = 'dev/eu-west-1/web/site/terraform.tfstate';
  const records = new Map([[`${bucket} ${key}`, reader]]);
  const states: States = Object.assign(new MemoryStates(), {
    keys: async ({ backend }: StateTarget, _env: NodeJS.ProcessEnv, prefix: string) =>
      [...records.keys()]
        .filter((at) => at.startsWith(`${backend.bucket} ${prefix}`))
        .map((at) => recordKey(at.slice(backend.bucket.length + 1))),
    readRecord: async ({ backend }: StateTarget) => records.get(`${backend.bucket} ${backend.key}`),
  });
  const access = { stateAccount: '111111111111', credentials: { kind: 'ambient' } as const };
  const hub = { systems: model.systems.filter(({ name }) => name === 'hub'), units: model.units.filter(({ system }) => system === 'hub') };
  const none = { systems: model.systems, units: model.units.filter(({ system }) => system === 'hub') };
  const accounts = { environmentFor: async () => ({}) };
  return { model, zone, states, records, access, hub, none, context: { accounts, states } };
}
const site = { unit: 'shop/dev/eu-west-1/web/site', outputs: ['zone_id'] };

test('G15: a change that makes a unit shared no more does not hide who read it while it was', async () => {
  const { zone, records, access, hub, model, context } = await zoneReadAt(`terraform-state-${shopAccount}-eu-west-1`);
  const { shared: _, ...own } = zone;
  const search = { ...hub, everywhere: async () => model };
  const readers = async () => (await knownReaders(context, [{ unit: own, access }], search)).of(zone.path);
  expect(await readers()).toEqual([]);
  records.set(`${zone.backend.bucket} ${zone.backend.key}`, appliedRecord(zone.path, {}, { shared: true }));
  expect(await readers()).toEqual([site]);
});

test('G15: a shared unit that leaves the source is looked for in all environments, which are asked for only then', async () => {
  const { zone, access, hub, model, context } = await zoneReadAt(`terraform-state-${shopAccount}-eu-west-1`);
  let asked = 0;
  const search = {
    ...hub,
    units: hub.units.filter(({ path }) => path !== zone.path),
    everywhere: async () => ((asked += 1), model),
  };
  const other = hub.units.find(({ path }) => path.endsWith('/dns/other'));
  if (other === undefined) throw new Error('no other zone');
  const { shared: _, ...unshared } = other;
  await knownReaders(context, [{ unit: unshared, access }], search);
  expect(asked).toBe(0);
  expect((await knownReaders(context, [{ unit: zone, access }], search)).of(zone.path)).toEqual([site]);
  expect(asked).toBe(1);
});

test('G15: a reader whose environment keeps its states elsewhere now, and did not move them, still reads', async () => {
  const { zone, access, none, context } = await zoneReadAt('before');
  const former = new Map([['shop/dev', [factsIn('before')]]]);
  const search = { ...none, everywhere: async () => ({ ...none, former }) };
  expect((await knownReaders(context, [{ unit: zone, access }], search)).of(zone.path)).toEqual([site]);
  expect((await knownReaders(context, [{ unit: zone, access }], none)).of(zone.path)).toEqual([]);
});

test('G15: where records of a gone environment are closed, what is taken away has readers that nobody knows', async () => {
  const { zone, access, hub, context } = await zoneReadAt('before');
  const closed = {
    ...context,
    accounts: {
      environmentFor: async ({ system }: { readonly system: string }) => {
        if (system === 'shop') throw new TerraceError({ code: 'E4101', title: 'no access', found: 'denied', todo: 'ask' });
        return {};
      },
    },
  };
  const search = { ...hub, former: new Map([['shop/dev', [factsIn('before')]]]) };
  const remarks = async (takes: boolean) =>
    (await knownReaders(closed, [{ unit: zone, access, takes }], search)).remarks.map(({ kind, text }) => [kind, text]);
  const text = 'the source no longer has shop/dev, and its records cannot be read from here (E4101), so its readers there are not known';
  expect(await remarks(true)).toEqual([['readers-unknown', text]]);
  expect(await remarks(false)).toEqual([['readers-outside', text]]);
});

test('which environments there were is told by the protected branch, not by commits of the change; by those where no such branch is known', () => {
  const commitOf = (name: string): string => (name === 'refs/remotes/origin/main' ? 'protected' : 'other');
  const told = (branch: string | undefined, commit: string | null) =>
    factsCommit({ commitOf, has: (one) => one === 'head', remoteBranch: () => branch }, commit);
  expect([told('refs/remotes/origin/main', 'head'), told('refs/remotes/origin/main', null)]).toEqual(['protected', 'protected']);
  expect([told(undefined, 'head'), told(undefined, 'of another clone'), told(undefined, null)]).toEqual(['head', undefined, undefined]);
});
