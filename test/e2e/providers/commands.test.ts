import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../../_helpers/project-root';
import { simulatedLocks } from '../../../terrace/terraform/simulated-provider';
import { temporaryFolder } from '../../_helpers/sandbox';
import { unwrapped } from './_unit';

// The commands of the command line itself, with a daemon of their own.

const root = temporaryFolder('terrace-commands-');
const dir = path.join(root, 'sandbox');
const unit = path.join(root, 'unit');
const main =
  'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\nprovider "aws" {\n  region = "eu-central-1"\n}\nresource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\nresource "aws_sns_topic" "one" {\n  name = "t"\n}\n';

interface Ran {
  readonly exitCode: number;
  readonly output: string;
}

function terrace(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
    execFile(
      process.execPath,
      [path.join(projectRoot, 'terrace/bin/terrace.js'), '--project', projectRoot, 'sandbox', ...args],
      { cwd: unit, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, output: `${stdout}${stderr}` }),
    );
  });
}

const terraform = (...args: readonly string[]): Promise<Ran> => terrace('exec', '--dir', dir, '--', 'terraform', ...args);

beforeAll(() => {
  mkdirSync(unit, { recursive: true });
});
beforeEach(async () => {
  for (const name of ['terraform.tfstate', 'terraform.tfstate.backup', '.terraform.lock.hcl'])
    rmSync(path.join(unit, name), { force: true });
  writeFileSync(path.join(unit, 'main.tf'), main);
  await terrace('reset', '--dir', dir);
}, 600_000);
afterAll(async () => {
  await terrace('stop', '--dir', dir);
  rmSync(root, { recursive: true, force: true });
}, 600_000);

test('exec runs plain terraform in any folder and ends with its exit code', async () => {
  expect((await terraform('plan', '-detailed-exitcode')).exitCode).toBe(2);
  expect((await terraform('apply', '-auto-approve')).exitCode).toBe(0);
  expect((await terraform('plan', '-detailed-exitcode')).exitCode).toBe(0);
  const absent = await terrace('exec', '--dir', dir, '--', 'no-such-program');
  expect([absent.exitCode, absent.output]).toEqual([64, expect.stringContaining('E5312 command not started   no-such-program')]);
}, 600_000);

test('cloud lists, shows, edits, breaks and tells what happened', async () => {
  await terraform('apply', '-auto-approve');
  const { resources } = JSON.parse((await terrace('cloud', 'list', '--json', '--dir', dir)).output) as {
    resources: { type: string; id: string }[];
  };
  // A VPC brings its network ACL, main route table and default security group.
  expect(resources.map(({ type }) => type).sort()).toEqual([
    'aws_network_acl',
    'aws_route_table',
    'aws_security_group',
    'aws_sns_topic',
    'aws_vpc',
  ]);
  const id = resources.find(({ type }) => type === 'aws_vpc')?.id ?? '';
  expect((await terrace('cloud', 'list', '--type', 'aws_vpc', '--dir', dir)).output).toMatch(
    /^aws_vpc {2}vpc-[0-9a-f]{17} {2}\(\d{12}\/eu-central-1\)\n$/,
  );
  expect((await terrace('cloud', 'show', id, '--dir', dir)).output).toContain('"cidr_block": "10.0.0.0/16"');
  expect((await terrace('cloud', 'edit', id, 'enable_dns_support=false', '--dir', dir)).exitCode).toBe(0);
  expect((await terraform('plan', '-no-color')).output).toMatch(/enable_dns_support\s+= false -> true/);
  const wrong = await terrace('cloud', 'edit', id, 'nme=1', 'x', '--dir', dir);
  expect([wrong.exitCode, wrong.output]).toEqual([
    64,
    expect.stringMatching(/E5308 no such attribute {3}aws_vpc\n {2}aws_vpc has no attribute nme[\s\S]*x is not of the form name=value/),
  ]);
  expect((await terrace('cloud', 'break', 'aws_sns_topic:t', '--dir', dir)).exitCode).toBe(0);
  expect((await terraform('plan', '-no-color')).output).toContain('1 to add, 1 to change, 0 to destroy');
  expect((await terrace('cloud', 'events', '--dir', dir)).output).toContain(`create  aws_vpc  ${id}\n`);
}, 600_000);

test('a fault is aimed at an address of the configuration before it exists, and at its id afterwards', async () => {
  expect((await terrace('fault', 'add', 'aws_sns_topic.one', 'create', 'error', '--message', 'quota', '--dir', dir)).output).toMatch(
    /aws_sns_topic\.one {2}create error {2}1× {2}LimitExceeded/,
  );
  const apply = await terraform('apply', '-auto-approve', '-no-color');
  expect([apply.exitCode, apply.output]).toEqual([1, expect.stringContaining('LimitExceeded')]);
  expect((await terraform('apply', '-auto-approve')).exitCode).toBe(0);
  await terrace('fault', 'add', 'aws_vpc.main', 'delete', 'error', '--message', 'dependency-violation', '--times', 'always', '--dir', dir);
  expect((await terrace('fault', 'list', '--dir', dir)).output).toContain('always');
  expect((await terraform('destroy', '-auto-approve')).exitCode).toBe(1);
  expect((await terrace('fault', 'clear', '--dir', dir)).output).toBe('removed 1 fault\n');
  expect((await terraform('destroy', '-auto-approve')).exitCode).toBe(0);
}, 600_000);

test('wrong faults are refused, all words at once', async () => {
  const wrong = await terrace('fault', 'add', 'aws_vpc', 'make', 'trouble', '--times', '0', '--dir', dir);
  expect(wrong.exitCode).toBe(64);
  expect(wrong.output.match(/E5311 invalid fault/g)).toHaveLength(3);
  expect((await terrace('fault', 'add', 'aws_vpc.none', 'create', 'error', '--dir', dir)).output).toContain(
    'E5309 unknown fault target   aws_vpc.none',
  );
}, 600_000);

test('schema prints a type for people and for machines, and refuses one that does not exist', async () => {
  expect((await terrace('schema', 'aws_sns_topic')).output).toMatch(/^aws_sns_topic\n[\s\S]*\n {2}arn: string \(computed\)\n/);
  const json = JSON.parse((await terrace('schema', 'aws_partition', '--data', '--json')).output) as {
    block: { attributes: Record<string, object> };
  };
  expect(json.block.attributes['dns_suffix']).toEqual({ type: 'string', computed: true });
  expect((await terrace('schema', 'aws_nothing')).output).toContain('E5305 unknown type   aws_nothing');
  expect((await terrace('schema', 'mars_rover')).output).toContain('E5301 unknown provider   mars_rover');
}, 600_000);

test('a started sandbox has an empty mirror: an init that does not see the running providers fails and locks nothing', async () => {
  const other = path.join(root, 'other');
  const unseen = (mirror: readonly string[]): Promise<Ran> =>
    terrace('exec', ...mirror, '--dir', other, '--', 'env', '-u', 'TF_REATTACH_PROVIDERS', 'terraform', 'init', '-no-color');
  await terrace('start', '--dir', other);
  try {
    const init = await unseen([]);
    expect([init.exitCode, unwrapped(init.output)]).toEqual([1, expect.stringContaining('was not found in any of the search locations')]);
    expect(existsSync(path.join(unit, '.terraform.lock.hcl'))).toBe(false);
    expect((await unseen(['--mirror'])).exitCode).toBe(0);
  } finally {
    await terrace('stop', '--dir', other);
  }
}, 600_000);

test('exec --mirror lets terraform lock the providers of the mirror, for the platforms that it is told', async () => {
  const lock = 'terraform providers lock -fs-mirror="$TERRACE_SANDBOX_DIR/mirror" -platform=linux_arm64 -platform=darwin_amd64';
  const locked = await terrace('exec', '--mirror', '--dir', dir, '--', 'sh', '-c', lock);
  expect([locked.exitCode, locked.output]).toEqual([0, expect.stringContaining('darwin_amd64')]);
  expect(simulatedLocks(readFileSync(path.join(dir, 'runs', 'unit', '.terraform.lock.hcl'), 'utf8'))).toEqual(['hashicorp/aws']);
}, 600_000);

test('exec --mirror runs in a copy, so that no lock file of simulated providers comes into the folder', async () => {
  const init = await terrace('exec', '--mirror', '--dir', dir, '--', 'terraform', 'init');
  expect(init.exitCode).toBe(0);
  expect(existsSync(path.join(unit, '.terraform.lock.hcl'))).toBe(false);
  expect(simulatedLocks(readFileSync(path.join(dir, 'runs', 'unit', '.terraform.lock.hcl'), 'utf8'))).toEqual(['hashicorp/aws']);
  expect((await terrace('exec', '--mirror', '--dir', dir, '--', 'terraform', 'apply', '-auto-approve', '-no-color')).output).toContain(
    '2 added',
  );
}, 600_000);

test('add and load put into the cloud what somebody else has there, and schema says what a type takes', async () => {
  const state = path.join(root, 'shared.json');
  writeFileSync(state, JSON.stringify([{ type: 'aws_vpc', values: { cidr_block: '10.9.0.0/16' } }]));
  const added = await terrace('cloud', 'add', 'aws_ami', 'name=golden-1', 'architecture=arm64', '--region', 'eu-west-1', '--dir', dir);
  expect([added.exitCode, (await terrace('cloud', 'load', state, '--dir', dir)).exitCode]).toEqual([0, 0]);
  const listed = (await terrace('cloud', 'list', '--json', '--dir', dir)).output;
  expect(listed).toContain('"golden-1"');
  expect(listed).toContain('"10.9.0.0/16"');
  const schema = await terrace('schema', 'aws_lb');
  expect([schema.exitCode, schema.output]).toEqual([0, expect.stringContaining('  load_balancer_type: string (optional')]);
}, 600_000);

test('a reset leaves no resource', async () => {
  await terraform('apply', '-auto-approve');
  await terrace('reset', '--dir', dir);
  expect((await terrace('cloud', 'list', '--dir', dir)).output).toBe('no simulated resources\n');
  expect((await terraform('plan', '-no-color')).output).toContain('2 to add');
}, 600_000);
