import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { Overlay } from '../../terrace/diagram/explore/page-data';
import { succeeded, type ScratchProject } from '../_helpers/scratch-project';
import { newCast, sealedBundle } from '../_helpers/sealed-bundle';
import { sourceShop } from '../_helpers/source-shop';
import { InChromium } from '../e2e/review/in-chromium';
import { madeResource, type MadeChange } from '../review/_fixtures/plan-of';

const unit = 'shop/dev/eu-central-1/storage/database';

/** The shop's database as resources of AWS, with the addresses that the plan has. */
const source = `import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { declareOutputs, Region, text, Unit } from 'terrace';

import type { ShopEnvironment } from '../../system';

const outputs = declareOutputs({ address: text('db.example.org') });

export class DatabaseUnit extends Unit<typeof outputs> {
  constructor(region: Region<{ region: string; awsRegion: string }, ShopEnvironment>, id: string) {
    super(region, id, outputs);
    new AwsProvider(this, 'aws', { region: 'eu-central-1' });
    const app = new DbInstance(this, 'app', { instanceClass: 'db.t4g.micro', engine: 'postgres' });
    app.overrideLogicalId('app');
    new S3Bucket(this, 'files', { bucket: 'shop-files' }).overrideLogicalId('files');
    new SecurityGroup(this, 'group', { description: 'database' }).overrideLogicalId('group');
    this.outputs({ address: app.address });
  }
}

export class ApiUnit extends Unit {
  constructor(region: Region<{ region: string; awsRegion: string }, ShopEnvironment>, id: string) {
    super(region, id, {});
    this.dependency(region.unit(DatabaseUnit));
  }
}
`;

const changes: readonly MadeChange[] = [
  { address: 'aws_db_instance.app', before: { engine: 'mysql' }, after: { engine: 'postgres' }, replace: ['engine'] },
  { address: 'aws_s3_bucket.files', after: { bucket: 'shop-files' } },
  { address: 'aws_security_group.group', before: { description: 'database' }, after: { description: 'databases' } },
  { address: 'aws_s3_bucket.gone', before: { bucket: 'pictures', tags_all: {} } },
];

let project: ScratchProject;
let chromium: InChromium;
beforeAll(async () => {
  chromium = await InChromium.launch();
  project = sourceShop();
  writeFileSync(path.join(project.root, 'stacks/shop/units/storage/database.ts'), source);
  const { files } = await sealedBundle(
    {
      units: [
        {
          unit: { id: 'storage/database', json: {} },
          plan: { resource_changes: changes.map(madeResource), output_changes: {} },
        },
      ],
    },
    await newCast(),
  );
  for (const [name, bytes] of files) {
    const at = path.join(project.root, 'bundle', name);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, bytes);
  }
}, 600_000);
afterAll(async () => {
  await chromium.close();
  await project.dispose();
});

test('`terrace diagram --bundle` writes a page that shows what is added, changed, replaced and destroyed, with the findings', async () => {
  succeeded(await project.terrace(['diagram', 'shop', '--format', 'html', '--bundle', 'bundle', '--out', 'page.html']));
  const page = readFileSync(path.join(project.root, 'page.html'), 'utf8');
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/.exec(page) ?? [];
  const { overlays }: { readonly overlays: { readonly bundle: Overlay } } = JSON.parse(json);
  const { marks, elsewhere } = overlays.bundle;
  expect(Object.entries(marks).map(([id, { tone, word }]) => [id, tone, word])).toEqual(
    expect.arrayContaining([
      [`${unit}#aws_db_instance.app`, 'replace', 'replace'],
      [`${unit}#aws_s3_bucket.files`, 'add', 'add'],
      [`${unit}#aws_security_group.group`, 'change', 'change'],
    ]),
  );
  expect(marks[`${unit}#aws_db_instance.app`]?.findings).toEqual(
    expect.arrayContaining([
      { severity: 'critical', title: 'A database is destroyed', reason: expect.stringContaining('replaced because of engine') },
    ]),
  );
  // What the source no longer has is listed, and its finding stands at the unit.
  expect(elsewhere).toContain(`destroy: aws_s3_bucket.gone of ${unit}`);
  expect(marks[unit]?.findings?.map(({ title }) => title)).toContain('A bucket or file store is destroyed');

  await chromium.open(page, { hash: '#!environment=shop/dev', viewport: { width: 1600, height: 900 } }, async ({ page: open }) => {
    const box = open.locator(`.box:has(title:text-is("${unit}"))`);
    expect((await box.locator('.sign').allTextContents()).map((text) => text.trim())).toEqual(
      expect.arrayContaining(['±1', '~1', '+1', expect.stringMatching(/^⚠ \d+$/)]),
    );
    await box.click();
    const panel = await open.locator('#panel').innerText();
    expect(panel).toContain('A bucket or file store is destroyed');
    expect(panel).toMatch(/findings inside[^]*A database is destroyed/i);
  });
}, 600_000);
