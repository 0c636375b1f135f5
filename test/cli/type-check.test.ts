import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { projectRoot } from '../_helpers/project-root';
import { temporaryFolder } from '../_helpers/sandbox';
import { terraceCli } from '../_helpers/terrace-cli';

const root = temporaryFolder('terrace-types-');
const unit = (setting: string): string => `import { DataResource, TerraformOutput, type DataConfig } from 'cdktf';
import { Environment, Region, System, Unit, type Project } from 'terrace';

const settings = { input: { days: 1 }${setting} };
class ApiUnit extends Unit {
  constructor(region: Region, id: string) {
    super(region, id, {});
    const config: DataConfig = { input: settings.input };
    new DataResource(this, 'api', config);
    new TerraformOutput(this, 'days', { value: 1, ${setting === '' ? '' : 'sensitiv: true'} });
  }
}
export const project: Project = {
  systems: {
    shop: async () => (app) => {
      const system = new System(app, { system: 'shop', project: 'shop' });
      const environment = new Environment(system, { environment: 'dev', account: { id: '123456789012', name: 'dev' } });
      new Region(environment, { region: 'eu', awsRegion: 'eu-central-1' }, { 'compute/api': ApiUnit });
      return system;
    },
  },
};
`;
const write = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
};
symlinkSync(path.join(projectRoot, 'node_modules'), path.join(root, 'node_modules'));
write('cdktf.json', JSON.stringify({ language: 'typescript', app: 'true' }));
write('tsconfig.json', readFileSync(path.join(projectRoot, 'tsconfig.json'), 'utf8'));
const synth = (...args: readonly string[]) =>
  terraceCli(['synth', '--out', path.join(root, 'out'), ...args], { ...process.env, CI: 'true' }, root);

test('a misspelt optional argument is refused on the way to apply, with file and line, and a source that is right goes on', async () => {
  write('main.ts', unit(', more: 2'));
  const { code, stderr } = await synth();
  expect([code, /E0022 type errors +(\S+)/.exec(stderr)?.[1], /'sensitiv' does not exist/.test(stderr)]).toEqual([1, 'main.ts:10', true]);
  write('main.ts', unit(''));
  expect(await synth()).toMatchObject({ code: 0 });
});

test('a tree that depends on who makes it is refused with its files; one that does not is what it was', async () => {
  write('main.ts', unit(''));
  expect(await synth('--again')).toMatchObject({ code: 0 });
  const clock = "const settings = { input: { days: fromOutside('a test', () => new Date().getFullYear()) } };";
  write(
    'main.ts',
    unit('').replace('const settings = { input: { days: 1 } };', clock).replace('{ Environment,', '{ Environment, fromOutside,'),
  );
  const { code, stderr } = await synth('--again');
  expect([code, stderr.includes('E3305'), stderr.includes('shop/dev/eu/compute/api/main.tf.json')]).toEqual([1, true, true]);
});

test('what is no bundle is said to be a project where it is one, and a model that nobody can read is said to be one', async () => {
  const verified = await terraceCli(['verify', '.'], process.env, root);
  expect([verified.code, verified.stderr.includes('E6001'), verified.stderr.includes('a project, the source')]).toEqual([1, true, true]);
  write('broken/synth.json', '<<<<<<< HEAD\n');
  const planned = await terraceCli(['plan', '--tree', 'broken'], process.env, root);
  expect([planned.code, planned.stderr.includes('E3304')]).toEqual([1, true]);
});
