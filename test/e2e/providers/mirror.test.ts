import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { simulatedHash, simulatedLocks } from '../../../terrace/terraform/simulated-provider';
import { providerPackages } from '../../../terrace/terraform/provider-packages';
import { findTerraform } from '../../../terrace/terraform/binary';
import { runTerraform } from '../../../terrace/terraform/run';
import { serveCloud, type ServedCloud } from './_cloud';
import { Unit, unwrapped } from './_unit';

// What only mirror mode shows: lock files, version constraints, programs that refuse.

const topic = (constraint: string): string =>
  `terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "${constraint}"\n    }\n  }\n}\nprovider "aws" {\n  region = "eu-central-1"\n}\nresource "aws_sns_topic" "one" {\n  name = "t"\n}\n`;
const [awsPackage] = providerPackages;
let served: ServedCloud;
let unit: Unit;

beforeAll(async () => {
  served = await serveCloud();
});
beforeEach(() => {
  served.empty();
  unit = new Unit(served, 'mirror');
});
afterAll(() => served.stop());

const lockFile = (): string => readFileSync(path.join(unit.dir, '.terraform.lock.hcl'), 'utf8');

test('init writes a lock file whose hashes are known to be those of simulated providers', async () => {
  unit.write(topic('6.25.0'));
  expect((await unit.terraform(['init'])).exitCode).toBe(0);
  if (awsPackage === undefined) throw new Error('no package');
  expect(lockFile()).toContain(simulatedHash(awsPackage));
  expect(simulatedLocks(lockFile())).toEqual(['hashicorp/aws']);
  expect(simulatedLocks(lockFile().replaceAll(/h1:[^"]+/g, 'h1:WsVrL/LKyu5+AQhQUDUCbtqaJWAOhsf6/fB54kOa+tF='))).toEqual([]);
}, 600_000);

test('a version constraint that the bindings do not fit is refused', async () => {
  unit.write(topic('~> 5.0'));
  const init = await unit.terraform(['init']);
  expect(init.exitCode).toBe(1);
  expect(unwrapped(init.output)).toContain('no available releases match the given constraints ~> 5.0');
}, 600_000);

test('a lock file with another hash is refused, and a provider that the mirror lacks is not downloaded', async () => {
  unit.write(topic('6.25.0'));
  await unit.terraform(['init']);
  unit.write({ '.terraform.lock.hcl': lockFile().replaceAll(/h1:[^"]+/g, 'h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=') });
  rmSync(path.join(unit.dir, '.terraform'), { recursive: true });
  expect((await unit.terraform(['init'])).exitCode).toBe(1);
  unit.write({ 'main.tf': topic('6.25.0').replaceAll('hashicorp/aws', 'hashicorp/vault'), '.terraform.lock.hcl': '' });
  expect(unwrapped((await unit.terraform(['init'])).output)).toContain('was not found in any of the search locations');
}, 600_000);

test('providers lock covers four platforms from the mirror', async () => {
  unit.write(topic('6.25.0'));
  const platforms = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'].map((one) => `-platform=${one}`);
  const lock = await unit.terraform(['providers', 'lock', `-fs-mirror=${served.mirror}`, ...platforms]);
  expect(lock.exitCode).toBe(0);
  expect(simulatedLocks(lockFile())).toEqual(['hashicorp/aws']);
}, 600_000);

test('the programs answer terraform’s own TLS', async () => {
  unit.write(topic('6.25.0'));
  await unit.terraform(['init']);
  const { TF_DISABLE_PLUGIN_TLS: _, ...env } = served.environment('mirror');
  const ran = await runTerraform(await findTerraform(), { cwd: unit.dir, args: ['apply', '-auto-approve', '-input=false'], env });
  expect(ran.stdout).toContain('1 added');
}, 600_000);

test('a simulated provider that was left in .terraform refuses in a fresh shell, and nothing is made', async () => {
  unit.write(topic('6.25.0'));
  await unit.terraform(['init']);
  const fresh = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    AWS_ACCESS_KEY_ID: 'AKIAREAL',
    AWS_SECRET_ACCESS_KEY: 'real',
    TF_CLI_CONFIG_FILE: path.join(served.dir, 'terraform.rc'),
    CHECKPOINT_DISABLE: '1',
  };
  const ran = await runTerraform(await findTerraform(), { cwd: unit.dir, args: ['apply', '-auto-approve', '-input=false'], env: fresh });
  expect(ran.exitCode).toBe(1);
  expect(unwrapped(ran.stderr)).toContain('E5310 simulated provider outside its sandbox');
  expect(served.cloud.allKeys()).toEqual([]);
}, 600_000);

test('a simulated provider refuses when its sandbox does not run, or is another one', async () => {
  unit.write(topic('6.25.0'));
  await unit.terraform(['init']);
  const record = path.join(served.dir, 'daemon.json');
  renameSync(record, `${record}.away`);
  const stopped = await unit.plan();
  renameSync(`${record}.away`, record);
  expect(stopped.exitCode).toBe(1);
  expect(unwrapped(stopped.output)).toContain('E5310 simulated provider outside its sandbox: hashicorp/aws');
  const other = await runTerraform(await findTerraform(), {
    cwd: unit.dir,
    args: ['plan', '-no-color'],
    env: { ...served.environment('mirror'), TERRACE_SANDBOX: 'another' },
  });
  expect(unwrapped(other.stderr)).toContain('no such sandbox');
}, 600_000);
