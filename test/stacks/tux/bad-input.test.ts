import { expect, test } from '@jest/globals';

import { TerraceError } from '../../../terrace/base/errors';
import { usualValues, type TuxValues } from '../../../stacks/tux/system';
import type { TuxEnvironmentValues, TuxPlace } from '../../../stacks/tux/values';
import { tuxTree } from './tux-tree';

/** The problems of tux with other values of staging, as `code title: found`. */
async function problems(environment: Partial<TuxEnvironmentValues>, place: Partial<TuxPlace> = {}): Promise<readonly string[]> {
  const { env, region } = usualValues.staging;
  if (region.place === undefined) throw new Error('staging has no servers');
  const values: TuxValues = {
    ...usualValues,
    staging: { env: { ...env, ...environment }, region: { ...region, place: { ...region.place, ...place } } },
  };
  try {
    await tuxTree(values);
  } catch (error) {
    if (error instanceof TerraceError) return error.problems.map(({ code, title, found }) => `${code} ${title}: ${found}`);
    throw error;
  }
  return [];
}

const types = usualValues.staging.env.serverTypes;

test('the usual values have no problem', async () => {
  expect(await problems({})).toEqual([]);
});

test('a retired server type is refused with its successor', async () => {
  expect(await problems({ serverTypes: { ...types, redis: 'cx21' } })).toContain(
    'E2401 retired server type: tux-staging-redis: cx21 can no longer be ordered',
  );
});

test('a server type that nobody knows is refused', async () => {
  expect(await problems({ serverTypes: { ...types, db: 'cx99' } })).toContain(
    'E2407 unknown server type: tux-staging-db: cx99 is not a known server type',
  );
});

test('a server type that is not offered in the location is refused', async () => {
  expect(await problems({ serverTypes: { ...types, bastion: 'cpx21' } })).toContain(
    'E2402 server type not in this location: tux-staging-bastion: cpx21 is not offered in nbg1',
  );
});

test('a location outside the network zone is refused', async () => {
  expect(await problems({}, { location: 'ash' })).toContain(
    'E2406 location outside the network zone: location ash lies in us-east, the subnets in eu-central',
  );
});

test('subnets that do not hold the hosts are refused, all hosts at once', async () => {
  const found = await problems({}, { privateSubnet: '10.2.2.0/28' });
  expect(found).toContain('E2403 address outside its subnet: tux-staging-db: 10.2.2.20 is not in 10.2.2.0/28');
  expect(found).toContain('E2403 address outside its subnet: tux-staging-monitoring: 10.2.2.30 is not in 10.2.2.0/28');
});

test('two hosts at one address are refused', async () => {
  expect(await problems({}, { privateSubnet: '10.2.1.0/24' })).toContain(
    'E2404 address taken twice: 10.2.1.20: tux-staging-bastion and tux-staging-db',
  );
});

test('a number of standbys that does not fit is refused', async () => {
  for (const databaseReplicas of [-1, 1.5, 9])
    expect(await problems({ databaseReplicas })).toContain(
      `E2412 number of standbys out of range: databaseReplicas is ${databaseReplicas}`,
    );
  expect(await problems({ databaseReplicas: 2 })).toEqual([]);
});

test('a volume that Hetzner would refuse is refused', async () => {
  expect(await problems({ volumes: { ...usualValues.staging.env.volumes, redis: 5 } })).toContain(
    'E2411 volume size out of range: redis: 5 GB',
  );
});

test('several mistakes are reported at once', async () => {
  const found = await problems({ serverTypes: { ...types, web: 'cx11', db: 'cx31' } }, { location: 'hil' });
  expect(found.map((line) => line.slice(0, 5))).toEqual(expect.arrayContaining(['E2401', 'E2402', 'E2406']));
});

test('a block of production is refused in staging', async () => {
  const { region } = usualValues.staging;
  const values: TuxValues = {
    ...usualValues,
    staging: { ...usualValues.staging, region: { ...region, networks: usualValues.production.region.networks ?? [] } },
  };
  await expect(tuxTree(values)).rejects.toThrow('E2104 overlapping CIDR');
});

test('standbys have names of their own, addresses below the monitoring server, and a rule that lets them follow', async () => {
  const tree = await tuxTree({
    ...usualValues,
    staging: { ...usualValues.staging, env: { ...usualValues.staging.env, databaseReplicas: 1 } },
  });
  const { hcloud_server } = (tree.units['staging/eu-central/data/postgres']?.['resource'] ?? {}) as {
    readonly hcloud_server?: Readonly<
      Record<string, { readonly name: string; readonly user_data: string; readonly network: readonly { readonly ip: string }[] }>
    >;
  };
  const servers = Object.values(hcloud_server ?? {});
  expect(servers.map(({ name, network }) => `${name} ${network[0]?.ip}`).sort()).toEqual([
    'tux-staging-db 10.2.2.20',
    'tux-staging-db-standby-1 10.2.2.22',
  ]);
  expect(servers.find(({ name }) => name === 'tux-staging-db')?.user_data).toContain('ip saddr 10.2.2.22 tcp dport 5432 accept');
  expect(tree.files['staging/artifacts/ansible/roles/tux/files/db/postgres/pg_hba.conf']).toContain(
    'hostssl replication replication 10.2.2.22/32 scram-sha-256',
  );
});
