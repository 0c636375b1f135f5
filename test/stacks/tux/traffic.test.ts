import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { judge, type Ruleset } from '../../_helpers/nftables';
import { runTool, tool } from '../../_helpers/tools';
import { packetFilter } from '../../../stacks/tux/rendering/ansible';
import { planOf } from '../../../stacks/tux/tux-unit';
import { env as production } from '../../../stacks/tux/production/env';
import { region as productionRegion } from '../../../stacks/tux/production/eu-central/region';
import { tuxTree, type TuxTree } from './tux-tree';
import { administrators, filterOf, userData } from './user-data';

// The arrows of the system's pictures between hosts, with the ports that they stand for.
const arrows: readonly (readonly [from: string, to: string, ports: readonly number[], why: string])[] = [
  ['lb', 'web-1', [80, 443], 'LB --> WEB1'],
  ['lb', 'web-2', [80, 443], 'LB --> WEB2'],
  ['web-1', 'db', [5432, 2049], 'WEB1 --> DB; TUX, API, AUTH --> POSTGRES; STATIC --> FILES'],
  ['web-2', 'db', [5432, 2049], 'WEB2 --> DB'],
  ['web-1', 'redis', [6379], 'WEB1 --> REDIS'],
  ['web-2', 'redis', [6379], 'WEB2 --> REDIS'],
  ['bastion', 'web-1', [22], 'BASTION --> WEB1'],
  ['bastion', 'web-2', [22], 'BASTION --> WEB2'],
  ['bastion', 'db', [22], 'every private host is reached through the bastion'],
  ['bastion', 'redis', [22], 'every private host is reached through the bastion'],
  ['bastion', 'monitoring', [22], 'every private host is reached through the bastion'],
  ['administrator', 'bastion', [22], 'the way in'],
  ['monitoring', 'web-1', [9100, 9113], 'MONITOR --> WEB1; METRICS --> PROMETHEUS'],
  ['monitoring', 'web-2', [9100, 9113], 'MONITOR --> WEB2'],
  ['monitoring', 'db', [9100, 9187], 'METRICS --> PROMETHEUS'],
  ['monitoring', 'redis', [9100, 9121], 'METRICS --> PROMETHEUS'],
  ['monitoring', 'bastion', [9100], 'METRICS --> PROMETHEUS'],
  ['web-1', 'monitoring', [24224, 4317], 'APP_LOGS, SYS_LOGS --> FLUENTD; TRACES --> JAEGER'],
  ['web-2', 'monitoring', [24224, 4317], 'APP_LOGS, SYS_LOGS --> FLUENTD; TRACES --> JAEGER'],
  ['db', 'monitoring', [24224], 'SYS_LOGS --> FLUENTD'],
  ['redis', 'monitoring', [24224], 'SYS_LOGS --> FLUENTD'],
  ['bastion', 'monitoring', [24224], 'SYS_LOGS --> FLUENTD'],
];

const hosts: Readonly<Record<string, string>> = {
  bastion: '1.20',
  'web-1': '2.10',
  'web-2': '2.11',
  db: '2.20',
  redis: '2.21',
  monitoring: '2.30',
};
const outside: Readonly<Record<string, string>> = {
  administrator: '198.51.100.7',
  'administrator in IPv6': '2001:db8:ad::7',
  visitor: '203.0.113.99',
  'visitor in IPv6': '2001:db8:1::1',
};
const inside: Readonly<Record<string, string>> = {
  lb: '1.10',
  'a stranger in the public subnet': '1.99',
  'a stranger in the private subnet': '2.99',
};

let tree: TuxTree;
const filters: Record<string, Ruleset> = {};
beforeAll(async () => {
  tree = await tuxTree();
  for (const environment of ['production', 'staging'])
    for (const [name, data] of Object.entries(userData(tree, environment))) filters[name] = filterOf(data);
});

/** All sources by name, with their addresses in an environment. */
function sources(second: number): readonly (readonly [string, string])[] {
  return [
    ...Object.entries(outside),
    ...Object.entries({ ...inside, ...hosts }).map(([name, end]) => [name, `10.${second}.${end}`] as const),
  ];
}

function isDrawn(from: string, to: string, port: number): boolean {
  return arrows.some(
    ([source, destination, ports]) => (source === from || `${source} in IPv6` === from) && destination === to && ports.includes(port),
  );
}

const ports = [
  ...new Set([
    ...arrows.flatMap(([, , numbers]) => numbers),
    21,
    25,
    53,
    111,
    2375,
    2376,
    3000,
    3306,
    5601,
    8000,
    8080,
    8081,
    8082,
    9000,
    9090,
    9093,
    9200,
    9300,
    16686,
  ]),
];

test.each([
  ['production', 0],
  ['staging', 2],
] as const)('in %s exactly the arrows of the pictures pass the host firewalls', (environment, second) => {
  const wrong: string[] = [];
  for (const to of Object.keys(hosts)) {
    const ruleset = filters[`tux-${environment}-${to}`];
    if (ruleset === undefined) throw new Error(`no filter for ${to}`);
    for (const [from, source] of sources(second))
      for (const port of ports) {
        if (from === to) continue;
        const passes = judge(ruleset, 'input', { source, destination: 'host', protocol: 'tcp', port }) === 'accept';
        if (passes !== isDrawn(from, to, port)) wrong.push(`${from} -> ${to}:${port} ${passes ? 'passes' : 'is dropped'}`);
      }
  }
  expect(wrong).toEqual([]);
});

test('a published port of a container obeys the same rules, and nothing else is forwarded to containers', () => {
  const wrong: string[] = [];
  for (const to of Object.keys(hosts).filter((host) => host !== 'bastion'))
    for (const [from, source] of sources(0))
      for (const port of ports) {
        const packet = { source, destination: '172.20.0.2', protocol: 'tcp', port } as const;
        const ruleset = filters[`tux-production-${to}`] ?? new Map();
        const translated = judge(ruleset, 'forward', { ...packet, translated: true }) === 'accept';
        if (from !== to && translated !== isDrawn(from, to, port)) wrong.push(`${from} -> ${to}:${port}, published`);
        if (judge(ruleset, 'forward', packet) === 'accept') wrong.push(`${from} -> ${to}:${port}, not published`);
      }
  expect(wrong).toEqual([]);
});

test('containers reach out', () => {
  for (const ruleset of Object.values(filters))
    expect(
      judge(ruleset, 'forward', {
        source: '172.20.0.2',
        destination: '10.0.2.20',
        protocol: 'tcp',
        port: 5432,
        interface: 'br-0123456789ab',
      }),
    ).toBe('accept');
});

test('no port but those of the arrows opens to any address, whatever the protocol', () => {
  const anywhere = fc.record({
    source: fc.ipV4(),
    port: fc.integer({ min: 1, max: 65_535 }),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    host: fc.constantFrom(...Object.keys(hosts)),
  });
  const check = (): void =>
    fc.assert(
      fc.property(anywhere, ({ source, port, protocol, host }) => {
        const ruleset = filters[`tux-production-${host}`] ?? new Map();
        const passes = judge(ruleset, 'input', { source, destination: 'host', protocol, port }) === 'accept';
        const from =
          sources(0).find(([, address]) => address === source)?.[0] ?? (source.startsWith('198.51.100.') ? 'administrator' : 'anybody');
        return passes === (protocol === 'tcp' && isDrawn(from, host, port));
      }),
      { numRuns: 2000 },
    );
  expect(check).not.toThrow();
});

test('nft takes every host’s filter, and refuses a broken one', () => {
  const nft = tool('nft');
  if (nft === undefined || productionRegion.place === undefined) return;
  // Checking asks the kernel: as root, in a namespace of its own, or through sudo.
  const ways = [[nft], ['unshare', '--map-root-user', '--net', nft], ['sudo', '-n', nft]];
  const check = ([file = '', ...before]: readonly string[], input: string): ReturnType<typeof runTool> =>
    runTool(file, [...before, '--check', '--file', '/dev/stdin'], { input, stdio: ['pipe', 'pipe', 'pipe'] });
  const way = ways.find((one) => check(one, 'table inet probe { }\n').code === 0);
  if (way === undefined) throw new Error('nft cannot ask the kernel: neither root, nor user namespaces, nor sudo');
  const plan = planOf(production, productionRegion.place);
  for (const { id } of plan.hosts) {
    const text = packetFilter(plan, id, administrators);
    const checked = check(way, text);
    expect([id, checked.code, checked.output]).toEqual([id, 0, '']);
    expect(check(way, text.replace('policy drop', 'policy maybe')).code).not.toBe(0);
  }
});
