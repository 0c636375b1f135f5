import { playbooks, rolesOf, sitePlaybooks, type PlaybookName, type RoleName } from './automation';
import { backupJobs, type BackupSource } from './backup';
import { pipeline } from './pipeline';
import { receivers } from './monitoring';
import { securityLayers } from './security';
import { serviceNames, services, type ServiceName, type Tier } from './services';

/** A picture of a process: what happens, in which order, made from the data that the system is built from. */
export interface Process {
  readonly id: 'pipeline' | 'services' | 'ansible' | 'monitoring' | 'security' | 'backup';
  readonly title: string;
  readonly direction: 'right' | 'down';
  readonly groups: readonly { readonly id: string; readonly title: string }[];
  readonly steps: readonly ProcessStep[];
  readonly arrows: readonly (readonly [from: string, to: string])[];
}

export interface ProcessStep {
  readonly id: string;
  readonly title: string;
  readonly group?: string;
  readonly shape: 'step' | 'store' | 'service' | 'external';
}

const step = (id: string, title: string, group?: string, shape: ProcessStep['shape'] = 'step'): ProcessStep => ({
  id,
  title,
  shape,
  ...(group === undefined ? {} : { group }),
});

/** From a commit to production. */
export const pipelineProcess: Process = {
  id: 'pipeline',
  title: 'Deployment Pipeline',
  direction: 'right',
  groups: [],
  steps: pipeline.map(({ id, title }) => step(id, title)),
  arrows: pipeline.slice(1).map((stage, index) => [pipeline[index]?.id ?? '', stage.id] as const),
};

const tiers: Readonly<Record<Tier, string>> = {
  frontend: 'Frontend Services',
  application: 'Application Services',
  data: 'Data Layer',
  external: 'External APIs',
};
const serviceId: Readonly<Record<ServiceName, string>> = {
  nginx: 'NGINX',
  static: 'STATIC',
  tux: 'TUX',
  api: 'API',
  auth: 'AUTH',
  postgres: 'POSTGRES',
  redis: 'REDIS_CACHE',
  files: 'FILES',
  discord: 'DISCORD',
  github: 'GITHUB_API',
};

/** Which service needs which. */
export const serviceProcess: Process = {
  id: 'services',
  title: 'Service Dependencies',
  direction: 'down',
  groups: Object.entries(tiers).map(([id, title]) => ({ id, title })),
  steps: serviceNames.map((name) => {
    const { title, tier } = services[name];
    return step(serviceId[name], title, tier, tier === 'data' ? 'store' : tier === 'external' ? 'external' : 'service');
  }),
  arrows: serviceNames.flatMap((name) => services[name].needs.map((needed) => [serviceId[name], serviceId[needed]] as const)),
};

const playbookId: Readonly<Record<PlaybookName, string>> = {
  site: 'SITE',
  bootstrap: 'BOOTSTRAP',
  'dynamic-deploy': 'DEPLOY',
  hardening: 'SECURITY',
  restore: 'RESTORE',
};
const roleId: Readonly<Record<RoleName, string>> = { system: 'SYSTEM', docker: 'DOCKER', tux: 'TUX_ROLE' };

/** From the control node to the roles. */
export const ansibleProcess: Process = {
  id: 'ansible',
  title: 'Ansible Automation Flow',
  direction: 'down',
  groups: [
    { id: 'playbooks', title: 'Playbooks' },
    { id: 'roles', title: 'Roles' },
  ],
  steps: [
    step('CONTROL', 'Ansible Control Node'),
    step('INVENTORY', 'Dynamic Inventory'),
    step('STAGING', 'Staging Servers', undefined, 'external'),
    step('PROD', 'Production Servers', undefined, 'external'),
    ...sitePlaybooks.map((name) => step(playbookId[name], `${name}.yml`, 'playbooks')),
    step('SYSTEM', 'System Role', 'roles'),
    step('DOCKER', 'Docker Role', 'roles'),
    step('TUX_ROLE', 'Tux Role', 'roles'),
  ],
  arrows: [
    ['CONTROL', 'INVENTORY'],
    ['INVENTORY', 'STAGING'],
    ['INVENTORY', 'PROD'],
    ['CONTROL', 'SITE'],
    ...sitePlaybooks.flatMap((name) => playbooks[name].imports.map((imported) => [playbookId[name], playbookId[imported]] as const)),
    ...sitePlaybooks.flatMap((name) => rolesOf(name).map((role) => [playbookId[name], roleId[role]] as const)),
  ],
};

/** From what hosts say to who is told. */
export const monitoringProcess: Process = {
  id: 'monitoring',
  title: 'Monitoring Architecture',
  direction: 'down',
  groups: [
    { id: 'sources', title: 'Data Sources' },
    { id: 'collection', title: 'Collection Layer' },
    { id: 'storage', title: 'Storage Layer' },
    { id: 'visualization', title: 'Visualization' },
    { id: 'alerting', title: 'Alerting' },
  ],
  steps: [
    step('APP_LOGS', 'Application Logs', 'sources'),
    step('SYS_LOGS', 'System Logs', 'sources'),
    step('METRICS', 'System Metrics', 'sources'),
    step('TRACES', 'Application Traces', 'sources'),
    step('FLUENTD', 'Fluentd/Fluent Bit', 'collection', 'service'),
    step('PROMETHEUS', 'Prometheus', 'collection', 'service'),
    step('JAEGER', 'Jaeger', 'collection', 'service'),
    step('ELASTIC', 'Elasticsearch', 'storage', 'store'),
    step('TSDB', 'Time Series DB', 'storage', 'store'),
    step('TRACE_DB', 'Trace Storage', 'storage', 'store'),
    step('GRAFANA', 'Grafana', 'visualization', 'service'),
    step('KIBANA', 'Kibana', 'visualization', 'service'),
    step('JAEGER_UI', 'Jaeger UI', 'visualization', 'service'),
    step('ALERT_MGR', 'Alert Manager', 'alerting', 'service'),
    ...receivers.map((name) => step(name.toUpperCase(), name === 'slack' ? 'Slack Notifications' : 'Email Alerts', 'alerting', 'external')),
  ],
  arrows: [
    ['APP_LOGS', 'FLUENTD'],
    ['SYS_LOGS', 'FLUENTD'],
    ['METRICS', 'PROMETHEUS'],
    ['TRACES', 'JAEGER'],
    ['FLUENTD', 'ELASTIC'],
    ['PROMETHEUS', 'TSDB'],
    ['JAEGER', 'TRACE_DB'],
    ['ELASTIC', 'KIBANA'],
    ['TSDB', 'GRAFANA'],
    ['TRACE_DB', 'JAEGER_UI'],
    ['PROMETHEUS', 'ALERT_MGR'],
    ...receivers.map((name) => ['ALERT_MGR', name.toUpperCase()] as const),
  ],
};

/** The layers of defence. */
export const securityProcess: Process = {
  id: 'security',
  title: 'Security Architecture',
  direction: 'down',
  groups: securityLayers.map(({ id, title }) => ({ id, title })),
  steps: securityLayers.flatMap((layer) => layer.measures.map(({ id, title }) => step(id, title, layer.id))),
  arrows: securityLayers.flatMap(({ arrows }) => arrows),
};

const sourceId: Readonly<Record<BackupSource, string>> = {
  database: 'DB_DATA',
  configuration: 'CONFIG',
  secrets: 'SECRETS',
  'user-data': 'USER_DATA',
};
const sourceOrder: readonly BackupSource[] = ['database', 'configuration', 'secrets', 'user-data'];
const sources = sourceOrder.flatMap((source) => backupJobs.filter((job) => job.source === source));

/** From data to a verified restore. */
export const backupProcess: Process = {
  id: 'backup',
  title: 'Backup and Recovery Flow',
  direction: 'down',
  groups: [
    { id: 'sources', title: 'Data Sources' },
    { id: 'process', title: 'Backup Process' },
    { id: 'storage', title: 'Storage Locations' },
    { id: 'recovery', title: 'Recovery Process' },
  ],
  steps: [
    ...sources.map(({ source, title }) => step(sourceId[source], title, 'sources', source === 'database' ? 'store' : 'step')),
    step('SCHEDULE', 'Scheduled Backup', 'process'),
    step('COMPRESS', 'Compression', 'process'),
    step('ENCRYPT', 'Encryption', 'process'),
    step('UPLOAD', 'Upload to Storage', 'process'),
    step('LOCAL', 'Local Backup', 'storage', 'store'),
    step('REMOTE', 'Remote Storage', 'storage', 'store'),
    step('ARCHIVE', 'Long-term Archive', 'storage', 'store'),
    step('RESTORE', 'Restore from Backup', 'recovery'),
    step('VERIFY', 'Verify Integrity', 'recovery'),
    step('DEPLOY', 'Deploy to Target', 'recovery'),
  ],
  arrows: [
    ...sources.map(({ source }) => [sourceId[source], 'SCHEDULE'] as const),
    ['SCHEDULE', 'COMPRESS'],
    ['COMPRESS', 'ENCRYPT'],
    ['ENCRYPT', 'UPLOAD'],
    ['UPLOAD', 'LOCAL'],
    ['UPLOAD', 'REMOTE'],
    ['REMOTE', 'ARCHIVE'],
    ['LOCAL', 'RESTORE'],
    ['REMOTE', 'RESTORE'],
    ['RESTORE', 'VERIFY'],
    ['VERIFY', 'DEPLOY'],
  ],
};
