import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';
import { AssetType, DataResource, TerraformAsset } from 'cdktf';

import { readModel } from '../../terrace/model/model-file';
import { synthesizeProject, type SynthesisOptions } from '../../terrace/synth/synthesize';
import { filesBelow } from '../../terrace/synth/tree-files';
import type { Project } from '../../terrace/tree/project';
import type { Region } from '../../terrace/tree/region';
import { Unit } from '../../terrace/tree/unit';
import { demoProject, demoUnits, inTemporaryFolder, NetworkUnit, problemsOf } from '../_helpers/demo-project';

const region = { region: 'eu-central-1', awsRegion: 'eu-central-1' };
const two = [region, { region: 'ap-southeast-1', awsRegion: 'ap-southeast-1' }];

const synth = (root: string, project: Project, selectors: readonly string[] = [], options: Partial<SynthesisOptions> = {}) =>
  synthesizeProject(project, {
    root,
    selectors,
    out: path.join(root, 'live'),
    cdktfOut: path.join(root, 'cdktf.out'),
    commit: null,
    dirty: false,
    ...options,
  });

/** Content of every file below a folder, by path. */
function snapshot(folder: string): Record<string, string> {
  return Object.fromEntries(filesBelow(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

test('a synthesis writes the live tree and what cdktf reads, with the same bytes', () =>
  inTemporaryFolder(async (root) => {
    const report = await synth(root, demoProject());
    expect(filesBelow(path.join(root, 'live'))).toEqual([
      'demo/.terrace.json',
      'demo/dev/account.hcl',
      'demo/dev/env.hcl',
      ...['compute/service', 'network/vpc', 'security/secret']
        .flatMap((unit) => [`demo/dev/eu-central-1/${unit}/main.tf.json`, `demo/dev/eu-central-1/${unit}/terragrunt.hcl`])
        .slice(0, 4),
      'demo/dev/eu-central-1/region.hcl',
      'demo/dev/eu-central-1/security/secret/main.tf.json',
      'demo/dev/eu-central-1/security/secret/terragrunt.hcl',
      'demo/root.hcl',
      'synth.json',
    ]);
    expect(report.written).toHaveLength(10);
    expect(readFileSync(path.join(root, 'cdktf.out/stacks/demo-dev-eu-central-1-network-vpc/cdk.tf.json'))).toEqual(
      readFileSync(path.join(root, 'live/demo/dev/eu-central-1/network/vpc/main.tf.json')),
    );
    const manifest = JSON.parse(readFileSync(path.join(root, 'cdktf.out/manifest.json'), 'utf8'));
    expect(manifest.stacks['demo-dev-eu-central-1-compute-service'].dependencies).toEqual([
      'demo-dev-eu-central-1-network-vpc',
      'demo-dev-eu-central-1-security-secret',
    ]);
  }));

test('a dependency is a remote state with literals, read by name, and sensitive where it was given so', () =>
  inTemporaryFolder(async (root) => {
    await synth(root, demoProject({ root: { keyPrefix: 'team/' } }));
    const service = JSON.parse(readFileSync(path.join(root, 'live/demo/dev/eu-central-1/compute/service/main.tf.json'), 'utf8'));
    expect(service.data.terraform_remote_state.network_vpc).toEqual({
      backend: 's3',
      config: {
        bucket: 'terraform-state-123456789012-eu-central-1',
        key: 'team/dev/eu-central-1/network/vpc/terraform.tfstate',
        region: 'eu-central-1',
      },
    });
    expect(service.resource.terraform_data.service.input).toEqual({
      vpc: '${data.terraform_remote_state.network_vpc.outputs.vpc_id}',
      subnets: '${data.terraform_remote_state.network_vpc.outputs.subnet_ids}',
      password: '${sensitive(data.terraform_remote_state.security_secret.outputs.password)}',
    });
    const secret = JSON.parse(readFileSync(path.join(root, 'live/demo/dev/eu-central-1/security/secret/main.tf.json'), 'utf8'));
    expect(secret.output).toEqual({ password: { sensitive: true, value: '${var.password}' } });
    expect(secret.variable).toEqual({ password: { description: 'Set by hand', sensitive: true, type: 'string' } });
  }));

test.each([
  ['dynamodb', { dynamodb_table: 'terraform-locks-123456789012' }, '>= 1.5.7'],
  ['both', { dynamodb_table: 'terraform-locks-123456789012', use_lockfile: true }, '>= 1.10'],
  ['s3', { use_lockfile: true }, '>= 1.10'],
] as const)('with lock %s the backend has literals and the version it needs', (lock, own, version) =>
  inTemporaryFolder(async (root) => {
    await synth(root, demoProject({ root: { lock } }));
    const { terraform } = JSON.parse(readFileSync(path.join(root, 'live/demo/dev/eu-central-1/network/vpc/main.tf.json'), 'utf8'));
    expect(terraform.required_version).toBe(version);
    expect(terraform.backend).toEqual({
      s3: {
        bucket: 'terraform-state-123456789012-eu-central-1',
        key: 'dev/eu-central-1/network/vpc/terraform.tfstate',
        region: 'eu-central-1',
        encrypt: true,
        kms_key_id: 'arn:aws:kms:eu-central-1:123456789012:alias/terraform-state',
        ...own,
      },
    });
    const hcl = readFileSync(path.join(root, 'live/demo/root.hcl'), 'utf8');
    expect([hcl.includes('dynamodb_table'), hcl.includes('use_lockfile')]).toEqual([lock !== 's3', lock !== 'dynamodb']);
  }),
);

test('a second run writes nothing, and a partial run gives the bytes of the whole', () =>
  inTemporaryFolder(async (root) => {
    const project = demoProject({ regions: two });
    await synth(root, project);
    const whole = { live: snapshot(path.join(root, 'live')), out: snapshot(path.join(root, 'cdktf.out')) };
    const again = await synth(root, project);
    expect([again.written, again.removed]).toEqual([[], []]);
    for (const selector of ['demo', 'demo/dev/eu-central-1', 'demo/dev/eu-central-1/compute/service']) {
      const before = statSync(path.join(root, 'live/demo/dev/ap-southeast-1/network/vpc/main.tf.json')).mtimeMs;
      await synth(root, project, [selector]);
      expect({ live: snapshot(path.join(root, 'live')), out: snapshot(path.join(root, 'cdktf.out')) }).toEqual(whole);
      expect(statSync(path.join(root, 'live/demo/dev/ap-southeast-1/network/vpc/main.tf.json')).mtimeMs).toBe(before);
    }
    await synth(root, project, ['demo/dev/eu-central-1/compute'], { out: path.join(root, 'part') });
    const part = snapshot(path.join(root, 'part'));
    for (const name of Object.keys(part).filter((one) => !one.endsWith('.json') || one.endsWith('main.tf.json')))
      expect(part[name]).toBe(whole.live[name]);
    expect(Object.keys(part)).toContain('demo/dev/eu-central-1/region.hcl');
    expect(Object.keys(part)).not.toContain('demo/dev/eu-central-1/network/vpc/main.tf.json');
  }));

test('a removed unit goes with its folder; what Terrace did not write stays', () =>
  inTemporaryFolder(async (root) => {
    await synth(root, demoProject());
    const folder = path.join(root, 'live/demo/dev/eu-central-1');
    mkdirSync(path.join(folder, 'compute/service/.terraform'));
    for (const own of [
      'compute/service/errored.tfstate',
      'compute/service/notes.md',
      'compute/service/.terraform/x',
      'compute/service/.terraform.lock.hcl',
    ])
      writeFileSync(path.join(folder, own), 'mine');
    const { 'compute/service': _service, 'security/secret': _secret, ...rest } = demoUnits;
    const report = await synth(root, demoProject({ regions: [{ ...region, units: rest }] }));
    expect(report.removed).toEqual(
      ['compute/service', 'security/secret'].flatMap((unit) => [
        `demo/dev/eu-central-1/${unit}/main.tf.json`,
        `demo/dev/eu-central-1/${unit}/terragrunt.hcl`,
      ]),
    );
    expect(existsSync(path.join(folder, 'security'))).toBe(false);
    expect(filesBelow(path.join(folder, 'compute/service'))).toEqual([
      '.terraform.lock.hcl',
      '.terraform/x',
      'errored.tfstate',
      'notes.md',
    ]);
    expect(readdirSync(path.join(root, 'cdktf.out/stacks'))).toEqual(['demo-dev-eu-central-1-network-vpc']);
    expect(readModel(path.join(root, 'live')).units.map(({ path: unit }) => unit)).toEqual(['demo/dev/eu-central-1/network/vpc']);
  }));

test('a unit removed outside the selected part stays until it is selected', () =>
  inTemporaryFolder(async (root) => {
    await synth(root, demoProject({ regions: two }));
    const fewer = demoProject({
      regions: [region, { region: 'ap-southeast-1', awsRegion: 'ap-southeast-1', units: { 'network/vpc': NetworkUnit } }],
    });
    await synth(root, fewer, ['demo/dev/eu-central-1']);
    expect(existsSync(path.join(root, 'live/demo/dev/ap-southeast-1/compute/service/main.tf.json'))).toBe(true);
    expect(existsSync(path.join(root, 'cdktf.out/stacks/demo-dev-ap-southeast-1-compute-service'))).toBe(true);
    await synth(root, fewer, ['demo/dev/ap-southeast-1']);
    expect(existsSync(path.join(root, 'live/demo/dev/ap-southeast-1/compute'))).toBe(false);
    expect(existsSync(path.join(root, 'cdktf.out/stacks/demo-dev-ap-southeast-1-compute-service'))).toBe(false);
  }));

test('a system that is gone from the project is removed by a whole synthesis', () =>
  inTemporaryFolder(async (root) => {
    await synth(root, demoProject());
    await synth(root, { systems: {} });
    expect(filesBelow(path.join(root, 'live'))).toEqual(['synth.json']);
  }));

test('a stack whose folder holds an unsaved state is not dropped', () =>
  inTemporaryFolder(async (root) => {
    await synth(root, demoProject());
    const file = path.join(root, 'cdktf.out/stacks/demo-dev-eu-central-1-compute-service/errored.tfstate');
    writeFileSync(file, '{}');
    const { 'compute/service': _service, ...rest } = demoUnits;
    expect(await problemsOf(synth(root, demoProject({ regions: [{ ...region, units: rest }] })))).toEqual([
      expect.objectContaining({ code: 'E3202', place: file }),
    ]);
    expect(Object.keys(JSON.parse(readFileSync(path.join(root, 'cdktf.out/manifest.json'), 'utf8')).stacks)).toContain(
      'demo-dev-eu-central-1-compute-service',
    );
  }));

test('a file in the way that Terrace did not write is never overwritten', () =>
  inTemporaryFolder(async (root) => {
    const file = path.join(root, 'live/demo/root.hcl');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '# by hand\n');
    expect(await problemsOf(synth(root, demoProject()))).toEqual([expect.objectContaining({ code: 'E3201', place: file })]);
    expect(readFileSync(file, 'utf8')).toBe('# by hand\n');
    expect(filesBelow(path.join(root, 'live'))).toEqual(['demo/root.hcl']);
  }));

test('a check writes nothing and names what differs, what is missing and what is left over', () =>
  inTemporaryFolder(async (root) => {
    await synth(root, demoProject());
    writeFileSync(path.join(root, 'live/demo/dev/env.hcl'), 'edited');
    rmSync(path.join(root, 'live/demo/dev/account.hcl'));
    const before = snapshot(root);
    const { 'compute/service': _service, ...rest } = demoUnits;
    const report = await synth(root, demoProject({ regions: [{ ...region, units: rest }] }), [], { check: true });
    expect(report.written).toEqual(['demo/dev/account.hcl', 'demo/dev/env.hcl']);
    expect(report.removed).toEqual([
      'demo/dev/eu-central-1/compute/service/main.tf.json',
      'demo/dev/eu-central-1/compute/service/terragrunt.hcl',
    ]);
    expect(snapshot(root)).toEqual(before);
  }));

test('a check of a tree published on a branch compares with the branch', () =>
  inTemporaryFolder(async (root) => {
    const project = demoProject({ root: { liveTree: { branch: 'live' } } });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    git('init', '--quiet', '--initial-branch=live');
    await synth(root, project);
    git('add', 'live/demo');
    git('commit', '--quiet', '-m', 'tree');
    rmSync(path.join(root, 'live'), { recursive: true });
    expect((await synth(root, project, [], { check: true })).written).toEqual([]);
    const changed = demoProject({ root: { liveTree: { branch: 'live' }, lock: 'both' } });
    expect((await synth(root, changed, [], { check: true })).written).toContain('demo/root.hcl');
    expect(await problemsOf(synth(root, demoProject({ root: { liveTree: { branch: 'absent' } } }), [], { check: true }))).toEqual([
      expect.objectContaining({ code: 'E3303', place: 'absent:live/demo' }),
    ]);
  }));

test('a tree cut off while it was written is completed by the next run', () =>
  inTemporaryFolder(async (root) => {
    const project = demoProject();
    await synth(root, project);
    const whole = snapshot(path.join(root, 'live'));
    rmSync(path.join(root, 'live/demo/dev/eu-central-1/network/vpc/main.tf.json'));
    writeFileSync(path.join(root, 'live/demo/dev/eu-central-1/security/secret/terragrunt.hcl'), 'half');
    await synth(root, project);
    expect(snapshot(path.join(root, 'live'))).toEqual(whole);
  }));

class AssetUnit extends Unit {
  constructor(where: Region, id: string) {
    super(where, id, {});
    const asset = new TerraformAsset(this, 'script', { path: path.resolve('LICENSE'), type: AssetType.FILE });
    new DataResource(this, 'x', { input: { file: asset.path } });
  }
}

test("an asset lies in its unit's folder, and the JSON's path to it is relative", () =>
  inTemporaryFolder(async (root) => {
    await synth(root, demoProject({ regions: [{ ...region, units: { 'compute/asset': AssetUnit } }] }));
    const folder = path.join(root, 'live/demo/dev/eu-central-1/compute/asset');
    const { resource } = JSON.parse(readFileSync(path.join(folder, 'main.tf.json'), 'utf8'));
    const file: string = resource.terraform_data.x.input.file;
    expect(path.isAbsolute(file) || file.includes('..')).toBe(false);
    expect(readFileSync(path.join(folder, file))).toEqual(readFileSync('LICENSE'));
  }));

class Stray extends Unit {
  constructor(where: Region, id: string) {
    super(where, id, {});
    const other = where.unit(NetworkUnit);
    new DataResource(this, 'x', { input: { vpc: new DataResource(other, 'stray', { input: { a: 'b' } }).id } });
  }
}

test('a token of another unit that no dependency declared is refused, naming both units', () =>
  inTemporaryFolder(async (root) => {
    const problems = await problemsOf(
      synth(root, demoProject({ regions: [{ ...region, units: { 'network/vpc': NetworkUnit, 'compute/stray': Stray } }] })),
    );
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'E1301',
        place: 'demo-dev-eu-central-1-compute-stray',
        found: 'it uses terraform_data.stray.id of demo-dev-eu-central-1-network-vpc',
      }),
    ]);
    expect(existsSync(path.join(root, 'live'))).toBe(false);
  }));

test('artifacts are written with their environment, and a narrower run leaves them alone', () =>
  inTemporaryFolder(async (root) => {
    const project = (content: string) =>
      demoProject({ change: (system) => system.environments[0]?.artifact('ansible/inventory.sh', content, { executable: true }) });
    await synth(root, project('one'));
    const file = path.join(root, 'live/demo/dev/artifacts/ansible/inventory.sh');
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['one', 0o755]);
    await synth(root, project('two'), ['demo/dev/eu-central-1/network']);
    expect(readFileSync(file, 'utf8')).toBe('one');
    await synth(root, project('two'), ['demo/dev']);
    expect(readFileSync(file, 'utf8')).toBe('two');
  }));
