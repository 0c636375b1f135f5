import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { literalLines, renderNftables, type VariableLines } from '../../../modules/hosts/nftables';
import { playbooks, type PlaybookName } from '../topology/automation';
import { hostCalled, roles, type AddressPlan, type Role } from '../topology/hosts';
import { firewallOf } from '../topology/traffic';
import { composeOf, renderCompose } from './compose';
import { renderNginx } from './nginx';
import {
  renderAlertmanager,
  renderAlertRules,
  renderFluentBitAgent,
  renderFluentBitAggregator,
  renderGrafanaSources,
  renderPrometheus,
} from './observing';
import { renderPlaybook } from './playbooks';
import {
  renderBackupVariables,
  renderPostgresAccess,
  renderPostgresConfiguration,
  renderPostgresRoles,
  renderRedisConfiguration,
} from './stores';

/** A file below the folder that is handed to Ansible. */
export interface AnsibleFile {
  readonly path: string;
  readonly content: () => string;
  readonly executable?: boolean;
}

/** A line of Jinja that gives one statement for each member of a list; the plus keeps the line break that Ansible would trim. */
const jinjaLines: VariableLines = (variable, match) =>
  `{% for cidr in ${variable} | default([]) %}{{ 'ip6' if ':' in cidr else 'ip' }} saddr {{ cidr }} ${match} accept; {% endfor +%}`;

/** Everything that Ansible needs for one environment: the roles' own files, and what is made from the topology. */
export function ansibleFiles(
  plan: AddressPlan,
  environment: { readonly environment: string; readonly hostname: string },
): readonly AnsibleFile[] {
  return [
    ...ownFiles(),
    ...(Object.keys(playbooks) as PlaybookName[]).map((name): AnsibleFile => ({
      path: `playbooks/${name}.yml`,
      content: () => renderPlaybook(name),
    })),
    ...plan.hosts.map((host): AnsibleFile => ({
      path: `roles/system/templates/nftables/${host.id}.nft.j2`,
      content: () => renderNftables(firewallOf(plan, host), jinjaLines),
    })),
    ...roles.flatMap((role) =>
      roleFiles(plan, role, environment).map(([name, content]): AnsibleFile => ({ path: `roles/tux/files/${role}/${name}`, content })),
    ),
    { path: 'roles/tux/templates/alertmanager.yml.j2', content: () => renderAlertmanager(environment.hostname) },
    { path: 'roles/tux/vars/main/backup.yml', content: renderBackupVariables },
  ];
}

function roleFiles(
  plan: AddressPlan,
  role: Role,
  environment: { readonly environment: string; readonly hostname: string },
): readonly (readonly [string, () => string])[] {
  const compose = ['compose.yml', () => renderCompose(composeOf(plan, role))] as const;
  const agent = ['fluent-bit/agent.yaml', () => renderFluentBitAgent(hostCalled(plan, 'monitoring').address)] as const;
  switch (role) {
    case 'bastion':
      return [compose, agent];
    case 'web':
      return [compose, agent, ['nginx/nginx.conf', () => renderNginx({ hostname: environment.hostname, loadBalancer: plan.loadBalancer })]];
    case 'db':
      return [
        compose,
        agent,
        ['postgres/postgresql.conf', renderPostgresConfiguration],
        ['postgres/pg_hba.conf', () => renderPostgresAccess(plan)],
        ['postgres/init/10-roles.sh', renderPostgresRoles],
      ];
    case 'redis':
      return [compose, agent, ['redis/redis.conf', renderRedisConfiguration]];
    case 'monitoring':
      return [
        compose,
        ['fluent-bit/aggregator.yaml', renderFluentBitAggregator],
        ['prometheus/prometheus.yml', () => renderPrometheus(plan, environment.environment)],
        ['prometheus/rules.yml', renderAlertRules],
        ['grafana/datasources.yml', renderGrafanaSources],
      ];
  }
}

/** The files of stacks/tux/ansible, sorted, as they are. */
function ownFiles(): readonly AnsibleFile[] {
  const root = path.resolve(__dirname, '..', 'ansible');
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(root, name)).isFile() && !name.split(path.sep).includes('__pycache__'))
    .sort();
  return names.map((name) => ({
    path: name.split(path.sep).join('/'),
    content: () => readFileSync(path.join(root, name), 'utf8'),
    executable: (statSync(path.join(root, name)).mode & 0o100) !== 0,
  }));
}

/** The packet filter of a host for known administrators: what a test evaluates and `nft --check` reads. */
export function packetFilter(plan: AddressPlan, id: string, administrators: readonly string[]): string {
  return renderNftables(firewallOf(plan, hostCalled(plan, id)), literalLines(administrators));
}
