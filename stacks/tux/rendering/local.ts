import { stringify } from 'yaml';

import type { ComposeFile, ComposeService } from '../../../modules/hosts/compose';
import { addressPlan, type AddressPlan } from '../topology/hosts';
import { services, serviceNames, type ServiceName } from '../topology/services';
import { common, productContainer } from './compose';

/** Addresses of the machines on a developer's computer: the block that VirtualBox allows for host-only networks, the usual host numbers. */
export const localPlan: AddressPlan = addressPlan({
  prefix: 'tux-local',
  network: '192.168.56.0/21',
  publicSubnet: '192.168.57.0/24',
  privateSubnet: '192.168.58.0/24',
  databaseReplicas: 0,
});

const beside = { postgres: 'postgres', redis: 'redis', monitoring: 'monitoring' };

/** The product in one Compose project, for development: containers find each other by name, only nginx is published, no TLS. */
export function localCompose(): ComposeFile {
  const containers = serviceNames.filter((name) => services[name].image !== undefined);
  return {
    services: Object.fromEntries(containers.map((name) => [name, localContainer(name)])),
    volumes: { files: {}, postgres: {}, redis: {} },
  };
}

function localContainer(name: ServiceName): ComposeService {
  const { image, needs } = services[name];
  const needed = needs.filter((one) => services[one].image !== undefined);
  const base = { image: image ?? '', ...common, logging: { driver: 'json-file' }, ...(needed.length === 0 ? {} : { depends_on: needed }) };
  switch (name) {
    case 'nginx':
      return { ...base, ports: ['127.0.0.1:8080:8080'], volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro'] };
    case 'static':
      return {
        ...base,
        environment: { SERVER_ROOT: '/srv/files', SERVER_PORT: String(services.static.ports[0]) },
        volumes: ['files:/srv/files:ro'],
      };
    case 'postgres':
      return {
        ...base,
        environment: { POSTGRES_PASSWORD: '${POSTGRES_PASSWORD:?write it into .env}' },
        volumes: ['postgres:/var/lib/postgresql/data'],
      };
    case 'redis':
      return { ...base, command: ['redis-server', '--requirepass', '${REDIS_PASSWORD:?write it into .env}'], volumes: ['redis:/data'] };
    default: {
      const { environment } = productContainer(name, beside) as { readonly environment?: Readonly<Record<string, string>> };
      return {
        ...base,
        environment: {
          ...environment,
          DATABASE_SSLMODE: 'disable',
          OTEL_SDK_DISABLED: 'true',
          DATABASE_PASSWORD: '${POSTGRES_PASSWORD:?write it into .env}',
          REDIS_PASSWORD: '${REDIS_PASSWORD:?write it into .env}',
          DISCORD_TOKEN: '${DISCORD_TOKEN:-}',
          GITHUB_TOKEN: '${GITHUB_TOKEN:-}',
        },
      };
    }
  }
}

/** The Vagrantfile: every machine of an environment at its usual number, set up by the same playbooks. */
export function renderVagrantfile(plan: AddressPlan = localPlan): string {
  const machines = plan.hosts.map(
    ({ id, role, address }) =>
      `  { name: ${ruby(id)}, role: ${ruby(role)}, address: ${ruby(address)}, memory: ${role === 'monitoring' ? 4096 : 1024} },`,
  );
  const groups = [...new Set(plan.hosts.map(({ role }) => role))].map(
    (role) =>
      `          ${ruby(role)} => [${plan.hosts
        .filter((host) => host.role === role)
        .map(({ id }) => ruby(id))
        .join(', ')}],`,
  );
  return [
    '# frozen_string_literal: true',
    '',
    '# The machines of an environment on this computer. Generated; the load balancer has no machine, nginx answers on each web server.',
    'MACHINES = [',
    ...machines,
    '].freeze',
    '',
    "Vagrant.configure('2') do |config|",
    "  config.vm.box = 'bento/ubuntu-24.04'",
    '',
    '  MACHINES.each_with_index do |machine, index|',
    '    config.vm.define machine[:name] do |node|',
    '      node.vm.hostname = "tux-local-#{machine[:name]}"',
    `      node.vm.network 'private_network', ip: machine[:address], netmask: '${netmask(plan.network)}'`,
    "      node.vm.provider 'virtualbox' do |box|",
    '        box.memory = machine[:memory]',
    '        box.cpus = 2',
    '      end',
    '',
    '      # Ansible runs once, when the last machine is up, for all of them.',
    '      next unless index == MACHINES.length - 1',
    '',
    "      node.vm.provision 'ansible' do |ansible|",
    "        ansible.playbook = '../ansible/playbooks/bootstrap.yml'",
    "        ansible.limit = 'all'",
    '        ansible.groups = {',
    ...groups,
    '        }',
    `        ansible.extra_vars = { tux_environment: 'local', system_firewall: false, admin_cidrs: ['${plan.network}'] }`,
    '      end',
    '    end',
    '  end',
    'end',
    '',
  ].join('\n');
}

function ruby(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function netmask(cidr: string): string {
  const bits = Number(cidr.split('/')[1]);
  return [0, 8, 16, 24].map((shift) => (256 - 2 ** (8 - Math.min(8, Math.max(0, bits - shift)))) & 255).join('.');
}

/** The environment file that the local Compose project asks for, without values. */
export const localEnvironmentExample = [
  'COMPOSE_PROJECT_NAME=tux-local',
  'TUX_VERSION=latest',
  'POSTGRES_PASSWORD=',
  'REDIS_PASSWORD=',
  'DISCORD_TOKEN=',
  'GITHUB_TOKEN=',
  '',
].join('\n');

export function renderLocalCompose(): string {
  return stringify(localCompose(), { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });
}
