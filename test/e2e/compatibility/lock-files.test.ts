import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { mirrorEnvironment, writeMirror } from '../../../terrace/sandbox/providers/mirror/mirror';
import { withVariables } from '../../../terrace/sandbox/environment/with-variables';
import { inOrder } from '../../_helpers/in-order';
import { temporaryFolder } from '../../_helpers/sandbox';
import { run, scratchProject, succeeded, words, type ScratchProject } from '../../_helpers/scratch-project';
import { makeStateBackend, testAccount } from '../../_helpers/state-backend';

const test = inOrder();

/** Provider lock files: made by real terraform, from a mirror of invented packages that stand for real ones, and from the sandbox's. */
const kms = 'olechka/dev/eu-central-1/security/kms';
const committed = 'stacks/olechka/.terraform.lock.hcl';
let project: ScratchProject;
let env: NodeJS.ProcessEnv;
const real = temporaryFolder('terrace-mirror-');

beforeAll(async () => {
  project = scratchProject();
  rmSync(path.join(project.root, committed), { force: true });
  succeeded(await project.terrace(['synth', 'olechka']));
  env = await project.sandbox(testAccount);
  await makeStateBackend(env);
  writeMirror(project.root, path.join(project.root, '.sandbox'), path.join(project.root, '.sandbox', 'mirror'));
}, 600_000);

afterAll(async () => {
  await project.dispose();
  rmSync(real, { recursive: true, force: true });
});

const { TF_CLI_CONFIG_FILE: _, ...outside } = process.env;

/** A mirror with a package of the right name for every provider olechka requires. */
function fillMirror(platforms: readonly string[]): void {
  const required = new Map<string, string>();
  for (const unit of project.model().units.filter(({ system }) => system === 'olechka')) {
    const json: { terraform: { required_providers: Record<string, { source: string; version: string }> } } = JSON.parse(
      readFileSync(path.join(project.unit(unit.path), 'main.tf.json'), 'utf8'),
    );
    for (const { source, version } of Object.values(json.terraform.required_providers)) required.set(source, version);
  }
  for (const [source, version] of required) {
    for (const platform of platforms) {
      const folder = path.join(real, 'registry.terraform.io', source, version, platform);
      mkdirSync(folder, { recursive: true });
      const file = path.join(folder, `terraform-provider-${path.basename(source)}_v${version}`);
      writeFileSync(file, `${source} ${version} ${platform}`);
      chmodSync(file, 0o755);
    }
  }
}

test('providers lock writes one file for a system, and each unit gets its part of it', async () => {
  fillMirror(['linux_amd64', 'darwin_arm64']);
  succeeded(
    await project.terrace(
      ['providers', 'lock', 'olechka', '--fs-mirror', real, '--platform', 'linux_amd64', '--platform', 'darwin_arm64'],
      outside,
    ),
  );
  const text = readFileSync(path.join(project.root, committed), 'utf8');
  const blocks = text.match(/^provider "[^"]+"/gm) ?? [];
  expect(blocks).toContain('provider "registry.terraform.io/hashicorp/aws"');
  expect([...blocks].sort()).toEqual(blocks);
  expect(text.match(/h1:/g)).toHaveLength(blocks.length * 2);
  succeeded(await project.terrace(['synth', 'olechka']));
  const part = readFileSync(path.join(project.unit(kms), '.terraform.lock.hcl'), 'utf8');
  expect(part.match(/^provider "[^"]+"/gm)).toEqual(['provider "registry.terraform.io/hashicorp/aws"']);
  for (const hash of part.match(/h1:\S+"/g) ?? []) expect(text).toContain(hash);
}, 600_000);

test('locking once more changes nothing, and another platform is added to those that are there', async () => {
  const before = readFileSync(path.join(project.root, committed), 'utf8');
  const again = succeeded(
    await project.terrace(['providers', 'lock', 'olechka', '--fs-mirror', real, '--platform', 'linux_amd64', '--json'], outside),
  );
  expect(JSON.parse(again.stdout)).toMatchObject({ version: 1, locked: [{ system: 'olechka', outcome: 'unchanged' }] });
  expect(readFileSync(path.join(project.root, committed), 'utf8')).toBe(before);
  fillMirror(['linux_arm64']);
  succeeded(await project.terrace(['providers', 'lock', 'olechka', '--fs-mirror', real, '--platform', 'linux_arm64'], outside));
  expect(readFileSync(path.join(project.root, committed), 'utf8').match(/h1:/g)?.length).toBe(
    ((before.match(/h1:/g)?.length ?? 0) / 2) * 3,
  );
}, 600_000);

test('a package that the mirror lacks, a wrong platform and hashes of the sandbox are refused, and the file stays', async () => {
  const before = readFileSync(path.join(project.root, committed), 'utf8');
  const lacking = await project.terrace(['providers', 'lock', 'olechka', '--fs-mirror', real, '--platform', 'windows_amd64'], outside);
  expect([lacking.code, lacking.stderr]).toEqual([1, expect.stringContaining('E4608 providers not locked')]);
  const wrong = await project.terrace(['providers', 'lock', 'olechka', '--fs-mirror', real, '--platform', 'linux'], outside);
  expect([wrong.code, wrong.stderr]).toEqual([64, expect.stringContaining('E0005')]);
  rmSync(path.join(project.root, committed));
  const simulated = await project.terrace(
    ['providers', 'lock', 'olechka', '--fs-mirror', path.join(project.root, '.sandbox', 'mirror'), '--platform', 'linux_amd64'],
    env,
  );
  expect([simulated.code, simulated.stderr]).toEqual([3, expect.stringContaining('E4609 hashes of simulated providers')]);
  expect(existsSync(path.join(project.root, committed))).toBe(false);
  writeFileSync(path.join(project.root, committed), before);
}, 600_000);

test('under reattach terraform leaves the committed part byte by byte', async () => {
  const file = path.join(project.unit(kms), '.terraform.lock.hcl');
  const before = readFileSync(file, 'utf8');
  const options = { cwd: project.unit(kms), env };
  succeeded(await run('terraform', ['init', '-input=false'], options));
  succeeded(await run('terraform', ['apply', '-auto-approve', '-input=false'], options));
  expect(readFileSync(file, 'utf8')).toBe(before);
  succeeded(await run('terraform', ['destroy', '-auto-approve', '-input=false'], options));
}, 600_000);

test('in a copy of the tree, init -lockfile=readonly accepts the hashes of the mirror and refuses a wrong one', async () => {
  const copy = temporaryFolder('terrace-copy-');
  cpSync(project.unit(kms), copy, { recursive: true, filter: (source) => !path.basename(source).startsWith('.terraform') });
  const mirror = path.join(project.root, '.sandbox', 'mirror');
  const options = { cwd: copy, env: withVariables(env, mirrorEnvironment({})) };
  succeeded(
    await run('terraform', ['providers', 'lock', `-fs-mirror=${mirror}`, '-platform=linux_amd64', '-platform=darwin_arm64'], options),
  );
  const lockFile = path.join(copy, '.terraform.lock.hcl');
  const right = readFileSync(lockFile, 'utf8');
  succeeded(await run('terraform', ['init', '-input=false', '-lockfile=readonly'], options));
  expect(readFileSync(lockFile, 'utf8')).toBe(right);
  rmSync(path.join(copy, '.terraform-sandbox'), { recursive: true });
  writeFileSync(lockFile, right.replace(/h1:[^"]+/g, `h1:${'A'.repeat(43)}=`));
  const refused = await run('terraform', ['init', '-input=false', '-lockfile=readonly'], options);
  expect(refused.code).not.toBe(0);
  expect(words(refused)).toMatch(/doesn't match any of the checksums/);
  rmSync(copy, { recursive: true, force: true });
}, 600_000);
