import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { judge, parseNftables } from '../../_helpers/nftables';
import { temporaryFolder } from '../../_helpers/sandbox';
import { runTool, tool } from '../../_helpers/tools';
import { tuxTree, type Json } from './tux-tree';

const hosts = ['bastion', 'web-1', 'web-2', 'db', 'redis', 'monitoring'];
// What the vault and the shell hold when Ansible runs.
const secrets = { vault_backup_password: "it's secret", vault_backup_access_id: 'id', vault_backup_access_secret: 'key', tux_volumes: {} };

let folder: string;
const ansible = tool('ansible-playbook');

/** What Ansible made of a template on a host. */
function rendered(host: string, name: string): string {
  const texts = JSON.parse(readFileSync(path.join(folder, `tux-production-${host}.json`), 'utf8')) as Readonly<Record<string, string>>;
  return texts[name] ?? '';
}

const template = (file: string, variables = '{}'): string => `lookup('ansible.builtin.template', '${file}', template_vars=${variables})`;
const texts = {
  'nftables.conf': template("roles/system/templates/nftables/' ~ tux_host ~ '.nft.j2"),
  'sshd.conf': template('roles/system/templates/sshd.conf.j2'),
  hosts: template('roles/system/templates/hosts.j2'),
  exports: template('roles/tux/templates/exports.j2'),
  'backup.conf': template('roles/tux/templates/backup.conf.j2'),
  'alertmanager.yml': template('roles/tux/templates/alertmanager.yml.j2'),
  'second.timer': template('roles/tux/templates/backup.timer.j2', "{'item': tux_backup_runs[tux_role][1]}"),
  'last.timer': template('roles/tux/templates/backup.timer.j2', "{'item': tux_backup_runs[tux_role][-1]}"),
};

/** Has Ansible render every template for every host, on this machine and as nobody special. */
beforeAll(async () => {
  folder = temporaryFolder('terrace-templates-');
  if (ansible === undefined) return;
  const tree = await tuxTree();
  for (const [name, text] of Object.entries(tree.files).filter(([file]) => file.startsWith('production/artifacts/ansible/'))) {
    const file = path.join(folder, name.replace('production/artifacts/ansible/', ''));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const content = `{{ {${Object.entries(texts)
    .map(([name, lookup]) => `'${name}': ${lookup}`)
    .join(', ')}} | to_json }}`;
  const play = [
    {
      name: 'Render',
      hosts: 'all',
      connection: 'local',
      gather_facts: false,
      vars: secrets,
      vars_files: ['roles/tux/vars/main/backup.yml', 'roles/tux/defaults/main.yml', 'roles/system/defaults/main.yml'],
      tasks: [{ name: 'Render', 'ansible.builtin.copy': { content, dest: `${folder}/{{ inventory_hostname }}.json`, mode: '0600' } }],
    },
  ];
  writeFileSync(path.join(folder, 'render.yml'), JSON.stringify(play));
  // A plain script that prints the inventory file.
  writeFileSync(path.join(folder, 'hosts.sh'), `#!/bin/sh\ncat '${path.join(folder, 'inventory', 'production.json')}'\n`, { mode: 0o755 });
  const env = {
    ...process.env,
    TUX_ADMIN_CIDRS: '198.51.100.0/24,2001:db8:ad::/48',
    TUX_BASTION_ADDRESS: '192.0.2.20',
    TUX_BACKUP_ENDPOINT: 'https://account.eu.r2.cloudflarestorage.com',
    ANSIBLE_NOCOLOR: '1',
  };
  const interpreter = '{"ansible_python_interpreter": "{{ ansible_playbook_python }}"}';
  const done = runTool(ansible, ['-i', path.join(folder, 'hosts.sh'), '--extra-vars', interpreter, path.join(folder, 'render.yml')], {
    cwd: folder,
    env,
  });
  if (done.code !== 0) throw new Error(done.output);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('Ansible writes the packet filter that cloud-init wrote, with the administrators of the day', () => {
  if (ansible === undefined) return;
  for (const host of hosts) {
    const ruleset = parseNftables(rendered(host, 'nftables.conf'));
    const admits = (source: string): boolean =>
      judge(ruleset, 'input', { source, destination: 'host', protocol: 'tcp', port: 22 }) === 'accept';
    expect([host, admits('198.51.100.9'), admits('2001:db8:ad::9'), admits('10.0.1.20'), admits('203.0.113.9')]).toEqual([
      host,
      host === 'bastion',
      host === 'bastion',
      host !== 'bastion',
      false,
    ]);
  }
});

test('only the bastion forwards connections, and the monitoring server to itself', () => {
  if (ansible === undefined) return;
  const forwarding = hosts.map((host) => /^AllowTcpForwarding (\w+)$/m.exec(rendered(host, 'sshd.conf'))?.[1]);
  expect(forwarding).toEqual(['yes', 'no', 'no', 'no', 'no', 'local']);
  for (const host of hosts) expect(rendered(host, 'sshd.conf')).toContain('PermitRootLogin no\nPasswordAuthentication no\n');
});

test('every host knows the others by name', () => {
  if (ansible === undefined) return;
  for (const host of hosts) expect(rendered(host, 'hosts')).toContain('10.0.2.21 tux-production-redis\n10.0.2.10 tux-production-web-1\n');
});

test('files are exported to the web servers and to nobody else', () => {
  if (ansible === undefined) return;
  const options = '(rw,sync,no_subtree_check,all_squash,anonuid=65534,anongid=65534)';
  expect(rendered('db', 'exports').trim()).toBe(`/srv/files 10.0.2.10${options} 10.0.2.11${options}`);
});

test('the backup script can read its configuration, whatever is in the password', () => {
  if (ansible === undefined) return;
  const configuration = (host: string): string => {
    const file = path.join(folder, `${host}.conf`);
    writeFileSync(file, rendered(host, 'backup.conf'));
    return file;
  };
  const read = (host: string, expression: string): string =>
    runTool('bash', ['-c', `set -eu; . "$1"; printf '%s\\n' ${expression}`, 'bash', configuration(host)]).output;
  expect(read('db', '"$RESTIC_PASSWORD"')).toBe("it's secret\n");
  expect(read('db', '"${sources[@]}"')).toBe('user-data\ndatabase\nconfiguration\nsecrets\n');
  expect(read('web-1', '"${sources[@]}"')).toBe('configuration\nsecrets\n');
  expect(read('db', '"${paths_user_data[@]}" "${paths_configuration[@]}"')).toBe('/srv/files\n/etc\n/opt/tux\n');
  expect(read('db', '"${keep[@]}"')).toBe('--keep-daily\n7\n--keep-weekly\n4\n--keep-monthly\n6\n--keep-yearly\n1\n');
  expect(read('redis', '"$remote_repository" "$archive_repository"')).toBe(
    's3:https://account.eu.r2.cloudflarestorage.com/tux-production-backup/tux-production-redis\ns3:https://account.eu.r2.cloudflarestorage.com/tux-production-archive/tux-production-redis\n',
  );
});

test('timers name their run and their hour', () => {
  if (ansible === undefined) return;
  expect(rendered('db', 'second.timer')).toContain('OnCalendar=*-*-* 03:00:00 UTC\n');
  expect(rendered('db', 'second.timer')).toContain('Unit=tux-backup@database.service\n');
  expect(rendered('web-2', 'last.timer')).toContain('OnCalendar=*-*-01 05:00:00 UTC\n');
});

test('alerts are sent by Slack, and what is critical by mail too', () => {
  if (ansible === undefined) return;
  const alerts = parse(rendered('monitoring', 'alertmanager.yml')) as {
    readonly global: Json;
    readonly route: { readonly routes: readonly Json[] };
  };
  expect(alerts.global).toMatchObject({ smtp_smarthost: 'smtp.example.org:587', smtp_from: 'alerts@tux.allthingslinux.org' });
  expect(alerts.route.routes).toEqual([{ receiver: 'email', matchers: ['severity="critical"'], continue: true }, { receiver: 'slack' }]);
});
