import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { s3Client } from '../../../terrace/aws/clients';
import { inOrder } from '../../_helpers/in-order';
import { scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';
import { makeShopBackend } from '../../_helpers/shop-tree';

const test = inOrder();

const [hub, shop] = ['123456789012', '234567890123'];
const source = `import { DataResource } from 'cdktf';
import { declareOutputs, Environment, Region, System, text, Unit, type Project, type TreeApp } from 'terrace';

import { StateBackendUnit } from './backend/state-unit';

const outputs = declareOutputs({ zoneId: text('zone-0') });
class ZoneUnit extends Unit<typeof outputs> {
  override readonly shared = true;
  constructor(region: Region, id: string) {
    super(region, id, outputs);
    const zone = new DataResource(this, 'zone');
    zone.addOverride('input', 'example.org');
    this.outputs({ zoneId: zone.id });
  }
}
class SiteUnit extends Unit {
  constructor(region: Region, id: string) {
    super(region, id, {});
    const zone = region.environment.system.other(hub).environment('production').region('eu-central-1').unit(ZoneUnit);
    new DataResource(this, 'site').addOverride('input', this.dependency(zone).zoneId);
  }
}
const values = { region: 'eu-central-1', awsRegion: 'eu-central-1' };
const hub = (app: TreeApp): System => {
  const system = new System(app, { system: 'hub', project: 'hub' });
  const readers = { '${shop}': ['eu-central-1/dns/zone'] };
  const environment = new Environment(system, { environment: 'production', account: { id: '${hub}', name: 'hub', readers } });
  new Region(environment, values, { 'backend/state': StateBackendUnit, 'dns/zone': ZoneUnit });
  return system;
};
const shop = (app: TreeApp): System => {
  const system = new System(app, { system: 'shop', project: 'shop' });
  const environment = new Environment(system, { environment: 'dev', account: { id: '${shop}', name: 'shop' } });
  new Region(environment, values, { 'web/site': SiteUnit });
  return system;
};
export const project: Project = { systems: { hub: async () => hub, shop: async () => shop } };
`;

let project: ScratchProject;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  project = scratchProject();
  writeFileSync(path.join(project.root, 'main.ts'), source);
  project.git('init', '--quiet', '--initial-branch=main');
  project.git('add', '--all');
  project.git('commit', '--quiet', '--message', 'two systems');
  env = await project.sandbox(hub);
  await makeShopBackend(env, hub);
  await makeShopBackend(await project.sandbox(shop), shop);
});
afterAll(() => project.dispose());

/** Gives the hub's bucket the policy that its `backend/state` writes. */
async function openBucket(): Promise<void> {
  succeeded(await project.terrace(['synth', 'hub']));
  const bucket = `terraform-state-${hub}-eu-central-1`;
  const { resource } = JSON.parse(readFileSync(project.unit('hub/production/eu-central-1/backend/state/main.tf.json'), 'utf8'));
  const policies: readonly { readonly bucket: string; readonly policy: string }[] = Object.values(resource.aws_s3_bucket_policy);
  const text = policies.find(({ policy }) => policy.includes(`StatesReadBy${shop}`))?.policy ?? '';
  const s3 = await s3Client('eu-central-1', env);
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: text.replaceAll(/\$\{[^}]*\.arn\}/g, `arn:aws:s3:::${bucket}`) }));
  s3.destroy();
}

test('a unit of one account reads the shared unit of another system in another account, and status knows the edge', async () => {
  const closed = await project.terrace(['deploy', 'hub', 'shop', '--auto-approve'], env);
  expect([closed.code === 0, closed.output.includes(`belongs to account ${hub}`)]).toEqual([false, true]);
  await openBucket();
  succeeded(await project.terrace(['deploy', 'shop', '--auto-approve'], env));
  const state = (unit: string) => project.terrace(['state', 'pull', unit], env).then(({ stdout }) => JSON.parse(stdout));
  const zone = await state('hub/production/eu-central-1/dns/zone');
  const site = await state('shop/dev/eu-central-1/web/site');
  const given: string = zone.outputs.zone_id.value;
  expect(site.resources.find((one: { readonly name: string }) => one.name === 'site').instances[0].attributes.input.value).toBe(given);
  const { stdout } = await project.terrace(['status', '--json'], env);
  const units: readonly { readonly unit: string; readonly status: string }[] = JSON.parse(stdout).units;
  expect(units.filter(({ unit }) => !unit.includes('/backend/')).map(({ unit, status }) => [unit, status])).toEqual([
    ['hub/production/eu-central-1/dns/zone', 'current'],
    ['shop/dev/eu-central-1/web/site', 'current'],
  ]);
});

test('a change of the shared unit affects the other system, and commands that read leave the live tree as it is', async () => {
  const zone = project.unit('hub/production/eu-central-1/dns/zone/main.tf.json');
  const model = project.unit('synth.json');
  const before = [zone, model].map((file) => readFileSync(file, 'utf8'));
  project.edit('main.ts', "'example.org'", "'example.com'");
  const { stdout } = succeeded(await project.terrace(['affected', '--base', 'applied', '--json'], env));
  const units: readonly { readonly unit: string; readonly change: string }[] = JSON.parse(stdout).units;
  expect(units.filter(({ unit }) => !unit.includes('/backend/')).map(({ unit, change }) => [unit, change])).toEqual([
    ['hub/production/eu-central-1/dns/zone', 'unapplied'],
    ['shop/dev/eu-central-1/web/site', 'dependent'],
  ]);
  await project.terrace(['status'], env);
  succeeded(await project.terrace(['list'], env));
  expect([zone, model].map((file) => readFileSync(file, 'utf8'))).toEqual(before);
});

test('the shared unit is not destroyed under its reader in the other system, whether the source still has that or not, and is with it', async () => {
  const zone = 'hub/production/eu-central-1/dns/zone';
  const site = 'shop/dev/eu-central-1/web/site';
  const destroyed = async (...args: readonly string[]) => {
    const { code, stderr } = await project.terrace(['plan', zone, '--destroy', '--out', path.join(project.root, 'bundle'), ...args], env);
    return [code, stderr.includes('E6050'), stderr.includes(`${site} reads zone_id of it`)];
  };
  const deployed = await project.terrace(['deploy', 'hub', '--destroy', '--auto-approve'], env);
  expect([deployed.code, deployed.stderr.includes(`${site} reads zone_id of it`)]).toEqual([3, true]);
  expect(await destroyed('--with-dependents')).toEqual([0, false, false]);
  project.edit('main.ts', "'web/site': SiteUnit", "'web/other': ZoneUnit");
  expect(await destroyed()).toEqual([3, true, true]);
  // Nothing of the source names the other system any more; the facts that were committed do.
  succeeded(await project.terrace(['synth']));
  project.git('add', '--all', 'terrace.environments.json');
  project.git('commit', '--quiet', '--message', 'the facts of two environments');
  project.edit('main.ts', ', shop: async () => shop', '');
  expect(await destroyed()).toEqual([3, true, true]);
});

test('G15: nor where a change makes it shared no more, or takes it out of the source, and its reader’s system is gone', async () => {
  const refused = async (...args: readonly string[]) => {
    const { code, stderr } = await project.terrace(['plan', ...args, '--out', path.join(project.root, 'bundle')], env);
    return [code, stderr.includes('shop/dev/eu-central-1/web/site reads zone_id of it')];
  };
  project.edit('main.ts', '  override readonly shared = true;\n', '');
  expect(await refused('hub/production/eu-central-1/dns/zone', '--destroy')).toEqual([3, true]);
  project.edit('main.ts', ", 'dns/zone': ZoneUnit", '');
  expect(await refused('hub', '--affected', 'HEAD')).toEqual([3, true]);
});
