import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { linkPackages } from '../../../terrace/git/link-packages';
import { withVariables } from '../../../terrace/sandbox/environment/with-variables';
import { inOrder } from '../../_helpers/in-order';
import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder } from '../../_helpers/sandbox';
import { run, succeeded, type Outcome } from '../../_helpers/scratch-project';

const test = inOrder();

/**
 * The package as another team has it: from its tarball, in a folder outside this repository. Where CI runs it is installed from the
 * registry with what it depends on; elsewhere the packages of this repository are linked beside the unpacked tarball.
 */
const fromRegistry = process.env['CI'] === 'true';
const folder = temporaryFolder('terrace-package-');
const team = path.join(folder, 'team');
const at = (...names: readonly string[]): string => path.join(team, ...names);
const account = '123456789012';
const program = at('node_modules', 'terrace', 'bin', 'terrace.js');
let tarball: string;
let env: NodeJS.ProcessEnv = process.env;

const terrace = (...args: readonly string[]): Promise<Outcome> => run(process.execPath, [program, ...args], { cwd: team, env });
/** Runs `terrace` as on a terminal, with an answer to each question. */
function answered(args: readonly string[], answers: readonly string[]): Promise<Outcome> {
  const terminal = path.join(folder, 'terminal.js');
  writeFileSync(terminal, 'process.stdin.isTTY = true;\nprocess.stderr.isTTY = true;\n');
  const left = [...answers];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--require', terminal, program, ...args], { cwd: team, env: { ...env, TERM: 'dumb' } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
      if (/: $/.test(String(chunk))) child.stdin.write(`${left.shift() ?? ''}\n`);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr, output: stdout + stderr }));
  });
}
const done = async (...args: readonly string[]): Promise<Outcome> => succeeded(await terrace(...args));
const npm = (args: readonly string[], cwd: string): Promise<Outcome> => run('npm', args, { cwd, env: { ...process.env, NODE_ENV: '' } });

beforeAll(async () => {
  const stage = path.join(folder, 'stage', 'terrace');
  cpSync(path.join(projectRoot, 'terrace'), stage, { recursive: true, filter: (name) => !/\/(?:dist|node_modules)$/.test(name) });
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'stage', 'node_modules'));
  succeeded(await npm(['pack', '--silent', '--pack-destination', folder], stage));
  tarball = path.join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  mkdirSync(team);
  if (fromRegistry) {
    const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
      readFileSync(path.join(projectRoot, 'package.json'), 'utf8'),
    );
    const wanted = ['cdktf', 'constructs', '@cdktf/provider-aws'].map((name) => `${name}@${dependencies[name]}`);
    succeeded(await npm(['install', '--no-audit', '--no-fund', '--save-exact', tarball, ...wanted], team));
  } else {
    linkPackages(projectRoot, team);
    rmSync(at('node_modules', 'terrace'));
    mkdirSync(at('node_modules', 'terrace'));
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', at('node_modules', 'terrace')]);
  }
}, 600_000);
afterAll(async () => {
  if (existsSync(at('.sandbox'))) await terrace('sandbox', 'stop');
  rmSync(folder, { recursive: true, force: true });
}, 600_000);

test('the tarball holds code, declarations and licence, and nothing of this repository’s systems and tests', () => {
  const names = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
  expect(names.filter((name) => !/^package\/(?:bin|dist)\/|^package\/(?:package\.json|LICENSE|README\.md)$/.test(name))).toEqual([]);
  expect(names.filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))).toEqual([]);
  const { exports }: { exports: Record<string, { types?: string; default?: string } | string> } = JSON.parse(
    readFileSync(path.join(projectRoot, 'terrace', 'package.json'), 'utf8'),
  );
  const files = Object.values(exports).flatMap((one) => (typeof one === 'string' ? [one] : [one.types ?? '', one.default ?? '']));
  expect(files.filter((file) => !names.includes(path.posix.join('package', file)))).toEqual([]);
  expect(execFileSync('tar', ['-xzOf', tarball, 'package/dist/index.js'], { encoding: 'utf8' })).not.toContain('sourceMappingURL');
});

/** The commands of docs/tutorial.md, in order. */
function tutorial(): readonly string[] {
  const text = readFileSync(path.join(projectRoot, 'docs', 'tutorial.md'), 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) => block.trim().split('\n'));
}

test('a team follows the tutorial from an empty folder, through plan, approval and apply in the sandbox, to its second change', async () => {
  for (const line of tutorial()) {
    if (line.startsWith('eval')) {
      const { variables }: { variables: Record<string, string> } = JSON.parse(
        (await done('sandbox', 'env', '--account', account, '--json')).stdout,
      );
      env = withVariables(process.env, variables);
      continue;
    }
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(3);
    // What is not approved is not applied.
    if (line.includes('approve bundle')) expect((await terrace('apply', 'bundle')).code).toBe(3);
    if (line.endsWith('apply second')) {
      const { units }: { units: readonly { unit: string; status: string }[] } = JSON.parse((await done(...words, '--json')).stdout);
      expect(units.map(({ unit, status }) => [unit, status])).toContainEqual(['shop/dev/eu-central-1/storage/models', 'applied']);
    } else if (line.endsWith('sandbox stop')) {
      const { units }: { units: readonly { unit: string; status: string }[] } = JSON.parse((await done('status', '--json')).stdout);
      expect(units.filter(({ unit }) => unit.includes('/storage/')).map(({ unit, status }) => [unit, status])).toEqual([
        ['shop/dev/eu-central-1/storage/artifacts', 'current'],
        ['shop/dev/eu-central-1/storage/models', 'current'],
      ]);
      await done(...words);
    } else if (words.includes('>')) {
      // What `drift` finds is its exit code: 2.
      const { code, stdout, output } = await terrace(...words.slice(0, words.indexOf('>')));
      if (code !== (words[0] === 'drift' ? 2 : 0)) throw new Error(output);
      writeFileSync(at(words.at(-1) ?? ''), stdout);
    } else await done(...words);
    // The workflows are those that its tree gives.
    if (words[0] === 'init') expect((await done('ci', 'generate', '--check')).stdout).toBe('7 files: up to date\n');
  }
  expect(existsSync(at('review.html'))).toBe(true);
  env = process.env;
}, 600_000);

interface Laid {
  readonly marks: Record<string, { readonly tone: string; readonly word: string; readonly notes: readonly string[] }>;
  readonly elsewhere: readonly string[];
}

test('the page that the tutorial ends with shows the bundle, the drift and the status that the commands printed', () => {
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/.exec(readFileSync(at('shop.html'), 'utf8')) ?? [];
  const { overlays }: { readonly overlays: Readonly<Record<'bundle' | 'drift' | 'status', Laid>> } = JSON.parse(json);
  const region = 'shop/dev/eu-central-1';
  const marksOf = (name: 'bundle' | 'drift' | 'status', unit: string): readonly string[] =>
    Object.entries(overlays[name].marks)
      .filter(([id]) => id.startsWith(`${region}/${unit}`))
      .map(([id, { tone, word }]) => [id.slice(region.length + 1).replace(/_[0-9A-F]{8}$/, ''), tone, word].join(' '));
  expect(marksOf('bundle', 'storage/models')).toEqual([
    'storage/models#aws_s3_bucket.bucket add add',
    'storage/models#aws_s3_bucket_lifecycle_configuration.lifecycle add add',
    'storage/models#aws_s3_bucket_versioning.versioning add add',
    'storage/models add ',
  ]);
  expect(marksOf('drift', 'storage/artifacts')).toEqual(
    expect.arrayContaining(['storage/artifacts drift drifted', 'storage/artifacts#aws_s3_bucket.bucket drift changed']),
  );
  expect(
    Object.values(overlays.drift.marks)
      .flatMap(({ notes }) => notes)
      .join('\n'),
  ).toContain('somebody');
  expect(marksOf('status', 'storage')).toEqual(['storage/artifacts same ', 'storage/models same ']);
  expect([overlays.drift.elsewhere, overlays.status.elsewhere]).toEqual([[], []]);
});

test('what is written later, by flags or by answers, compiles, is in the house’s style, deploys untouched and never replaces a file', async () => {
  const asked = await answered(['new', 'environment'], ['shop/production', 'eu-west-1', '210987654321']);
  expect(asked.code).toBe(0);
  expect(asked.stderr).toMatch(/^Environment: [^]*AWS region \[eu-central-1\]: [^]*AWS account \(12 digits\): /);
  // Without a terminal nothing is asked.
  expect((await terrace('new', 'environment', 'shop/other')).stderr).toContain('give --region');
  await done('new', 'region', 'shop/production/eu-central-1');
  await done('new', 'unit', 'shop/storage/uploads');
  await done('new', 'system', 'side-car', '--environment', 'dev', '--region', 'eu-west-1', '--account', account);
  const listed: { units: readonly { path: string }[] } = JSON.parse((await done('list', '--json')).stdout);
  expect(listed.units.map((unit) => unit.path)).toEqual([
    ...['shop/dev/eu-central-1', 'shop/production/eu-central-1', 'shop/production/eu-west-1'].flatMap((region) =>
      ['backend/state', 'storage/artifacts', 'storage/models', 'storage/uploads'].map((unit) => `${region}/${unit}`),
    ),
    'side-car/dev/eu-west-1/backend/state',
  ]);
  const tool = (name: string, ...args: readonly string[]): Promise<Outcome> =>
    run(path.join(projectRoot, 'node_modules', '.bin', name), args, { cwd: team, env: process.env });
  const [types, lint] = await Promise.all([
    tool('tsc', '-p', '.'),
    tool(
      'oxlint',
      '--deny-warnings',
      '-c',
      path.join(projectRoot, '.oxlintrc.json'),
      'main.ts',
      'backend',
      'envcommon',
      'policies',
      'stacks',
      'test',
    ),
  ]);
  expect([types.code, types.code === 0 ? '' : types.output]).toEqual([0, '']);
  expect([lint.code, lint.code === 0 ? '' : lint.output]).toEqual([0, '']);
  const before = readFileSync(at('main.ts'), 'utf8');
  for (const args of [
    ['init', '.', '--system', 'other', '--environment', 'dev', '--region', 'eu-west-1', '--account', account],
    ['new', 'unit', 'shop/storage/models'],
  ])
    expect(await terrace(...args)).toMatchObject({ code: 64, stderr: expect.stringContaining('E0012 file exists') });
  expect([readFileSync(at('main.ts'), 'utf8') === before, existsSync(at('stacks', 'other'))]).toEqual([true, false]);
  expect((await terrace('new', 'unit')).stderr).toContain('E0015');
  // Types, the policy with its tests, and all systems and environments as `terrace start` deploys them.
  const tested = await npm(['test'], team);
  expect([tested.code, tested.code === 0 ? '' : tested.output]).toEqual([0, '']);
}, 600_000);

test('an error that a project’s source raises is the same class as the program’s', async () => {
  writeFileSync(
    at('main.ts'),
    "import { TerraceError } from 'terrace';\nthrow new TerraceError({ code: 'E9999', title: 'own problem', found: 'x', todo: 'y' }, 64);\n",
  );
  expect(await terrace('list')).toMatchObject({ code: 64, stderr: 'E9999 own problem\n  x\n  y\n' });
}, 600_000);
