import type { Diagram, DiagramNode } from 'terrace/diagram';

import { env as dev } from '../dev/env';
import { env as production } from '../production/env';
import { env as staging } from '../staging/env';
import { arrowsOf, type Estate } from './estate';

const environments = [
  { id: 'DEV', title: 'dev', env: dev },
  { id: 'STAGE', title: 'staging', env: staging },
  { id: 'PROD', title: 'production', env: production },
] as const;
const regionIds: Readonly<Record<string, string>> = { 'eu-central-1': 'EU', 'ap-southeast-1': 'AP' };
const layers = ['network', 'compute', 'storage', 'monitoring'] as const;

/** Which file decides what, from the root down to what each environment gets for it. */
export function configurationPicture(estate: Estate): Diagram {
  const regions = estate.regions('dev').filter((region) => regionIds[region] !== undefined);
  const units = estate.units('dev');
  const has = (environment: string): boolean => estate.units(environment).length > 0;
  return {
    title: 'Environment-Specific Configuration',
    description:
      'Root, environments, regions and shared settings decide what units are made of; at the right what each environment gets for it.',
    direction: 'right',
    clusters: [
      { id: 'hierarchy', title: 'Configuration Hierarchy', kind: 'group' },
      { id: 'environments', title: 'Environment Layer', kind: 'layer', parent: 'hierarchy' },
      { id: 'regions', title: 'Region Layer', kind: 'layer', parent: 'hierarchy' },
      { id: 'shared', title: 'Shared Configs', kind: 'layer', parent: 'hierarchy' },
      { id: 'modules', title: 'Module Configs', kind: 'layer', parent: 'hierarchy' },
      { id: 'result', title: 'Resulting Infrastructure', kind: 'group' },
    ],
    nodes: [
      file('ROOT', 'root.hcl', 'hierarchy', ['backend settings', 'provider versions']),
      ...environments.map(({ id, title }) => file(`${id}_CFG`, `${title}/`, 'environments', ['account.hcl', 'env.hcl'])),
      ...regions.map((region) => file(regionIds[region] ?? region, `${region}/`, 'regions', ['region.hcl'])),
      file(
        'COMMON',
        '_envcommon/',
        'shared',
        layers.map((layer) => `${layer}.hcl`),
      ),
      file('MODULES', `${units.length} units`, 'modules', [...units.slice(0, 4).map((unit) => `${unit}/terragrunt.hcl`), '…']),
      ...environments.map(({ id, title, env }): DiagramNode => ({
        id: `${id}_INFRA`,
        title: title,
        subtitle: 'two regions',
        kind: 'server',
        provider: 'aws',
        parent: 'result',
        rows: [
          { text: env.traffic.nat === 'single' ? 'one NAT gateway a region' : `${estate.count('aws_nat_gateway', title)} NAT gateways` },
          { text: capacity(env) },
          { text: `${env.database.backupDays} days of backups` },
          { text: `${env.service.tasks.min} to ${env.service.tasks.max} tasks a service` },
          { text: env.keys.multiRegion ? 'cross-region replication' : 'no copies in the other region' },
        ],
      })),
    ],
    edges: arrowsOf([
      ...environments.map(({ id, title }) => ['ROOT', `${id}_CFG`, has(title)] as const),
      ...regions.map((region) => ['DEV_CFG', regionIds[region] ?? region, true] as const),
      ...regions.map((region) => [regionIds[region] ?? region, 'MODULES', true] as const),
      ['COMMON', 'MODULES', layers.every((layer) => units.some((unit) => unit.startsWith(`${layer}/`)))],
      ...environments.map(({ id, title }) => ['MODULES', `${id}_INFRA`, has(title)] as const),
    ]),
  };
}

function file(id: string, title: string, parent: string, rows: readonly string[]): DiagramNode {
  return { id, title, kind: 'file', parent, rows: rows.map((text) => ({ text })) };
}

function capacity({ service, reservedCapacity }: (typeof environments)[number]['env']): string {
  if (service.capacity?.some(({ provider }) => provider === 'FARGATE_SPOT') === true) return 'tasks on spot';
  return reservedCapacity ? 'reserved instances' : 'on demand';
}
