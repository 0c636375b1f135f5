import path from 'node:path';

import { renderCompose } from '../../../modules/hosts/compose';
import { dockerRole, filesBelow, type HandedFile } from '../../../modules/hosts/files';
import { literalLines, renderNftables, type VariableLines } from '../../../modules/hosts/nftables';
import { renderPlaybook } from '../../../modules/hosts/playbook';
import { renderAlertRules } from '../../../modules/hosts/prometheus';
import { playbooks, type PlaybookName } from '../topology/automation';
import { hostCalled, roles, type AddressPlan, type Role } from '../topology/hosts';
import { alertRules } from '../topology/monitoring';
import { firewallOf } from '../topology/traffic';
import { composeOf } from './compose';
import { renderNginx } from './nginx';
import { renderAlertmanager, renderFluentBitAgent, renderFluentBitAggregator, renderGrafanaSources, prometheusOf } from './observing';
import {
  renderBackupVariables,
  renderPostgresAccess,
  renderPostgresConfiguration,
  renderPostgresRoles,
  renderRedisConfiguration,
} from './stores';

/** A line of Jinja that gives one statement for each member of a list; the plus keeps the line break that Ansible would trim. */
const jinjaLines: VariableLines = (variable, match) =>
  `{% for cidr in ${variable} | default([]) %}{{ 'ip6' if ':' in cidr else 'ip' }} saddr {{ cidr }} ${match} accept; {% endfor +%}`;

/** Everything that Ansible needs for one environment: the roles' own files, and what is made from the topology. */
export function ansibleFiles(
  plan: AddressPlan,
  environment: { readonly environment: string; readonly hostname: string },
): readonly HandedFile[] {
  return [
    ...filesBelow(path.resolve(__dirname, '..', 'ansible')),
    ...dockerRole(),
    ...(Object.keys(playbooks) as PlaybookName[]).map((name): HandedFile => ({
      path: `playbooks/${name}.yml`,
      content: () => renderPlaybook(playbooks[name]),
    })),
    ...plan.hosts.map((host): HandedFile => ({
      path: `roles/system/templates/nftables/${host.id}.nft.j2`,
      content: () => renderNftables(firewallOf(plan, host), jinjaLines),
    })),
    ...roles.flatMap((role) =>
      roleFiles(plan, role, environment).map(([name, content]): HandedFile => ({ path: `roles/tux/files/${role}/${name}`, content })),
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
        ['prometheus/prometheus.yml', () => prometheusOf(plan, environment.environment)],
        ['prometheus/rules.yml', () => renderAlertRules('tux', alertRules)],
        ['grafana/datasources.yml', renderGrafanaSources],
      ];
  }
}

/** The packet filter of a host for known administrators: what a test evaluates and `nft --check` reads. */
export function packetFilter(plan: AddressPlan, id: string, administrators: readonly string[]): string {
  return renderNftables(firewallOf(plan, hostCalled(plan, id)), literalLines(administrators));
}
