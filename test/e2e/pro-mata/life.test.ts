import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { proMata, usualValues, type ProMataValues } from '../../../stacks/pro-mata/system';
import { bootstrap } from '../../../terrace/cli/bootstrap-project';
import type { Model } from '../../../terrace/model/model';
import { synthesizeProject, type SynthesisReport } from '../../../terrace/synth/synthesize';
import { findTerraform } from '../../../terrace/terraform/binary';
import { runTerraform, type TerraformResult } from '../../../terrace/terraform/run';
import { inOrder } from '../../_helpers/in-order';
import { projectRoot } from '../../_helpers/project-root';
import { terraceCli } from '../../_helpers/terrace-cli';
import { temporaryFolder, testSandbox, type TestSandbox } from '../../_helpers/sandbox';

const test = inOrder();

let sandbox: TestSandbox;
let tree: string;
let model: Model;
let env: NodeJS.ProcessEnv;
let terraform: (unit: string, ...args: readonly string[]) => Promise<TerraformResult>;

async function synthesize(values: ProMataValues): Promise<SynthesisReport> {
  const project = { systems: { 'pro-mata': async () => (app: Parameters<typeof proMata>[0]) => proMata(app, values) } };
  return synthesizeProject(project, { root: projectRoot, selectors: [], out: tree, commit: null, dirty: false });
}

beforeAll(async () => {
  sandbox = await testSandbox();
  tree = temporaryFolder('terrace-pro-mata-');
  ({ model } = await synthesize(usualValues));
  env = sandbox.env({ account: '456789012345', units: model.units });
  await bootstrap({ project: () => projectRoot, includePlanned: false }, model, 'pro-mata', 'prod', { onStep: () => undefined, env });
  const binary = await findTerraform(env);
  terraform = (unit, ...args) => runTerraform(binary, { cwd: path.join(tree, unit), args: [...args, '-no-color'], env });
}, 600_000);
afterAll(async () => {
  await sandbox.dispose();
  rmSync(tree, { recursive: true, force: true });
});

/** Units below a prefix that are applied by hand, in the order of their waves. */
const unitsOf = (prefix: string): readonly string[] =>
  model.units
    .filter((unit) => unit.path.startsWith(prefix) && !unit.bootstrap && !unit.appliedByBootstrap)
    .toSorted((a, b) => a.wave - b.wave || (a.path < b.path ? -1 : 1))
    .map(({ path: unit }) => unit);

/** Units that are initialized: neither providers nor backend change here. */
const ready = new Set<string>();

/** One command in each unit, after `init`; the units whose exit code is another one, with what terraform said. */
async function each(units: readonly string[], code: number, ...args: readonly string[]): Promise<readonly string[]> {
  const others: string[] = [];
  for (const unit of units) {
    const init = ready.has(unit) ? undefined : await terraform(unit, 'init', '-input=false');
    if (init?.exitCode === 0) ready.add(unit);
    const done = ready.has(unit) ? await terraform(unit, ...args) : init;
    if (done?.exitCode !== code) others.push(`${unit}: ${done?.exitCode} ${done?.stderr}`);
  }
  return others;
}

const apply = ['apply', '-auto-approve', '-input=false'];
const plan = ['plan', '-detailed-exitcode', '-input=false'];
const destroy = ['destroy', '-auto-approve', '-input=false'];

test('development is applied, shows no change, hands its inventory on, and is destroyed whole', async () => {
  const units = unitsOf('pro-mata/dev');
  expect(units).toHaveLength(5);
  const artifacts = path.join(tree, 'pro-mata/dev/artifacts');
  const early = await terraceCli(['handover', 'pro-mata/dev', '--out', tree], env);
  expect([early.code, early.stderr]).toEqual([
    1,
    expect.stringMatching(
      /^E9101 not applied yet {3}pro-mata\/dev\/eastus2\/compute\/swarm$[^]* {2}the same at pro-mata\/dev\/eastus2\/dns\/duckdns$/m,
    ),
  ]);
  expect(readFileSync(path.join(artifacts, 'ansible/inventory/hosts.json'), 'utf8')).toContain('SWARM_MANAGER_PUBLIC_IP');
  expect(await each(units, 0, ...apply)).toEqual([]);
  expect(await each(units, 0, ...plan)).toEqual([]);

  const { stdout } = await terraform('pro-mata/dev/eastus2/compute/swarm', 'output', '-json', 'ansible_inventory');
  const { children, vars } = JSON.parse(stdout).all;
  const address = children.managers.hosts['promata-swarm-manager'].ansible_host;
  expect(address).toMatch(/^203\.0\.113\.\d+$/);
  expect(children.workers.hosts['promata-swarm-worker-1']).toMatchObject({
    ansible_host: '10.1.2.11',
    ansible_ssh_common_args: `-o ProxyJump=promata@${address}`,
  });
  expect(vars.promata_vault).toMatch(/^kv-promata-dev-[0-9a-f]{6}$/);
  const name = await terraform('pro-mata/dev/eastus2/dns/duckdns', 'output', '-json');
  expect(JSON.parse(name.stdout)).toMatchObject({ public_ip: { value: address }, subdomain: { value: 'promata-dev' } });

  const handed = await terraceCli(['handover', 'pro-mata/dev', '--out', tree, '--json'], env);
  expect(JSON.parse(handed.stdout).filled).toEqual([
    { file: 'pro-mata/dev/artifacts/ansible/inventory/hosts.json', unit: 'pro-mata/dev/eastus2/compute/swarm' },
    { file: 'pro-mata/dev/artifacts/scripts/duckdns.env', unit: 'pro-mata/dev/eastus2/dns/duckdns' },
  ]);
  expect(JSON.parse(readFileSync(path.join(artifacts, 'ansible/inventory/hosts.json'), 'utf8'))).toEqual(JSON.parse(stdout));
  expect(readFileSync(path.join(artifacts, 'scripts/duckdns.env'), 'utf8')).toContain(`DUCKDNS_ADDRESS=${address}\n`);

  for (const networks of ['[]', '["0.0.0.0/0"]', '["10.0.0.0/7"]', '["203.0.113.7"]']) {
    const refused = await terraform('pro-mata/dev/eastus2/network/vnet', 'plan', '-input=false', `-var=admin_cidrs=${networks}`);
    expect([networks, refused.exitCode, refused.stderr.includes('Invalid value for variable')]).toEqual([networks, 1, true]);
  }
  expect(await each(units.toReversed(), 0, ...destroy)).toEqual([]);
}, 600_000);

test('production is applied, shows no change, refuses to lose its database, and is destroyed once the protection is lifted', async () => {
  const units = unitsOf('pro-mata/prod');
  expect(units).toHaveLength(12);
  expect(await each(units, 0, ...apply)).toEqual([]);
  expect(await each(units, 0, ...plan)).toEqual([]);
  const refusal = await terraform('pro-mata/prod/us-east-1/storage/rds', ...destroy);
  expect([refusal.exitCode, refusal.stderr.includes('Instance cannot be destroyed')]).toEqual([1, true]);

  const { dev, prod } = usualValues;
  const { written } = await synthesize({
    dev,
    prod: {
      ...prod,
      env: {
        ...prod.env,
        protect: false,
        database: { ...prod.env.database, protect: false },
        loadBalancer: { ...prod.env.loadBalancer, deletionProtection: false },
      },
    },
  });
  const changed = units.filter((unit) => written.includes(`${unit}/main.tf.json`));
  expect(changed).toContain('pro-mata/prod/us-east-1/storage/rds');
  expect(await each(changed, 0, ...apply)).toEqual([]);
  expect(await each(units.toReversed(), 0, ...destroy)).toEqual([]);
}, 900_000);
