import type { Playbook } from '../../../modules/hosts/playbook';
import type { Role } from './hosts';

export type RoleName = 'system' | 'docker' | 'tux';
export type PlaybookName = 'site' | 'bootstrap' | 'dynamic-deploy' | 'hardening' | 'restore';

/** The playbooks and what they run. `restore` is for emergencies and is imported by none. */
export const playbooks: Readonly<Record<PlaybookName, Playbook<Role, RoleName, PlaybookName>>> = {
  site: { imports: ['bootstrap', 'dynamic-deploy', 'hardening'], plays: [] },
  bootstrap: { imports: [], plays: [{ name: 'Give every host its base', hosts: 'all', roles: [{ role: 'system' }] }] },
  'dynamic-deploy': {
    imports: [],
    plays: [
      { name: 'Install Docker', hosts: 'all', roles: [{ role: 'docker' }] },
      { name: 'Deploy the monitoring server', hosts: 'monitoring', roles: [{ role: 'tux' }] },
      { name: 'Deploy the database', hosts: 'db', roles: [{ role: 'tux' }] },
      { name: 'Deploy the cache', hosts: 'redis', roles: [{ role: 'tux' }] },
      { name: 'Deploy the web servers, one after the other', hosts: 'web', serial: 1, roles: [{ role: 'tux' }] },
      { name: 'Deploy the agents of the bastion', hosts: 'bastion', roles: [{ role: 'tux' }] },
    ],
  },
  hardening: { imports: [], plays: [{ name: 'Harden every host', hosts: 'all', roles: [{ role: 'system', tasks: 'hardening' }] }] },
  restore: {
    imports: [],
    plays: [
      { name: 'Restore a backup, verify it and put it in place', hosts: 'all', serial: 1, roles: [{ role: 'tux', tasks: 'restore' }] },
    ],
  },
};

/** The playbooks that the site consists of, in the order of the system's picture. */
export const sitePlaybooks = ['site', 'bootstrap', 'dynamic-deploy', 'hardening'] as const satisfies readonly PlaybookName[];

/** Roles that a playbook runs, each once. */
export function rolesOf(name: PlaybookName): readonly RoleName[] {
  return [...new Set(playbooks[name].plays.flatMap((play) => play.roles.map(({ role }) => role)))];
}
