import type { Diagram, DiagramNode, Kind } from 'terrace/diagram';

import { backupJobs } from '../topology/backup';
import type { Process, ProcessStep } from '../topology/processes';
import { securityLayers } from '../topology/security';
import { services } from '../topology/services';

const shapes: Readonly<Record<ProcessStep['shape'], Kind>> = { step: 'step', store: 'database', service: 'container', external: 'outside' };

/** Icons of steps that their shape does not tell. */
const icons: Readonly<Record<Process['id'], Readonly<Record<string, Kind>>>> = {
  pipeline: {
    DEV: 'laptop',
    COMMIT: 'git',
    PR: 'git',
    REVIEW: 'approval',
    MERGE: 'git',
    BUILD: 'release',
    TEST: 'check',
    DEPLOY_STAGING: 'server',
    MANUAL_TEST: 'approval',
    DEPLOY_PROD: 'server',
    MONITOR: 'monitor',
  },
  services: { NGINX: 'balancer', STATIC: 'file', AUTH: 'identity', REDIS_CACHE: 'cache', FILES: 'volume' },
  ansible: {
    CONTROL: 'laptop',
    INVENTORY: 'layer',
    STAGING: 'server',
    PROD: 'server',
    SITE: 'file',
    BOOTSTRAP: 'file',
    DEPLOY: 'file',
    SECURITY: 'file',
    SYSTEM: 'role',
    DOCKER: 'role',
    TUX_ROLE: 'role',
  },
  monitoring: {
    APP_LOGS: 'log',
    SYS_LOGS: 'log',
    METRICS: 'monitor',
    TRACES: 'network',
    ALERT_MGR: 'alarm',
    SLACK: 'message',
    EMAIL: 'message',
  },
  security: {
    CLOUDFLARE_SEC: 'cdn',
    DDOS_PROT: 'firewall',
    WAF_RULES: 'firewall',
    VPC: 'network',
    SECURITY_GROUPS: 'firewall',
    NACL: 'gateway',
    HARDENING: 'server',
    FIREWALL_HOST: 'firewall',
    FAIL2BAN: 'check',
    TLS: 'certificate',
    AUTH_JWT: 'key',
    RBAC: 'identity',
    ENCRYPTION: 'secret',
    BACKUP_ENC: 'backup',
    SECRET_MGT: 'key',
  },
  backup: {
    CONFIG: 'file',
    SECRETS: 'key',
    USER_DATA: 'volume',
    SCHEDULE: 'clock',
    COMPRESS: 'layer',
    ENCRYPT: 'secret',
    UPLOAD: 'gateway',
    LOCAL: 'volume',
    REMOTE: 'bucket',
    ARCHIVE: 'backup',
    RESTORE: 'backup',
    VERIFY: 'check',
    DEPLOY: 'server',
  },
};

const providers: Readonly<Record<string, string>> = { playbooks: 'ansible', roles: 'ansible' };

const descriptions: Readonly<Record<Process['id'], string>> = {
  pipeline: 'From a commit to production: review, build, tests, staging, manual testing, production.',
  services: 'What each service calls, by tier, with the images that run.',
  ansible: 'The control node asks for an inventory and runs the site playbook, whose playbooks apply the roles.',
  monitoring: 'Logs, metrics and traces on their way to stores, dashboards and alerts.',
  security: 'The layers of defence, each with the part of the system that provides it.',
  backup: 'From the data to a verified restore, with the time of each job (UTC).',
};

/** The picture of a process, made from the data that the system is built from. */
export function processDiagram(process: Process): Diagram {
  return {
    title: process.title,
    description: descriptions[process.id],
    direction: process.direction,
    clusters: process.groups.map(({ id, title }) => ({ id, title, kind: 'group' as const })),
    nodes: process.steps.map((step) => nodeOf(process.id, step)),
    edges: process.arrows.map(([from, to]) => ({ from, to, kind: 'flow' as const })),
  };
}

function nodeOf(process: Process['id'], { id, title, group, shape }: ProcessStep): DiagramNode {
  const words = subtitleOf(process, id, title);
  const provider = group === undefined ? undefined : providers[group];
  return {
    id,
    title,
    kind: icons[process][id] ?? shapes[shape],
    ...(words === undefined ? {} : { subtitle: words }),
    ...(provider === undefined ? {} : { provider }),
    ...(group === undefined ? {} : { parent: group }),
  };
}

function subtitleOf(process: Process['id'], id: string, title: string): string | undefined {
  if (process === 'security') return securityLayers.flatMap((layer) => layer.measures).find((measure) => measure.id === id)?.metBy;
  if (process === 'services')
    return Object.values(services)
      .find((service) => service.title === title)
      ?.image?.replace(/:\$.*/, '');
  if (process === 'backup') return backupJobs.find((job) => job.title === title)?.schedule.replace('*-*-* ', 'daily at ');
  return undefined;
}
