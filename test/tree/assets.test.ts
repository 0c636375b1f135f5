import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';
import { AssetType, TerraformAsset, TerraformHclModule, TerraformOutput } from 'cdktf';

import { synthesizeInMemory } from '../../terrace/synth/synthesize';
import type { TreeFile } from '../../terrace/synth/tree-files';
import { assetHash } from '../../terrace/tree/assets';
import type { Unit } from '../../terrace/tree/unit';
import { demoProject, inTemporaryFolder, problemsOf } from '../_helpers/demo-project';
import { unitOf } from '../_helpers/lone-unit';
import { terraformFolder } from '../_helpers/terraform-folder';

const unitFolder = 'demo/dev/eu/a/own/';

/** What one unit's folder holds, by path. */
async function filesOf(make: (unit: Unit) => void): Promise<ReadonlyMap<string, TreeFile>> {
  return inTemporaryFolder(async (scratch) => {
    const units = { 'a/own': unitOf(make) };
    const { files } = await synthesizeInMemory(demoProject({ regions: [{ region: 'eu', awsRegion: 'eu-central-1', units }] }), {
      root: scratch,
      selectors: [],
      scratch,
      commit: null,
      dirty: false,
    });
    return new Map(files.live.filter((file) => file.path.startsWith(unitFolder)).map((file) => [file.path.slice(unitFolder.length), file]));
  });
}

const relative = (folder: string): string => path.relative(process.cwd(), folder);
const write = (file: string, content: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
};

test(
  'a local module is copied into the unit with the modules that it uses, and terraform runs it there',
  () =>
    inTemporaryFolder(async (folder) => {
      write(
        path.join(folder, 'modules/name/main.tf'),
        'module "parts" {\n  source = "../shared/parts"\n}\noutput "name" {\n  value = "n-${module.parts.part}"\n}\n',
      );
      write(
        path.join(folder, 'modules/shared/parts/main.tf'),
        'output "part" {\n  value = trimspace(file("${path.module}/part.txt"))\n}\n',
      );
      write(path.join(folder, 'modules/shared/parts/part.txt'), 'p\n');
      write(path.join(folder, 'modules/shared/parts/.terraform/x'), 'left behind');
      const files = await filesOf((unit) => {
        const source = relative(path.join(folder, 'modules/name'));
        const module = new TerraformHclModule(unit, 'name', { source });
        new TerraformHclModule(unit, 'again', { source });
        new TerraformOutput(unit, 'given', { value: module.get('name') });
      });
      const json = JSON.parse(files.get('main.tf.json')?.content.toString('utf8') ?? '');
      expect(json.module.name.source).toMatch(/^\.\/assets\/.*\/name$/);
      expect(json.module.again.source).toBe(json.module.name.source);
      expect(
        [...files.keys()].filter((name) => name.startsWith('assets/')).map((name) => name.replace(/^assets\/[^/]+\/[^/]+\//, '')),
      ).toEqual(['name/main.tf', 'shared/parts/main.tf', 'shared/parts/part.txt']);
      const { terraform: _, ...rest } = json;
      const real = terraformFolder(rest);
      for (const [name, file] of files) if (name.startsWith('assets/')) write(path.join(real.dir, name), file.content.toString('utf8'));
      const env = { ...process.env, TF_CLI_CONFIG_FILE: undefined };
      expect(await real.run(env, 'init', '-input=false')).toMatchObject({ exitCode: 0 });
      expect(await real.run(env, 'apply', '-input=false', '-auto-approve')).toMatchObject({ exitCode: 0 });
      expect((await real.run(env, 'output', '-raw', 'given')).stdout).toBe('n-p');
    }),
  600_000,
);

test('a module of a registry keeps its source and its pinned version, and nothing of it is copied', async () => {
  const files = await filesOf((unit) => {
    const module = new TerraformHclModule(unit, 'vpc', {
      source: 'terraform-aws-modules/vpc/aws',
      version: '5.8.1',
      variables: { name: 'main', cidr: '10.0.0.0/16' },
    });
    new TerraformHclModule(unit, 'git', { source: 'git::https://example.org/vpc.git?ref=v1.2.0' });
    new TerraformOutput(unit, 'given', { value: module.get('vpc_id') });
  });
  const json = JSON.parse(files.get('main.tf.json')?.content.toString('utf8') ?? '');
  expect([json.module.vpc, json.module.git, json.output.given.value]).toMatchObject([
    { source: 'terraform-aws-modules/vpc/aws', version: '5.8.1', name: 'main', cidr: '10.0.0.0/16' },
    { source: 'git::https://example.org/vpc.git?ref=v1.2.0' },
    '${module.vpc.vpc_id}',
  ]);
  expect([...files.keys()].filter((name) => name.includes('assets'))).toEqual([]);
});

test('a local module that is not there is refused with the line', async () => {
  expect(await problemsOf(filesOf((unit) => void new TerraformHclModule(unit, 'name', { source: './no/such/module' })))).toEqual([
    expect.objectContaining({
      code: 'E1319',
      place: expect.stringMatching(/^test\/tree\/assets\.test\.ts:\d+$/),
      found: 'no .tf file in ./no/such/module',
    }),
  ]);
});

test('names, modes and contents of a folder decide its hash; times and what terraform left there do not', () =>
  inTemporaryFolder((folder) => {
    write(path.join(folder, 'a/run.sh'), 'echo');
    write(path.join(folder, 'b'), '');
    const first = assetHash(folder);
    utimesSync(path.join(folder, 'b'), 1, 1);
    write(path.join(folder, '.terraform/providers'), 'x');
    expect(assetHash(folder)).toBe(first);
    chmodSync(path.join(folder, 'a/run.sh'), 0o755);
    const executable = assetHash(folder);
    renameSync(path.join(folder, 'b'), path.join(folder, 'c'));
    const renamed = assetHash(folder);
    write(path.join(folder, 'c'), 'x');
    expect(new Set([first, executable, renamed, assetHash(folder)]).size).toBe(4);
    symlinkSync('..', path.join(folder, 'a/loop'));
    expect(() => assetHash(folder)).toThrow('E1320 endless folder');
  }));

test('a folder as an asset keeps what can be run; as an archive it has the same bytes at any time', () =>
  inTemporaryFolder(async (folder) => {
    write(path.join(folder, 'code/run.sh'), '#!/bin/sh\n');
    chmodSync(path.join(folder, 'code/run.sh'), 0o755);
    write(path.join(folder, 'code/lib/text'), 'x');
    const made = () =>
      filesOf((unit) => {
        new TerraformAsset(unit, 'folder', { path: path.join(folder, 'code'), type: AssetType.DIRECTORY });
        new TerraformAsset(unit, 'zip', { path: path.join(folder, 'code'), type: AssetType.ARCHIVE });
      });
    const first = await made();
    for (const name of readdirSync(path.join(folder, 'code'))) utimesSync(path.join(folder, 'code', name), 1_000_000_000, 1_000_000_000);
    const second = await made();
    expect([...second]).toEqual([...first]);
    const names = [...first.keys()].filter((name) => name.startsWith('assets/'));
    expect(names.map((name) => [path.basename(name), first.get(name)?.executable === true])).toEqual([
      ['text', false],
      ['run.sh', true],
      ['archive.zip', false],
    ]);
    expect(
      first
        .get(names[2] ?? '')
        ?.content.subarray(0, 4)
        .toString('hex'),
    ).toBe('504b0304');
    expect(readFileSync(path.join(folder, 'code/lib/text'), 'utf8')).toBe('x');
  }));
