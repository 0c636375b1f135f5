import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { exitCodes, TerraceError } from '../../../terrace/base/errors';
import { findGoneReader, type ReaderSearch } from '../../../terrace/delivery/forget/gone-reader';
import { openRepository } from '../../../terrace/git/repository';
import { MemoryStates } from '../../_helpers/delivery-fakes';
import { commitFacts, factsIn } from '../../_helpers/environment-facts';
import { appliedRecord } from '../../_helpers/record-text';
import { scratchRepository, type ScratchRepository } from '../../_helpers/scratch-repository';
import { codesOf } from '../../_helpers/state-sandbox';

const site = 'shop/dev/eu/web/site';
const zone = 'hub/production/eu/dns/zone';
const beside = 'shop/dev/eu/network/vpc';
const key = (unit: string): string => `${unit.split('/').slice(1).join('/')}/terraform.tfstate`;

let repository: ScratchRepository;
let states: MemoryStates;
beforeAll(() => {
  repository = scratchRepository();
  commit('both', ['hub/production', 'shop/dev']);
  commit('the shop is gone', ['hub/production']);
});
afterAll(() => repository.dispose());
beforeEach(() => {
  states = new MemoryStates();
  states.records.set(key(site), appliedRecord(site, { [zone]: ['id'], [beside]: ['id'] }, { commit: repository.git('rev-parse', 'main') }));
  states.records.set(key(zone), appliedRecord(zone));
});

function commit(message: string, environments: readonly string[]): string {
  const facts = environments.map((name) => [name, factsIn(`states-${name.split('/')[0]}`)] as const);
  return commitFacts(repository, Object.fromEntries(facts), message, 'Ana <ana@example.com>');
}

function search(more: Partial<ReaderSearch> = {}): ReaderSearch {
  const opened = openRepository(repository.root);
  if (opened === undefined) throw new Error('no repository');
  return {
    repository: opened,
    branch: { name: 'main', commit: opened.commitOf('main') },
    held: new Set(['hub/production']),
    accounts: { environmentFor: async () => ({}) },
    states,
    ...more,
  };
}

/** As an environment whose bucket cannot be read answers. */
const closed = (code: string): Partial<ReaderSearch> => ({
  states: {
    read: async () => undefined,
    readRecord: async (target) => {
      if (target.backend.bucket === 'states-shop')
        throw new TerraceError({ code, title: 'closed', found: 'no', todo: 'ask' }, exitCodes.failed);
      return states.readRecord(target);
    },
  },
});

test('a gone reader is found with what it reads that can still be planned, who made what was applied, and what its state holds', async () => {
  const found = await findGoneReader(site, undefined, search());
  expect(found.reads.map(({ target, outputs }) => [target.path, target.backend.bucket, outputs])).toEqual([[zone, 'states-hub', ['id']]]);
  expect(found).toMatchObject({ reader: site, resources: 0, already: [], authors: ['ana@example.com', 'author@example.com'] });
  expect(found.target.backend).toEqual({ bucket: 'states-shop', region: 'eu-central-1', key: key(site), useLockfile: true });
});

test('G15: an environment that the protected branch or the source here still has is not gone', async () => {
  expect(await codesOf(findGoneReader(site, zone, search({ held: new Set(['shop/dev']) })))).toBe('3 E6092');
  const first = repository.git('rev-parse', 'main~1');
  expect(await codesOf(findGoneReader(site, zone, search({ branch: { name: 'main', commit: first } })))).toBe('3 E6092');
});

test('G15: the branch of the remote still has it, whatever other branch is named', async () => {
  const opened = openRepository(repository.root);
  if (opened === undefined) throw new Error('no repository');
  repository.git('update-ref', 'refs/remotes/origin/main', 'main~1');
  repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
  const pretending = findGoneReader(site, zone, search({ branch: { name: 'pretending', commit: opened.commitOf('refs/heads/main') } }));
  expect(await codesOf(pretending)).toBe('3 E6092');
  repository.git('symbolic-ref', '--delete', 'refs/remotes/origin/HEAD');
  repository.git('update-ref', '-d', 'refs/remotes/origin/main');
});

test('there is no such reader: never known, without a record, destroyed, or not reading the unit', async () => {
  expect(await codesOf(findGoneReader('shop/stage/eu/web/site', undefined, search()))).toBe('3 E6093');
  expect(await codesOf(findGoneReader('shop/dev/eu/web/none', undefined, search()))).toBe('3 E6093');
  expect(await codesOf(findGoneReader(site, 'hub/production/eu/dns/other', search()))).toBe('3 E6093');
  expect(await codesOf(findGoneReader(site, beside, search()))).toBe('3 E6093');
  states.records.set(key(site), appliedRecord(site, { [zone]: ['id'] }, { status: 'destroyed' }));
  expect(await codesOf(findGoneReader(site, zone, search()))).toBe('3 E6093');
});

test('records that cannot be read are said to be so: those of a bucket that is gone hold nobody back', async () => {
  const todo = async (code: string): Promise<readonly unknown[]> => {
    const error: unknown = await findGoneReader(site, zone, search(closed(code))).catch((one: unknown) => one);
    return error instanceof TerraceError ? [error.exitCode, error.problems[0]?.code, error.problems[0]?.todo] : [error];
  };
  expect(await todo('E4304')).toEqual([3, 'E6094', expect.stringContaining('there is nothing to forget')]);
  expect(await todo('E4101')).toEqual([3, 'E6094', expect.stringContaining('TERRACE_CREDENTIALS=ambient')]);
});

test('what it reads needs a record that can say so', async () => {
  states.records.delete(key(zone));
  expect(await codesOf(findGoneReader(site, zone, search()))).toBe('3 E6095');
});

test('a reader that was forgotten before is found with that, and with nothing to forget', async () => {
  const forgotten = [{ reader: site, unit: zone, outputs: ['id'], resources: 0, by: 'arn', at: '2026-12-01T10:00:00.000Z', commit: 'c' }];
  states.records.set(key(site), appliedRecord(site, {}, { forgotten }));
  expect(await findGoneReader(site, zone, search())).toMatchObject({ reads: [], already: forgotten });
});
