import { beforeAll, expect, test } from '@jest/globals';

import { pages } from '../../stacks/tux/diagrams';
import { usualValues } from '../../stacks/tux/system';
import type { JsonObject } from '../../terrace/diagram/read/configuration';
import type { Diagram } from '../../terrace/diagram/describe/diagram';
import { infrastructureOf } from '../../terrace/diagram/read/infrastructure';
import type { Infrastructure } from '../../terrace/diagram/read/graph';
import { layout, pageWidth } from '../../terrace/diagram/layout/layout';
import { collisions } from './_collisions';
import { copyOf, tuxTree, type TuxTree } from '../stacks/tux/tux-tree';

/** The arrows of the system's document, by the heading they stand under. */
const documented: Readonly<Record<string, string>> = {
  'Infrastructure Overview': `
    CF LB, DNS CF, LB WEB1, LB WEB2, WEB1 DB, WEB2 DB, WEB1 REDIS, WEB2 REDIS, MONITOR WEB1, MONITOR WEB2, LOGS WEB1, LOGS WEB2,
    GITHUB STAGING, STAGING LB, LOCAL STAGING`,
  'Deployment Pipeline': `
    DEV COMMIT, COMMIT PR, PR REVIEW, REVIEW MERGE, MERGE BUILD, BUILD TEST, TEST DEPLOY_STAGING, DEPLOY_STAGING MANUAL_TEST,
    MANUAL_TEST DEPLOY_PROD, DEPLOY_PROD MONITOR`,
  'Network Architecture': `
    USER CDN, CDN WAF, WAF DDOS, DDOS LB, LB WEB1, LB WEB2, WEB1 DB, WEB2 DB, WEB1 REDIS, WEB2 REDIS, BASTION WEB1, BASTION WEB2`,
  'Service Dependencies': `
    NGINX TUX, NGINX API, NGINX STATIC, TUX AUTH, TUX POSTGRES, TUX REDIS_CACHE, TUX DISCORD, API AUTH, API POSTGRES, API REDIS_CACHE,
    API GITHUB_API, AUTH POSTGRES, STATIC FILES`,
  'Ansible Automation Flow': `
    CONTROL INVENTORY, INVENTORY STAGING, INVENTORY PROD, CONTROL SITE, SITE BOOTSTRAP, SITE DEPLOY, SITE SECURITY, BOOTSTRAP SYSTEM,
    DEPLOY DOCKER, DEPLOY TUX_ROLE, SECURITY SYSTEM`,
  'Terraform Resource Dependencies': `
    PROVIDER NETWORK, NETWORK SUBNET_PUB, NETWORK SUBNET_PRIV, SUBNET_PUB LB, SUBNET_PRIV SERVERS, SERVERS VOLUMES, SERVERS FIREWALL,
    CLOUDFLARE DOMAINS, LB DOMAINS`,
  'Monitoring Architecture': `
    APP_LOGS FLUENTD, SYS_LOGS FLUENTD, METRICS PROMETHEUS, TRACES JAEGER, FLUENTD ELASTIC, PROMETHEUS TSDB, JAEGER TRACE_DB,
    ELASTIC KIBANA, TSDB GRAFANA, TRACE_DB JAEGER_UI, PROMETHEUS ALERT_MGR, ALERT_MGR SLACK, ALERT_MGR EMAIL`,
  'Security Architecture': `
    CLOUDFLARE_SEC DDOS_PROT, CLOUDFLARE_SEC WAF_RULES, VPC SECURITY_GROUPS, VPC NACL, HARDENING FIREWALL_HOST, HARDENING FAIL2BAN,
    TLS AUTH_JWT, AUTH_JWT RBAC, ENCRYPTION BACKUP_ENC, ENCRYPTION SECRET_MGT`,
  'Backup and Recovery Flow': `
    DB_DATA SCHEDULE, CONFIG SCHEDULE, SECRETS SCHEDULE, USER_DATA SCHEDULE, SCHEDULE COMPRESS, COMPRESS ENCRYPT, ENCRYPT UPLOAD,
    UPLOAD LOCAL, UPLOAD REMOTE, REMOTE ARCHIVE, LOCAL RESTORE, REMOTE RESTORE, RESTORE VERIFY, VERIFY DEPLOY`,
};
const headings = Object.keys(documented);
const arrows = (heading: string): string[] => (documented[heading] ?? '').trim().split(/,\s+/).sort();

let tree: TuxTree;
beforeAll(async () => {
  tree = await tuxTree(usualValues);
});

function graphOf({ units, model }: TuxTree): Infrastructure {
  return infrastructureOf(model, new Map(Object.entries(units).map(([unit, json]) => [`tux/${unit}`, json as JsonObject])));
}

function drawn(from: TuxTree, heading: string): Diagram | undefined {
  return pages(graphOf(from))[0]?.sections.find((section) => section.heading === heading)?.diagram;
}

const edgesOf = (from: TuxTree, heading: string): string[] =>
  (drawn(from, heading)?.edges ?? []).map((edge) => `${edge.from} ${edge.to}`).sort();

test('the page has the ten pictures of the document in its order', () => {
  expect(pages(graphOf(tree))[0]?.sections.map(({ heading }) => heading)).toEqual(['Terraform Graph', ...headings]);
});

test.each(headings)('%s draws exactly the arrows of the document', (heading) => {
  expect(edgesOf(tree, heading)).toEqual(arrows(heading));
});

test.each(['Terraform Graph', ...headings])(
  'in %s nothing lies over anything, and it can be read at the width of a page',
  async (heading) => {
    const diagram = drawn(tree, heading);
    if (diagram === undefined) throw new Error(`no ${heading}`);
    const picture = await layout(diagram);
    expect(collisions(picture)).toEqual([]);
    expect(picture.width).toBeLessThanOrEqual(pageWidth * 1.15);
  },
);

test('the picture of resources names every resource of production and none of staging', () => {
  const diagram = drawn(tree, 'Terraform Graph');
  const words = [...(diagram?.nodes ?? []), ...(diagram?.clusters ?? [])]
    .flatMap((one) => [one.tooltip ?? '', ...('rows' in one ? (one.rows ?? []).map(({ tooltip }) => tooltip ?? '') : [])])
    .join('\n');
  const production = graphOf(tree).resources.filter(({ unit }) => unit.environment === 'production');
  expect(production.length).toBeGreaterThan(60);
  for (const { block } of production) expect(words).toContain(block.address);
  expect(diagram?.nodes.some(({ id }) => id.includes('/staging/'))).toBe(false);
});

test('servers, balancer and addresses are where the document draws them', () => {
  const nodes = new Map((drawn(tree, 'Network Architecture')?.nodes ?? []).map(({ id, parent, detail }) => [id, [parent, detail]]));
  expect(Object.fromEntries([...nodes].filter(([, [parent]]) => parent === 'public' || parent === 'private'))).toEqual({
    LB: ['public', '10.0.1.10'],
    BASTION: ['public', '10.0.1.20'],
    WEB1: ['private', '10.0.2.10'],
    WEB2: ['private', '10.0.2.11'],
    DB: ['private', '10.0.2.20'],
    REDIS: ['private', '10.0.2.21'],
  });
});

test('database and cache are called as the document calls them in each picture', () => {
  const titles = (heading: string) =>
    Object.fromEntries((drawn(tree, heading)?.nodes ?? []).flatMap(({ id, title }) => (['DB', 'REDIS'].includes(id) ? [[id, title]] : [])));
  expect(titles('Infrastructure Overview')).toEqual({ DB: 'Database Cluster', REDIS: 'Redis Cache' });
  expect(titles('Network Architecture')).toEqual({ DB: 'Database', REDIS: 'Redis' });
});

/** Takes something away from the synthesized JSON; `lost` are the arrows that must go with it. */
const mutations: readonly {
  readonly name: string;
  readonly unit: string;
  readonly type: string;
  readonly change: (body: Record<string, unknown>) => void;
  readonly heading: string;
  readonly lost: readonly string[];
}[] = [
  {
    name: 'records that do not lead to the load balancer',
    unit: 'production/eu-central/dns/cloudflare',
    type: 'cloudflare_dns_record',
    change: (body) => (body['content'] = '192.0.2.1'),
    heading: 'Infrastructure Overview',
    lost: ['CF LB'],
  },
  {
    name: 'records that are not proxied',
    unit: 'production/eu-central/dns/cloudflare',
    type: 'cloudflare_dns_record',
    change: (body) => (body['proxied'] = false),
    heading: 'Network Architecture',
    lost: ['CDN WAF', 'DDOS LB', 'USER CDN'],
  },
  {
    name: 'targets without servers',
    unit: 'production/eu-central/network/load-balancer',
    type: 'hcloud_load_balancer_target',
    change: (body) => delete body['server_id'],
    heading: 'Network Architecture',
    lost: ['LB WEB1', 'LB WEB2'],
  },
  {
    name: 'a balancer outside of the public subnet',
    unit: 'production/eu-central/network/load-balancer',
    type: 'hcloud_load_balancer_network',
    change: (body) => delete body['subnet_id'],
    heading: 'Terraform Resource Dependencies',
    lost: ['SUBNET_PUB LB'],
  },
  {
    name: 'no DDoS ruleset',
    unit: 'production/eu-central/security/cloudflare',
    type: 'cloudflare_ruleset',
    change: (body) => (body['phase'] = 'http_request_transform'),
    heading: 'Network Architecture',
    lost: ['CDN WAF', 'WAF DDOS'],
  },
  {
    name: 'subnets of another network',
    unit: 'production/eu-central/network/private-network',
    type: 'hcloud_network_subnet',
    change: (body) => (body['network_id'] = 4711),
    heading: 'Terraform Resource Dependencies',
    lost: ['NETWORK SUBNET_PRIV', 'NETWORK SUBNET_PUB'],
  },
];

test.each(mutations)('$name: the picture loses its arrows', ({ unit, type, change, heading, lost }) => {
  const mutated = copyOf(tree);
  const resources = (mutated.units[unit]?.['resource'] ?? {}) as Record<string, Record<string, Record<string, unknown>>>;
  for (const body of Object.values(resources[type] ?? {})) change(body);
  const left = edgesOf(mutated, heading);
  expect(arrows(heading).filter((arrow) => !left.includes(arrow))).toEqual(expect.arrayContaining([...lost]));
});
