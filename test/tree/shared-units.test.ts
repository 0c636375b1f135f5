import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { compareTrees } from '../../terrace/delivery/affected/compare';
import { roleNeeds } from '../../terrace/iam/needs';
import { planStatements } from '../../terrace/iam/role-policies';
import { selectUnits } from '../../terrace/model/graph-selection';
import { synthesizeProject } from '../../terrace/synth/synthesize';
import { build, inTemporaryFolder, problemsOf } from '../_helpers/demo-project';
import { hubAccount, sharedZoneProject, shopAccount } from '../_helpers/shared-zone';

const site = 'shop/dev/eu-west-1/web/site';
const zone = 'hub/production/global/dns/zone';

test('a unit depends on a shared unit of another system, in waves, selectors and the systems of the model', async () => {
  for (const selectors of [[], ['shop'], [site]]) {
    const { model, selected } = await build(sharedZoneProject(), ...selectors);
    expect(model.units.map(({ path: unit, wave }) => [unit, wave]).filter(([unit]) => unit === site || unit === zone)).toEqual([
      [zone, 0],
      [site, 1],
    ]);
    expect(model.units.find((unit) => unit.path === site)?.dependencies).toEqual([
      { unit: zone, outputs: ['zone_id'], remoteState: 'hub_production_global_dns_zone' },
    ]);
    expect(model.systems.map(({ name }) => name)).toEqual(['hub', 'shop']);
    expect(selected.includes(zone)).toBe(selectors.length === 0);
  }
  const { model } = await build(sharedZoneProject());
  expect(selectUnits(model, { selectors: [`${zone}...`], except: [], tags: [] })).toEqual([zone, site]);
  expect(selectUnits(model, { selectors: [`...${site}`], except: [], tags: [] })).toEqual([zone, site]);
});

test('a change of the shared unit affects the other system', async () => {
  const { model } = await build(sharedZoneProject());
  const treeWith = (content: string) => ({ model, files: new Map([[zone, new Map([['main.tf.json', Buffer.from(content)]])]]) });
  expect(compareTrees(treeWith('{"a":1}'), treeWith('{"a":2}')).map(({ unit, change }) => [unit, change])).toEqual([
    [zone, 'changed'],
    [site, 'dependent'],
  ]);
});

test('the tree of the reading system holds its own folders alone, and names the other one where both are kept together', async () => {
  await inTemporaryFolder(async (root) => {
    const out = path.join(root, 'live');
    const report = await synthesizeProject(sharedZoneProject(), { root, out, selectors: ['shop'], commit: null, dirty: false });
    expect(report.written.filter((file) => !file.startsWith('shop/'))).toEqual([]);
    expect(readFileSync(path.join(out, site, 'terragrunt.hcl'), 'utf8')).toContain('"../../../../../hub/production/global/dns/zone"');
    const { data } = JSON.parse(readFileSync(path.join(out, site, 'main.tf.json'), 'utf8'));
    expect(data.terraform_remote_state.hub_production_global_dns_zone.config).toEqual({
      bucket: `terraform-state-${hubAccount}-eu-central-1`,
      key: 'production/global/dns/zone/terraform.tfstate',
      region: 'eu-central-1',
    });
  });
});

test('the roles of the reading environment may read that state, in its account, with its key', async () => {
  const { systems } = await build(sharedZoneProject(), 'shop');
  const environment = systems[0]?.environments[0];
  if (environment === undefined) throw new Error('no environment');
  const text = JSON.stringify(planStatements(roleNeeds(environment)));
  expect(text).toContain(`arn:aws:s3:::terraform-state-${hubAccount}-eu-central-1/production/global/dns/zone/terraform.tfstate`);
  expect(text).toContain(`arn:aws:kms:eu-central-1:${hubAccount}:key/*`);
  expect(text).toContain(`arn:aws:kms:eu-west-1:${shopAccount}:key/*`);
  expect(text).not.toContain(`arn:aws:kms:eu-central-1:${shopAccount}:key/*`);
});

test('a unit that is not shared, and an account that does not let this one in, are refused with the way out', async () => {
  const [unshared] = await problemsOf(build(sharedZoneProject({ shared: false }), 'shop'));
  expect(unshared).toMatchObject({ code: 'E1305', place: site, found: `it depends on ${zone}` });
  const [closed] = await problemsOf(build(sharedZoneProject({ readers: { [shopAccount]: ['global/dns/other'] } }), 'shop'));
  expect(closed).toMatchObject({ code: 'E1321', place: site });
  expect(closed?.expected).toContain(`readers: { '${shopAccount}': ['global/dns/zone'] }`);
  const { model } = await build(sharedZoneProject({ readers: {}, account: hubAccount }), 'shop');
  expect(model.units.map((unit) => unit.path)).toContain(site);
});
