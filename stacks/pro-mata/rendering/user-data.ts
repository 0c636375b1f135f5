import { installPackages, renderCloudConfig } from '../../../modules/hosts/cloud-init';
import { sshdSettings, sshJail } from '../../../modules/hosts/ssh';
import { operator } from '../root';
import type { Node } from '../topology/cluster';

/** Folders that stacks, scripts and Ansible use. */
export const hostRoot = '/opt/promata';
const folders = ['scripts', 'stacks', 'configs', 'logs', 'data'];

/** MiB of swap: the machines have 4 GiB of memory and hold everything. */
const swap = 2048;

/** Docker's settings: logs that end, and its own metrics for the machine alone. Live restore does not go with Swarm. */
export const daemonSettings = `${JSON.stringify(
  {
    'default-address-pools': [{ base: '172.20.0.0/14', size: 24 }],
    'log-driver': 'json-file',
    'log-opts': { 'max-size': '10m', 'max-file': '3' },
    'metrics-addr': '127.0.0.1:9323',
    'no-new-privileges': true,
  },
  null,
  2,
)}\n`;

const repository = [
  'Types: deb',
  'URIs: https://download.docker.com/linux/ubuntu',
  'Suites: jammy',
  'Components: stable',
  'Signed-By: /etc/apt/keyrings/docker.asc',
  '',
].join('\n');

/**
 * What a machine is at first boot: operators but no root, SSH with keys, Docker, swap, its folders. Everything later is Ansible's.
 * `authorizedKey` is a public key or the terraform reference to one.
 */
export function userDataOf(node: Node, authorizedKey: string): string {
  return renderCloudConfig({
    hostname: node.name,
    operator,
    authorizedKey,
    files: [
      { path: '/etc/docker/daemon.json', content: daemonSettings },
      { path: '/etc/apt/sources.list.d/docker.sources', content: repository },
      {
        path: '/etc/ssh/sshd_config.d/10-terrace.conf',
        permissions: '0600',
        content: sshdSettings({ operator, forwarding: node.role === 'manager' ? 'yes' : 'no' }),
      },
      { path: '/etc/fail2ban/jail.d/sshd.local', content: sshJail },
    ],
    commands: [
      ['timedatectl', 'set-timezone', 'America/Sao_Paulo'],
      ['systemctl', 'reload', 'ssh'],
      ['fallocate', '--length', `${swap}MiB`, '/swapfile'],
      ['chmod', '0600', '/swapfile'],
      ['mkswap', '/swapfile'],
      ['swapon', '/swapfile'],
      ['sh', '-c', 'echo "/swapfile none swap sw 0 0" >> /etc/fstab'],
      ['install', '--directory', '--mode', '0750', ...folders.map((folder) => `${hostRoot}/${folder}`)],
      ['install', '--directory', '--mode', '0755', '/etc/apt/keyrings'],
      [
        'curl',
        '--fail',
        '--silent',
        '--show-error',
        '--retry',
        '10',
        '--retry-all-errors',
        '--output',
        '/etc/apt/keyrings/docker.asc',
        'https://download.docker.com/linux/ubuntu/gpg',
      ],
      ...installPackages(['docker-ce', 'docker-ce-cli', 'containerd.io', 'fail2ban', 'nftables', 'unattended-upgrades', 'python3']),
      ['systemctl', 'restart', 'fail2ban'],
    ],
  });
}
