import { type Diagram, type DiagramNode, literalOf, type ResourceNode } from 'terrace/diagram';

import { pipeline } from '../topology/pipeline';
import { collectors } from '../topology/monitoring';
import { flows, type Origin } from '../topology/traffic';
import type { Role } from '../topology/hosts';
import { arrowsOf, type Estate, type Grounded } from './estate';

const hetzner = { provider: 'hcloud' } as const;
const cloudflare = { provider: 'cloudflare' } as const;

/** Where the overview says more than the picture of the network. */
const fullTitles: Readonly<Record<string, string>> = { DB: 'Database Cluster', REDIS: 'Redis Cache' };

/** Who serves whom, inside and out. */
export function overview(estate: Estate): Diagram {
  const balancer = estate.loadBalancer();
  return {
    title: 'Infrastructure Overview',
    description:
      'Cloudflare in front of the load balancer, two web servers with a database and a cache behind them, and what watches and deploys them.',
    direction: 'down',
    clusters: [
      { id: 'external', title: 'External Services', kind: 'group' },
      { id: 'development', title: 'Development', kind: 'group' },
      { id: 'observing', title: 'Monitoring & Logs', kind: 'group' },
      { id: 'production', title: 'Production Infrastructure', ...ranges(estate.network()), kind: 'network' },
    ],
    nodes: [
      { id: 'DNS', title: 'DNS Providers', kind: 'dns', parent: 'external' },
      { id: 'CF', title: 'Cloudflare CDN/WAF', kind: 'cdn', parent: 'external', ...cloudflare },
      { id: 'GITHUB', title: 'GitHub', kind: 'git', parent: 'external', provider: 'github' },
      { id: 'LOCAL', title: 'Local Development', kind: 'laptop', parent: 'development' },
      { id: 'STAGING', title: 'Staging Environment', kind: 'layer', parent: 'development', ...hetzner },
      { id: 'MONITOR', title: 'Monitoring Stack', kind: 'monitor', parent: 'observing', ...hetzner },
      { id: 'LOGS', title: 'Log Aggregation', kind: 'log', parent: 'observing', ...hetzner },
      ...machines(estate).map((node) => ({ ...node, title: fullTitles[node.id] ?? node.title, parent: 'production' })),
    ],
    edges: arrowsOf([
      ['CF', 'LB', estate.proxiedRecords().length > 0],
      ['DNS', 'CF', estate.all('cloudflare_zone').length > 0],
      ...balanced(estate, balancer),
      ...allowed(
        [
          ['WEB1', 'web', 'DB', 'db'],
          ['WEB2', 'web', 'DB', 'db'],
          ['WEB1', 'web', 'REDIS', 'redis'],
          ['WEB2', 'web', 'REDIS', 'redis'],
        ],
        [5432, 6379],
        false,
      ),
      ...allowed(
        [
          ['MONITOR', 'monitoring', 'WEB1', 'web'],
          ['MONITOR', 'monitoring', 'WEB2', 'web'],
        ],
        [9100],
        false,
      ),
      // Web servers push their logs; the picture shows who looks after whom.
      ...(['WEB1', 'WEB2'] as const).map((web): Grounded => ['LOGS', web, isAllowed('web', 'monitoring', [collectors['fluent-bit'].port])]),
      ['GITHUB', 'STAGING', pipeline.some(({ id, job }) => id === 'DEPLOY_STAGING' && job !== undefined)],
      ['STAGING', 'LB', precedes('DEPLOY_STAGING', 'DEPLOY_PROD')],
      ['LOCAL', 'STAGING', precedes('DEV', 'DEPLOY_STAGING')],
    ]),
  };
}

/** The way of a request, with addresses from the model and ports from the host firewalls. */
export function network(estate: Estate): Diagram {
  const balancer = estate.loadBalancer();
  const proxied = estate.proxiedRecords().length > 0;
  const nodes = machines(estate);
  const bastion = estate.server('bastion');
  const publicSubnet = estate.subnetOf(bastion);
  const privateSubnet = estate.subnetOf(estate.server('web-1'));
  const parents = new Map([
    ['LB', estate.subnetOf(balancer)],
    ['BASTION', publicSubnet],
    ['WEB1', privateSubnet],
    ['WEB2', estate.subnetOf(estate.server('web-2'))],
    ['DB', estate.subnetOf(estate.server('db'))],
    ['REDIS', estate.subnetOf(estate.server('redis'))],
  ]);
  const placed = [...nodes, machine('BASTION', 'Bastion Host', 'server', bastion)].map((node): DiagramNode => {
    const subnet = parents.get(node.id);
    return { ...node, parent: subnet === undefined ? 'hetzner' : subnet.id === publicSubnet?.id ? 'public' : 'private' };
  });
  return {
    title: 'Network Architecture',
    description:
      'How a request travels: from users through Cloudflare and the load balancer to the servers of the private subnet. Numbers are the ports that host firewalls admit.',
    direction: 'down',
    clusters: [
      { id: 'internet', title: 'Internet', kind: 'group' },
      { id: 'cloudflare', title: 'Cloudflare', kind: 'group' },
      { id: 'hetzner', title: 'Hetzner Cloud', ...ranges(estate.network()), kind: 'network' },
      { id: 'public', title: 'Public Subnet', ...ranges(publicSubnet), kind: 'subnet', parent: 'hetzner' },
      { id: 'private', title: 'Private Subnet', ...ranges(privateSubnet), kind: 'subnet', parent: 'hetzner' },
    ],
    nodes: [
      { id: 'USER', title: 'Users', kind: 'person', parent: 'internet' },
      { id: 'CDN', title: 'CDN Cache', kind: 'cdn', parent: 'cloudflare', ...cloudflare },
      { id: 'WAF', title: 'Web Application Firewall', kind: 'firewall', parent: 'cloudflare', ...cloudflare },
      { id: 'DDOS', title: 'DDoS Protection', kind: 'firewall', parent: 'cloudflare', ...cloudflare },
      ...placed,
    ],
    edges: arrowsOf([
      ['USER', 'CDN', proxied],
      ['CDN', 'WAF', proxied && estate.ruleset('http_request_firewall_managed') !== undefined],
      ['WAF', 'DDOS', estate.ruleset('ddos_l7') !== undefined],
      ['DDOS', 'LB', proxied],
      ...balanced(estate, balancer),
      ...allowed(
        [
          ['WEB1', 'web', 'DB', 'db'],
          ['WEB2', 'web', 'DB', 'db'],
          ['WEB1', 'web', 'REDIS', 'redis'],
          ['WEB2', 'web', 'REDIS', 'redis'],
        ],
        [5432, 6379],
        true,
      ),
      ...allowed(
        [
          ['BASTION', 'bastion', 'WEB1', 'web'],
          ['BASTION', 'bastion', 'WEB2', 'web'],
        ],
        [22],
        true,
      ),
    ]),
  };
}

/** What terraform needs before what, by kind of resource. */
export function dependencies(estate: Estate): Diagram {
  const servers = estate.all('hcloud_server');
  const networkNode = estate.network();
  const [publicSubnet, privateSubnet] = [estate.subnetOf(estate.server('bastion')), estate.subnetOf(estate.server('web-1'))];
  const balancer = estate.loadBalancer();
  const volumes = estate.all('hcloud_volume');
  const firewalls = estate.all('hcloud_firewall');
  const records = estate.all('cloudflare_dns_record');
  const named = (id: string, title: string, kind: DiagramNode['kind'], type: string): DiagramNode => ({
    id,
    title,
    subtitle: `${estate.all(type).length} × ${type}`,
    kind,
    provider: type.startsWith('hcloud') ? 'hcloud' : 'cloudflare',
  });
  return {
    title: 'Terraform Resource Dependencies',
    description: 'Which kinds of resources are built on which; an arrow leads from what is needed to what needs it.',
    direction: 'down',
    clusters: [{ id: 'dns', title: 'DNS Management', kind: 'group' }],
    nodes: [
      { id: 'PROVIDER', title: 'Hetzner Provider', subtitle: 'hetznercloud/hcloud', kind: 'release', ...hetzner },
      named('NETWORK', 'VPC Network', 'network', 'hcloud_network'),
      { id: 'SUBNET_PUB', title: 'Public Subnet', ...ranges(publicSubnet), kind: 'subnet', ...hetzner },
      { id: 'SUBNET_PRIV', title: 'Private Subnet', ...ranges(privateSubnet), kind: 'subnet', ...hetzner },
      named('LB', 'Load Balancer', 'balancer', 'hcloud_load_balancer'),
      named('SERVERS', 'Server Instances', 'server', 'hcloud_server'),
      named('VOLUMES', 'Storage Volumes', 'volume', 'hcloud_volume'),
      named('FIREWALL', 'Firewall Rules', 'firewall', 'hcloud_firewall'),
      { id: 'CLOUDFLARE', title: 'Cloudflare Provider', subtitle: 'cloudflare/cloudflare', kind: 'release', parent: 'dns', ...cloudflare },
      { ...named('DOMAINS', 'Domain Records', 'dns', 'cloudflare_dns_record'), parent: 'dns' },
    ],
    edges: arrowsOf([
      ['PROVIDER', 'NETWORK', estate.providers().has('hcloud') && networkNode !== undefined],
      ['NETWORK', 'SUBNET_PUB', estate.uses(publicSubnet, networkNode)],
      ['NETWORK', 'SUBNET_PRIV', estate.uses(privateSubnet, networkNode)],
      ['SUBNET_PUB', 'LB', balancer !== undefined && estate.subnetOf(balancer)?.id === publicSubnet?.id],
      ['SUBNET_PRIV', 'SERVERS', servers.some((server) => estate.uses(server, privateSubnet))],
      ['SERVERS', 'VOLUMES', servers.some((server) => volumes.some((volume) => estate.joins('hcloud_volume_attachment', server, volume)))],
      [
        'SERVERS',
        'FIREWALL',
        servers.some((server) => firewalls.some((firewall) => estate.joins('hcloud_firewall_attachment', server, firewall))),
      ],
      ['CLOUDFLARE', 'DOMAINS', estate.providers().has('cloudflare') && records.length > 0],
      ['LB', 'DOMAINS', records.some((record) => estate.uses(record, balancer))],
    ]),
  };
}

function machines(estate: Estate): DiagramNode[] {
  const balancer = estate.loadBalancer();
  const address = estate.all('hcloud_load_balancer_network').map(({ block }) => literalOf(block.body, 'ip'))[0];
  return [
    { ...machine('LB', 'Load Balancer', 'balancer', balancer), ...(address === undefined ? {} : { detail: address }) },
    machine('WEB1', 'Web Server 1', 'server', estate.server('web-1')),
    machine('WEB2', 'Web Server 2', 'server', estate.server('web-2')),
    machine('DB', 'Database', 'database', estate.server('db')),
    machine('REDIS', 'Redis', 'cache', estate.server('redis')),
  ];
}

function machine(id: string, title: string, kind: DiagramNode['kind'], resource: ResourceNode | undefined): DiagramNode {
  const address = resource === undefined ? undefined : literalOf(resource.block.body, 'network.ip');
  return {
    id,
    title,
    kind,
    ...hetzner,
    ...(address === undefined ? {} : { detail: address }),
    ...(resource === undefined ? {} : { tooltip: resource.block.address }),
  };
}

function ranges(resource: ResourceNode | undefined): { readonly subtitle?: string } {
  const range = resource === undefined ? undefined : literalOf(resource.block.body, 'ip_range');
  return range === undefined ? {} : { subtitle: range };
}

function balanced(estate: Estate, balancer: ResourceNode | undefined): Grounded[] {
  return [
    ['LB', 'WEB1', estate.joins('hcloud_load_balancer_target', balancer, estate.server('web-1'))],
    ['LB', 'WEB2', estate.joins('hcloud_load_balancer_target', balancer, estate.server('web-2'))],
  ];
}

function allowed(pairs: readonly (readonly [string, Origin, string, Role])[], ports: readonly number[], labelled: boolean): Grounded[] {
  return pairs.map(([from, origin, to, role]): Grounded => {
    const port = ports.find((one) => isAllowed(origin, role, [one]));
    return labelled && port !== undefined ? [from, to, true, String(port)] : [from, to, port !== undefined];
  });
}

function isAllowed(from: Origin, to: Role, ports: readonly number[]): boolean {
  return flows().some((flow) => flow.from === from && flow.to === to && ports.includes(flow.port));
}

function precedes(earlier: string, later: string): boolean {
  const [one, other] = [earlier, later].map((id) => pipeline.findIndex((stage) => stage.id === id));
  return one !== undefined && other !== undefined && one >= 0 && one < other;
}
