import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';

import { maxConnections } from '../../../envcommon/monitoring';
import { addresses, network } from '../../../envcommon/network';
import { env as dev } from '../../../stacks/olechka/dev/env';
import { fullRegion, type OlechkaEnvironmentValues } from '../../../stacks/olechka/values';
import { projectRoot } from '../../_helpers/project-root';
import { networkProblems, overlappingNetworks } from '../../../terrace/tree/networks';
import type { Json, SynthesizedTree } from './tree';

const before = { ...process.env };
const mocked = new Set<string>();

beforeEach(() => void jest.resetModules());

afterEach(() => {
  for (const module of mocked) jest.dontMock(`../../../${module}`);
  mocked.clear();
  process.env = { ...before };
});

/** Synthesizes with some modules of the source changed; everything is loaded anew, so that the change reaches it. */
async function synthesizedWith(
  mocks: Readonly<Record<string, (actual: Json) => object>>,
  selectors?: readonly string[],
): Promise<SynthesizedTree> {
  for (const [module, change] of Object.entries(mocks)) {
    mocked.add(module);
    jest.doMock(`../../../${module}`, () => change(jest.requireActual(`../../../${module}`)));
  }
  const { synthesizeOlechka } = await import('./tree');
  return synthesizeOlechka(async () => (await import('../../../stacks/olechka/system')).olechka, selectors);
}

const changedUnits = (a: SynthesizedTree, b: SynthesizedTree): readonly string[] =>
  Object.keys(a.units).filter((unit) => JSON.stringify(a.units[unit]) !== JSON.stringify(b.units[unit]));

test('a value of envcommon that no environment overrides changes every region of every environment', async () => {
  const now = await synthesizedWith({});
  jest.resetModules();
  const then = await synthesizedWith({
    'envcommon/storage': (actual) => ({
      ...actual,
      database: (needs: object) => ({ ...actual.database(needs), backupWindow: '05:00-06:00' }),
    }),
  });
  expect(changedUnits(now, then).filter((unit) => !unit.includes('/global/'))).toEqual(
    ['dev', 'production', 'staging'].flatMap((environment) =>
      ['ap-southeast-1', 'eu-central-1'].map((region) => `${environment}/${region}/storage/aurora`),
    ),
  );
});

test('a value that an environment overrides changes only the others', async () => {
  const now = await synthesizedWith({});
  jest.resetModules();
  const then = await synthesizedWith({
    'envcommon/network': (actual) => ({
      ...actual,
      traffic: (needs: { flowLogDays?: number }) => actual.traffic({ flowLogDays: 14, ...needs }),
    }),
  });
  expect(changedUnits(now, then)).toEqual(
    ['dev', 'staging'].flatMap((environment) => ['ap-southeast-1', 'eu-central-1'].map((region) => `${environment}/${region}/network/vpc`)),
  );
});

test('production reserves its database instances and cache nodes only when it asks for it', async () => {
  const tree = await synthesizedWith({ 'stacks/olechka/production/env': ({ env }) => ({ env: { ...env, reservedCapacity: true } }) });
  const reserved = [...tree.resources('aws_rds_reserved_instance'), ...tree.resources('aws_elasticache_reserved_cache_node')];
  expect(reserved.map(({ unit, attrs }) => `${unit} ${attrs.instance_count ?? attrs.cache_node_count}`).sort()).toEqual([
    'production/ap-southeast-1/storage/aurora 2',
    'production/ap-southeast-1/storage/elasticache 3',
    'production/eu-central-1/storage/aurora 3',
    'production/eu-central-1/storage/elasticache 3',
  ]);
});

test('reserving capacity outside production does not compile', () => {
  // @ts-expect-error -- only production may ask for it
  const wrong: OlechkaEnvironmentValues = { ...dev, reservedCapacity: true };
  expect([dev.reservedCapacity, wrong.environment]).toEqual([false, 'dev']);
});

test('nothing of the shell changes an account or the trusted repository', async () => {
  process.env['AWS_ACCOUNT_ID_DEV'] = '111122223333';
  process.env['GITHUB_REPOSITORY'] = 'someone/else';
  const tree = await synthesizedWith({}, ['olechka/dev/global/iam/github-oidc']);
  const json = tree.units['dev/global/iam/github-oidc'];
  expect(json.provider.aws[0].allowed_account_ids).toEqual(['123456789012']);
  expect(JSON.stringify(json)).toContain('repo:catherinevee/terragrunt-olechka:environment:dev');
});

test('an account of anything but 12 digits is a coded error', async () => {
  await expect(
    synthesizedWith({ 'stacks/olechka/production/account': ({ account }) => ({ account: { ...account, id: '25066254478' } }) }, [
      'olechka/production',
    ]),
  ).rejects.toThrow(/E1101 malformed account id[^]*'25066254478'/);
});

test('address plans of different blocks are disjoint, inside their block, and one subnet of each tier per zone', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(
      fc.uniqueArray(octet, { minLength: 2, maxLength: 12 }),
      fc.constantFrom('eu-central-1', 'ap-southeast-1'),
      (octets, region) => {
        const regions = octets.map((second) => ({ path: `x/${second}`, values: fullRegion({ region, cidr: `10.${second}.0.0/16` }) }));
        expect(overlappingNetworks(regions)).toEqual([]);
        for (const { values } of regions) {
          expect(networkProblems('here', values)).toEqual([]);
          expect(values.networks?.[0]?.subnets).toHaveLength(12);
        }
      },
    ),
  );
});

test('two regions with one block are found', () => {
  const region = (name: string) => ({ path: `x/${name}`, values: fullRegion({ region: name, cidr: '10.0.0.0/16' }) });
  expect(overlappingNetworks([region('eu-central-1'), region('ap-southeast-1')]).map(({ code }) => code)).toEqual(['E2104']);
});

test('a plan of anything but a /16, or of more zones than there is room for, is refused', () => {
  for (const cidr of ['10.0.0.0/24', '10.0.1.0/16', '10.0.0.0', '']) expect(() => network({ cidr, zones: ['a'] })).toThrow('is not a /16');
  expect(() => network({ cidr: '10.0.0.0/16', zones: Array.from({ length: 11 }, String) })).toThrow('11 zones, there is room for 10');
  expect(addresses('network/vpc', network({ cidr: '10.9.0.0/16', zones: ['eu-central-1a'] })).subnets).toEqual([
    { name: 'private-a', cidr: '10.9.1.0/24', zone: 'eu-central-1a' },
    { name: 'public-a', cidr: '10.9.101.0/24', zone: 'eu-central-1a' },
    { name: 'database-a', cidr: '10.9.201.0/24', zone: 'eu-central-1a' },
    { name: 'cache-a', cidr: '10.9.211.0/24', zone: 'eu-central-1a' },
  ]);
});

test('connections of a class follow its memory, and an unknown class is refused', () => {
  expect([
    maxConnections('db.t3.medium'),
    maxConnections('db.r6g.large'),
    maxConnections('db.r6g.xlarge'),
    maxConnections('db.r6g.2xlarge'),
  ]).toEqual([450, 1802, 3604, 5000]);
  expect(() => maxConnections('db.x1.huge')).toThrow('no memory known for db.x1.huge');
});

test('no unit and no module asks which environment it is in', () => {
  const sources = (folder: string): readonly string[] =>
    readdirSync(path.join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? sources(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    );
  const files = [...sources('stacks/olechka/units'), ...sources('modules/aws'), ...sources('envcommon')];
  expect(files.length).toBeGreaterThan(50);
  const asking = files.filter((file) =>
    /['"`](dev|staging|production)['"`]|environment\s*[!=]==/.test(readFileSync(path.join(projectRoot, file), 'utf8')),
  );
  expect(asking).toEqual([]);
});

test('names are unique within their account and region, and those of an account over both regions', async () => {
  const tree = await synthesizedWith({});
  const scopes: readonly (readonly [string, string, boolean])[] = [
    ['aws_iam_role', 'name', false],
    ['aws_iam_policy', 'name', false],
    ['aws_cloudwatch_dashboard', 'dashboard_name', false],
    ['aws_s3_bucket', 'bucket', false],
    ['aws_chatbot_slack_channel_configuration', 'configuration_name', false],
    ['aws_lb', 'name', true],
    ['aws_lb_target_group', 'name', true],
    ['aws_cloudwatch_log_group', 'name', true],
    ['aws_ecs_cluster', 'name', true],
    ['aws_secretsmanager_secret', 'name', true],
    ['aws_sns_topic', 'name', true],
    ['aws_cloudwatch_metric_alarm', 'alarm_name', true],
    ['aws_wafv2_web_acl', 'name', true],
    ['aws_ecr_repository', 'name', true],
    ['aws_kms_alias', 'name', true],
    ['aws_rds_cluster', 'cluster_identifier', true],
    ['aws_security_group', 'name', true],
  ];
  for (const [type, field, perRegion] of scopes) {
    const names = tree.resources(type).map(
      ({ unit, attrs }) =>
        `${unit
          .split('/')
          .slice(0, perRegion ? 2 : 1)
          .join('/')} ${attrs[field]}`,
    );
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  }
  const length = (type: string, field: string) => Math.max(...tree.resources(type).map(({ attrs }) => String(attrs[field]).length));
  expect(length('aws_iam_role', 'name')).toBeLessThanOrEqual(64);
  expect(length('aws_lb', 'name')).toBeLessThanOrEqual(32);
  expect(length('aws_lb_target_group', 'name')).toBeLessThanOrEqual(32);
  expect(length('aws_s3_bucket', 'bucket')).toBeLessThanOrEqual(63);
  expect(length('aws_elasticache_replication_group', 'replication_group_id')).toBeLessThanOrEqual(40);
});
