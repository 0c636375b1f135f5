import { readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { usualValues } from '../../../stacks/tux/system';
import { inOrder } from '../../_helpers/in-order';
import { runTool, tool } from '../../_helpers/tools';
import { terraceCli } from '../../_helpers/terrace-cli';
import { all, startTux, type TuxRun } from './tux-run';

const test = inOrder();

const apply = ['apply', '-auto-approve', '-input=false'];
const plan = ['plan', '-detailed-exitcode', '-input=false'];
const drift = ['plan', '-refresh-only', '-detailed-exitcode', '-input=false'];
const destroy = ['destroy', '-auto-approve', '-input=false'];

let run: TuxRun;
beforeAll(async () => {
  run = await startTux();
  await run.each(['tux/production/global/dns/zone'], ...apply);
}, 600_000);
afterAll(async () => {
  await run?.dispose();
});

/** The inventory as Ansible's script gives it, from the state. */
function inventory(environment: string): {
  readonly _meta: { readonly hostvars: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  readonly web: { readonly hosts: readonly string[] };
} {
  const script = path.join(run.tree, 'tux', environment, 'artifacts', 'ansible', 'inventory', 'terraform.py');
  const python = tool('python3');
  if (python === undefined) throw new Error('python3 is missing');
  const done = runTool(python, [script, '--list'], { env: run.env });
  expect(done.code).toBe(0);
  return JSON.parse(done.output);
}

test('staging is applied, shows no change and no drift, gives its inventory, and is destroyed whole', async () => {
  const units = run.units('tux/staging');
  expect(units).toHaveLength(12);
  expect(await run.each(units, ...apply)).toEqual(all(units, 0));
  expect(await run.each(units, ...plan)).toEqual(all(units, 0));
  expect(await run.each(units, ...drift)).toEqual(all(units, 0));

  const { _meta, web } = inventory('staging');
  const address = String(_meta.hostvars['tux-staging-bastion']?.['ansible_host']);
  expect(address).toMatch(/^203\.0\.113\.\d+$/);
  expect(web.hosts).toEqual(['tux-staging-web-1', 'tux-staging-web-2']);
  expect(_meta.hostvars['tux-staging-web-1']).toMatchObject({
    ansible_host: '10.2.2.10',
    ansible_ssh_common_args: `-o ProxyJump=ops@${address}`,
  });
  expect(_meta.hostvars['tux-staging-db']?.['tux_volumes']).toMatchObject({
    postgres: expect.stringMatching(/^\/dev\/disk\/by-id\/scsi-0HC_Volume_\d+$/),
  });
  const handed = await terraceCli(['handover', 'tux/staging', '--out', run.tree], run.env);
  expect([handed.code, handed.stderr]).toEqual([0, '']);
  const file = readFileSync(path.join(run.tree, 'tux/staging/artifacts/ansible/inventory/staging.json'), 'utf8');
  expect(JSON.parse(file)).toEqual(inventory('staging'));

  const ansible = tool('ansible-inventory');
  const script = path.join(run.tree, 'tux', 'staging', 'artifacts', 'ansible', 'inventory', 'terraform.py');
  const read =
    ansible === undefined
      ? `ProxyJump=ops@${address}`
      : runTool(ansible, ['-i', script, '--host', 'tux-staging-redis'], { env: run.env }).output;
  expect(read).toContain(`ProxyJump=ops@${address}`);

  expect(await run.each(units.toReversed(), ...destroy)).toEqual(all(units, 0));
}, 600_000);

test('production is applied and shows no change; what is protected refuses to be destroyed until the protection is lifted', async () => {
  const units = run.units('tux/production/eu-central');
  expect(units).toHaveLength(12);
  expect(await run.each(units, ...apply)).toEqual(all(units, 0));
  expect(await run.each(units, ...plan)).toEqual(all(units, 0));

  const open = new Set(['network/firewall', 'dns/cloudflare', 'security/cloudflare'].map((id) => `tux/production/eu-central/${id}`));
  const guarded = units.filter((unit) => !open.has(unit));
  expect(await run.each(guarded.toReversed(), ...destroy)).toEqual(all(guarded, 1));
  const refusal = await run.terraform('tux/production/eu-central/data/postgres', ...destroy);
  expect(refusal.stderr).toContain('Instance cannot be destroyed');
  expect(await run.each(units, ...plan)).toEqual(all(units, 0));

  const { production, staging } = usualValues;
  await run.synthesize({ production: { ...production, env: { ...production.env, protect: false } }, staging });
  expect(await run.each(units, ...apply)).toEqual(all(units, 0));
  expect(await run.each(units.toReversed(), ...destroy)).toEqual(all(units, 0));
}, 600_000);

test('terraform refuses administrators from everywhere, and from nowhere', async () => {
  const unit = 'tux/production/eu-central/network/private-network';
  await run.each([unit], ...apply);
  const bastion = 'tux/production/eu-central/compute/bastion';
  await run.each([bastion], 'validate');
  for (const networks of ['[]', '["0.0.0.0/0"]', '["::/0"]', '["203.0.113.7"]']) {
    const refused = await run.terraform(bastion, 'plan', '-input=false', `-var=admin_cidrs=${networks}`);
    expect([networks, refused.exitCode]).toEqual([networks, 1]);
    expect(refused.stderr).toContain('Invalid value for variable');
  }
}, 600_000);

test('the inventory script says what is missing', () => {
  const folder = path.join(run.tree, 'tux', 'production', 'artifacts', 'ansible', 'inventory');
  const python = tool('python3');
  if (python === undefined) throw new Error('python3 is missing');
  const ask = (env: Readonly<Record<string, string>>, ...args: readonly string[]): ReturnType<typeof runTool> =>
    runTool(python, [path.join(folder, 'terraform.py'), ...args], { env: { ...run.env, ...env } });
  expect(ask({ TUX_INVENTORY_UNIT: '/nowhere' }, '--list')).toMatchObject({
    code: 1,
    output: expect.stringContaining('/nowhere does not exist'),
  });
  expect(ask({ TERRAFORM_BINARY_NAME: 'no-terraform' }, '--list')).toMatchObject({
    code: 1,
    output: expect.stringContaining('no-terraform is not on PATH'),
  });
  expect(ask({ TUX_INVENTORY: 'guess' }, '--list')).toMatchObject({ code: 1, output: expect.stringContaining('expected state or file') });
  const file = ask({ TUX_INVENTORY: 'file' }, '--list');
  expect(JSON.parse(file.output)).toEqual(JSON.parse(readFileSync(path.join(folder, 'production.json'), 'utf8')));
  expect(JSON.parse(ask({ TUX_INVENTORY: 'file' }, '--host', 'nobody').output)).toEqual({});
});
