import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';

import { s3Client } from '../../../terrace/aws/clients';
import type { LockKind, UnitModel } from '../../../terrace/model/model';
import { withStateLock } from '../../../terrace/state/lock/with-state-lock';
import type { BackendValues } from '../../../terrace/tree/values';
import { inOrder } from '../../_helpers/in-order';
import { succeeded } from '../../_helpers/scratch-project';
import { shopAccount } from '../../_helpers/shop-tree';
import { smallProject, type SmallProject } from '../../_helpers/small-project';
import { backendOf, Terragrunt } from '../../_helpers/terragrunt';
import { tool } from '../../_helpers/tools';
import { full } from '../../_helpers/where-available';

const region = 'eu-central-1';
const keyArn = `arn:aws:kms:${region}:${shopAccount}:key/0f5a3c1e-7b1d-4f0e-9c56-0a1b2c3d4e5f`;

interface Combination {
  readonly backend: BackendValues;
  readonly lock: LockKind;
  /** Literals of `backend "s3"` of `network/vpc`. */
  readonly expected: Readonly<Record<string, unknown>>;
  /** Key of its record. */
  readonly record: string;
}

const combinations: Readonly<Record<string, Combination>> = {
  'names with the environment in them, flat keys and an alias': {
    backend: {
      bucket: 'acme-{environment}-tfstate',
      lockTable: 'acme-locks',
      key: '{environment}/{layer}-{unit}.tfstate',
      encryption: 'alias/acme/terraform',
    },
    lock: 'dynamodb',
    expected: {
      bucket: 'acme-dev-tfstate',
      key: 'dev/network-vpc.tfstate',
      region,
      encrypt: true,
      dynamodb_table: 'acme-locks',
      kms_key_id: `arn:aws:kms:${region}:${shopAccount}:alias/acme/terraform`,
    },
    record: 'dev/network-vpc.tfstate.applied.json',
  },
  'a key that is there, and a folder for each unit': {
    backend: {
      bucket: 'acme-{account}-{region}',
      key: 'live/{region}/{layer}/{unit}/terraform.tfstate',
      encryption: `arn:${keyArn.slice(4)}`,
    },
    lock: 'both',
    expected: {
      bucket: `acme-${shopAccount}-${region}`,
      key: `live/${region}/network/vpc/terraform.tfstate`,
      region,
      encrypt: true,
      dynamodb_table: `terraform-locks-${shopAccount}`,
      use_lockfile: true,
      kms_key_id: keyArn,
    },
    record: `live/${region}/network/vpc/applied.json`,
  },
  "S3's own keys and its locks": {
    backend: { bucket: '{system}-states', encryption: 'sse-s3' },
    lock: 's3',
    expected: { bucket: 'small-states', key: `dev/${region}/network/vpc/terraform.tfstate`, region, encrypt: true, use_lockfile: true },
    record: `dev/${region}/network/vpc/applied.json`,
  },
};

// One combination goes the whole way in every run; the others with the long matrix.
const chosen = Object.entries(combinations).slice(0, full ? undefined : 1);

describe.each(chosen)('%s', (_name, { backend, lock, expected, record }) => {
  const test = inOrder();
  let project: SmallProject;
  let unit: UnitModel;
  beforeAll(async () => {
    project = await smallProject(
      { 'network/vpc': { value: 'one' }, 'compute/api': { value: 'a', reads: 'network/vpc' } },
      { root: { backend, lock }, bootstrap: true },
    );
    succeeded(await project.run('synth'));
    const found = project.model().units.find((one) => one.path === project.path('network/vpc'));
    if (found === undefined) throw new Error('the tree has no network/vpc');
    unit = found;
  }, 600_000);
  afterAll(() => project.dispose());

  test('the JSON has the names as literals, and Terragrunt computes the same', async () => {
    expect(backendOf(project.unit(unit.path))).toEqual(expected);
    const terragrunt = tool('terragrunt');
    if (terragrunt === undefined) return;
    const folder = project.unit('small');
    succeeded(await new Terragrunt(terragrunt, project.env).run(folder, ['render', '--all', '--json', '--write', '--non-interactive']));
    for (const one of project.model().units) {
      const file = path.join(project.unit(one.path), 'terragrunt.rendered.json');
      const { remote_state: remote }: { remote_state: { config: unknown } } = JSON.parse(readFileSync(file, 'utf8'));
      expect([one.path, remote.config]).toEqual([one.path, backendOf(project.unit(one.path))]);
    }
  }, 600_000);

  test('bootstrap makes what the names say, plan and apply go through it, and a second plan changes nothing', async () => {
    const bootstrapped = await project.run('backend', 'bootstrap', 'small/dev', '--json');
    expect(JSON.parse(succeeded(bootstrapped).stdout)).toMatchObject({
      units: [{ unit: project.path('backend/state'), outcome: 'created' }],
    });
    expect(JSON.parse(succeeded(await project.run('deploy', 'small', '--auto-approve', '--json')).stdout)).toMatchObject({
      units: [
        { unit: project.path('compute/api'), status: 'applied' },
        { unit: project.path('network/vpc'), status: 'applied' },
      ],
    });
    const { units } = JSON.parse(succeeded(await project.run('status', 'small', '--json')).stdout) as { readonly units: readonly object[] };
    expect(units).toHaveLength(3);
    expect(await keysIn(project, unit)).toEqual(expect.arrayContaining([expected['key'], record]));
    const again = await project.run('plan', 'small', '--detailed-exitcode', '--out', path.join(project.root, 'again'));
    expect([again.code, again.code === 0 ? '' : again.output]).toEqual([0, '']);
    expect(JSON.parse(succeeded(await project.run('backend', 'status', '--json')).stdout)).toMatchObject({
      backends: [{ bucket: expected['bucket'], condition: 'ready', states: 3 }],
    });
    expect(await encryptionOfState(project, unit)).toEqual(
      expected['kms_key_id'] === undefined ? ['AES256', undefined] : ['aws:kms', expected['kms_key_id']],
    );
  }, 600_000);

  test('a lock that somebody holds is found where the names say, and refuses an apply', async () => {
    project.write({ 'network/vpc': { value: 'two' }, 'compute/api': { value: 'a', reads: 'network/vpc' } });
    succeeded(await project.run('synth'));
    const held = await withStateLock(
      unit,
      'test',
      async () => ({ listed: await project.run('lock', 'list', '--json'), plan: await project.run('plan', unit.path, '--out', 'held') }),
      { env: project.env },
    );
    expect(JSON.parse(held.listed.stdout)).toMatchObject({ locks: [{ unit: unit.path, operation: 'test' }] });
    expect(held.plan.output).toContain('E4401');
    succeeded(await project.run('plan', unit.path, '--out', path.join(project.root, 'free')));
  }, 600_000);
});

describe('a backend that exists', () => {
  const test = inOrder();
  let project: SmallProject;
  const units = { 'network/vpc': { value: 'one' } } as const;
  beforeAll(async () => {
    // The helper makes bucket and table, as a team has them.
    project = await smallProject(units);
  }, 600_000);
  afterAll(() => project.dispose());

  test('is not touched by a bootstrap unit of the same names, unless it is told to adopt it', async () => {
    project.settle({ bootstrap: true });
    const refused = await project.run('backend', 'bootstrap', 'small/dev');
    expect([refused.code, refused.stderr.split('\n').find((line) => line.startsWith('E'))]).toEqual([
      3,
      `E4211 backend exists   ${project.path('backend/state')}`,
    ]);
    expect(existsSync(path.join(project.root, '.terrace', 'bootstrap', project.path('backend/state')))).toBe(false);
    const again = await project.run('backend', 'bootstrap', 'small/dev');
    expect(again.code).toBe(3);
    const adopted = succeeded(await project.run('backend', 'bootstrap', 'small/dev', '--adopt', '--json'));
    expect(JSON.parse(adopted.stdout)).toMatchObject({ units: [{ outcome: 'created' }] });
    expect(JSON.parse(succeeded(await project.run('backend', 'bootstrap', 'small/dev', '--json')).stdout)).toMatchObject({
      units: [{ outcome: 'unchanged' }],
    });
  }, 600_000);

  test('is used as it is where the root says that it is made elsewhere', async () => {
    project.settle({ root: { backend: { made: 'elsewhere' } } });
    const found = succeeded(await project.run('backend', 'bootstrap', 'small/dev', '--json'));
    expect([JSON.parse(found.stdout).units, found.stderr]).toEqual([[], expect.stringContaining('which exists')]);
    expect(JSON.parse(succeeded(await project.run('deploy', 'small', '--auto-approve', '--json')).stdout)).toMatchObject({
      units: [{ unit: project.path('network/vpc'), status: 'applied' }],
    });
    project.settle({ root: { backend: { made: 'elsewhere', bucket: 'nowhere-{account}' } } });
    const missing = await project.run('backend', 'bootstrap', 'small/dev');
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining(`E4212 backend does not exist`)]);
    project.settle({ root: { backend: { made: 'elsewhere' } }, bootstrap: true });
    const twice = await project.run('list');
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('E1111')]);
  }, 600_000);
});

async function keysIn({ env }: SmallProject, { backend }: UnitModel): Promise<readonly string[]> {
  const client = await s3Client(region, env);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: backend.bucket }));
  client.destroy();
  return Contents.flatMap(({ Key }) => Key ?? []);
}

async function encryptionOfState({ env }: SmallProject, { backend }: UnitModel): Promise<readonly (string | undefined)[]> {
  const client = await s3Client(region, env);
  const { Body, ServerSideEncryption, SSEKMSKeyId } = await client.send(new GetObjectCommand({ Bucket: backend.bucket, Key: backend.key }));
  await Body?.transformToByteArray();
  client.destroy();
  return [ServerSideEncryption, SSEKMSKeyId];
}
