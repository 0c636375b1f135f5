import { CopyObjectCommand, CreateBucketCommand, ListObjectVersionsCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { s3Client } from '../../../terrace/aws/clients';
import { inOrder } from '../../_helpers/in-order';
import { awsBlocks, dataBlocks, labProject, read, type LabProject } from '../../_helpers/lab-project';
import type { Lab, LabUnits } from '../../_helpers/lab-types';
import { succeeded, words } from '../../_helpers/scratch-project';
import { shopAccount } from '../../_helpers/shop-tree';

const test = inOrder();

const other = '333333333333';
const unit = (resources: { readonly [name: string]: string }): LabUnits[string] => ({
  json: dataBlocks(resources),
  outputs: { v: `\${terraform_data.${Object.keys(resources)[0] ?? ''}.id}` },
});
const queue = (name: string): LabUnits[string] => ({
  json: awsBlocks({ aws_sqs_queue: { q: { name } } }),
  outputs: { url: '${aws_sqs_queue.q.url}' },
});
const parameter = (value: string): NonNullable<LabUnits[string]['json']> =>
  awsBlocks({ aws_ssm_parameter: { p: { name: '/read', type: 'String', value } } });
const units: LabUnits = {
  'shared/a': unit({ x: 'one' }),
  'shared/q': queue('jobs'),
  'read/up': { json: awsBlocks({ aws_sqs_queue: { q: { name: 'before' } } }), outputs: { url: '${aws_sqs_queue.q.url}' } },
  'read/down': { reads: { 'read/up': ['url'] }, json: parameter(read('read/up', 'url')), outputs: {} },
};
const lab = (dev: LabUnits, more: { readonly account?: string; readonly regions?: Lab['environments'][string]['regions'] } = {}): Lab => ({
  lock: 's3',
  environments: { dev: { account: more.account ?? shopAccount, regions: { 'eu-central-1': dev, ...more.regions } } },
});
const inTwoRegions = lab(units, { regions: { 'eu-west-1': { 'far/x': unit({ far: 'away' }) } } });

let project: LabProject;
beforeAll(async () => {
  project = await labProject(inTwoRegions, [shopAccount, other]);
  const s3 = await s3Client('eu-west-1', project.env);
  const Bucket = `terraform-state-${shopAccount}-eu-west-1`;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  s3.destroy();
  succeeded(await project.run('deploy', 'lab/dev/eu-central-1', '--auto-approve'));
}, 600_000);
afterAll(() => project.dispose());

const bundle = (name: string): string => `${project.root}/.terrace/${name}`;

test('two branches that change the same unit: the one that is behind neither destroys nor reverts what the other made', async () => {
  project.git('checkout', '--quiet', '-b', 'pr2');
  project.commit(lab({ ...units, 'shared/a': unit({ x: 'one', pr2: 'made by pr2' }) }), 'pr2');
  project.git('checkout', '--quiet', 'main');
  project.git('checkout', '--quiet', '-b', 'pr1');
  project.commit(lab({ ...units, 'shared/a': unit({ x: 'one', pr1: 'made by pr1' }) }), 'pr1');
  succeeded(await project.run('deploy', project.path('shared/a'), '--auto-approve'));
  project.git('checkout', '--quiet', 'pr2');
  const refused = await project.run('plan', project.path('shared/a'), '--out', bundle('behind'));
  expect([refused.code, words(refused).includes(`E6052 not in this branch ${project.path('shared/a')}`)]).toEqual([3, true]);
  expect(words(refused)).toContain('merge pr1 first');
  project.git('checkout', '--quiet', 'main');
  project.git('merge', '--quiet', '--ff-only', 'pr1');
}, 600_000);

test('a state that is older than the record is refused where no digest guards it (lock: s3)', async () => {
  const Bucket = `terraform-state-${shopAccount}-eu-central-1`;
  const Key = 'dev/eu-central-1/shared/a/terraform.tfstate';
  const s3 = await s3Client('eu-central-1', project.env);
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
  const oldest = Versions.findLast((one) => one.Key === Key)?.VersionId ?? '';
  await s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}?versionId=${oldest}` }));
  const path = project.path('shared/a');
  const refused = await project.run('plan', path, '--out', bundle('older'));
  expect([refused.code, words(refused).includes(`E6051 state lost ${path}`)]).toEqual([3, true]);
  expect(words(refused)).toContain('its state is older than what was applied');
  const status = await project.run('status', path, '--json');
  expect([status.code, JSON.parse(status.stdout).units[0].status]).toEqual([3, 'state lost']);
  const newest = Versions.find((one) => one.IsLatest === true && one.Key === Key)?.VersionId ?? '';
  succeeded(await project.run('state', 'restore', path, '--version', newest));
  s3.destroy();
}, 600_000);

test('a unit that stands under another path is asked about, before its state is destroyed and made anew', async () => {
  const { 'shared/q': moved = {}, ...rest } = units;
  project.commit(lab({ ...rest, 'shared/a': unit({ x: 'one', pr1: 'made by pr1' }), 'shared/renamed': moved }), 'rename');
  const asked = `renamed? ${project.path('shared/q')} has the same resources: movedFrom: 'shared/q' moves its state`;
  const affected = JSON.parse(succeeded(await project.run('affected', '--base', 'HEAD~1', 'lab/dev/eu-central-1', '--json')).stdout);
  expect(affected.units.find((one: { readonly unit: string }) => one.unit === project.path('shared/renamed')).reasons).toContain(asked);
  succeeded(await project.run('plan', '--affected', 'HEAD~1', 'lab/dev/eu-central-1', '--out', bundle('renamed')));
  const review = JSON.parse(succeeded(await project.run('review', bundle('renamed'), '--json', '-')).stdout);
  const found = review.findings.find((one: { readonly rule: string }) => one.rule === 'unit-renamed');
  expect(found).toMatchObject({ severity: 'high', unit: project.path('shared/q') });
  expect(found.reason).toContain(asked);
  project.git('reset', '--quiet', '--hard', 'HEAD~1');
}, 600_000);

test('what applied units read may be replaced, and the review names them; a state that another tool wrote is noted', async () => {
  const changed = { ...units, 'shared/a': unit({ x: 'one', pr1: 'made by pr1' }), 'read/up': queue('after') };
  project.commit(lab(changed), 'replace');
  succeeded(await project.run('plan', project.path('read/up'), project.path('shared/a'), '--out', bundle('replaced')));
  const review = JSON.parse(succeeded(await project.run('review', bundle('replaced'), '--json', '-')).stdout);
  const rules = (rule: string) => review.findings.filter((one: { readonly rule: string }) => one.rule === rule);
  expect(rules('replaced-under-readers')).toMatchObject([{ severity: 'medium', unit: project.path('read/up') }]);
  expect(rules('replaced-under-readers')[0].reason).toContain(project.path('read/down'));
  // The restore above raised the serial outside of any apply.
  expect(rules('written-by-another-tool')).toMatchObject([{ severity: 'info', unit: project.path('shared/a') }]);
  project.git('reset', '--quiet', '--hard', 'HEAD~1');
}, 600_000);

test('a region and an account that the source no longer has are found under the narrowest selectors', async () => {
  const now = { ...units, 'shared/a': unit({ x: 'one', pr1: 'made by pr1' }) };
  project.commit(lab(now, { regions: { 'eu-west-1': { 'far/x': unit({ far: 'away' }) } } }), 'with the region');
  succeeded(await project.run('deploy', 'lab/dev/eu-west-1', '--auto-approve'));
  project.commit(lab(now), 'without the region');
  for (const selector of ['lab/dev/eu-west-1', 'lab/dev/eu-west-1/far/x', 'lab/dev']) {
    const affected = JSON.parse(succeeded(await project.run('affected', '--base', 'applied', selector, '--json')).stdout);
    expect([selector, affected.units.map((one: { readonly unit: string }) => one.unit)]).toEqual([selector, ['lab/dev/eu-west-1/far/x']]);
    const status = JSON.parse((await project.run('status', selector, '--json')).stdout);
    expect([selector, status.orphans.map((one: { readonly unit: string }) => one.unit)]).toEqual([selector, ['lab/dev/eu-west-1/far/x']]);
  }
}, 600_000);

test('a state in the account that an environment had before is found, moved by the command that is named, and asked about where it strands', async () => {
  const now = { ...units, 'shared/a': unit({ x: 'one', pr1: 'made by pr1' }) };
  project.commit(lab(now, { account: other }), 'another account');
  const [data, aws] = [project.path('shared/a'), project.path('shared/q')];
  const refused = await project.run('plan', data, aws, '--out', bundle('account'));
  expect([refused.code, words(refused).includes(`E6041 state not moved ${data}`)]).toEqual([3, true]);
  const commandOf = (path: string): readonly string[] =>
    (new RegExp(`terrace (state move ${path} ${path} --from-commit [0-9a-f]+)`).exec(words(refused))?.[1] ?? '').split(' ');
  succeeded(await project.run(...commandOf(data)));
  const planned = JSON.parse(succeeded(await project.run('plan', data, '--out', bundle('moved'), '--json')).stdout);
  expect(planned.units).toMatchObject([{ unit: data, actions: { create: 0, destroy: 0 } }]);
  const stranded = await project.run(...commandOf(aws));
  expect([stranded.code, words(stranded).includes(`E4521 provider looks elsewhere ${aws}`)]).toEqual([3, true]);
  expect(words(stranded)).toContain(
    `1 resource (aws_sqs_queue.q) of account ${shopAccount}, eu-central-1 would be looked for in account ${other}`,
  );
}, 600_000);
