import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that runs on a Swarm, as `docker stack deploy` makes it. */
export interface SwarmService {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Address of its only task in each network, by the network's name. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** Where a manager's API answers. */
export interface SwarmApi {
  readonly port: number;
  close(): Promise<void>;
}

/** What Docker Engine 29 speaks; it refuses clients below 1.44. */
const versions = { newest: '1.52', oldest: '1.44' } as const;

/** What of a manager's API is asked by whoever looks for services: versions, overlay networks, services, running tasks. */
export async function swarmApi(services: readonly SwarmService[]): Promise<SwarmApi> {
  const idOf = (network: string): string => `network-${network}`;
  const networks = [...new Set(services.flatMap(({ addresses }) => Object.keys(addresses)))];
  const answers: Readonly<Record<string, (filters: Filters) => unknown>> = {
    version: () => ({ Version: '29.0.0', ApiVersion: versions.newest, MinAPIVersion: versions.oldest, Os: 'linux', Arch: 'amd64' }),
    networks: () => networks.map((name) => ({ Id: idOf(name), Name: name, Driver: 'overlay', Scope: 'swarm' })),
    services: () =>
      services.map(({ name, labels, addresses }) => ({
        ID: `service-${name}`,
        Spec: { Name: name, Labels: labels, Mode: { Replicated: { Replicas: 1 } }, EndpointSpec: { Mode: 'vip' } },
        Endpoint: {
          Spec: { Mode: 'vip' },
          VirtualIPs: Object.entries(addresses).map(([network, address]) => ({ NetworkID: idOf(network), Addr: `${address}/32` })),
        },
      })),
    tasks: ({ service = {} }) =>
      services
        .filter(({ name }) => service[`service-${name}`] === true)
        .map(({ name, addresses }) => ({
          ID: `task-${name}`,
          ServiceID: `service-${name}`,
          Slot: 1,
          DesiredState: 'running',
          Status: { State: 'running' },
          NetworksAttachments: Object.entries(addresses).map(([network, address]) => ({
            Network: { ID: idOf(network), Spec: { Name: network } },
            Addresses: [`${address}/32`],
          })),
        })),
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [, version, name = ''] = /^(?:\/v([\d.]+))?\/(\w+)$/.exec(pathname) ?? [];
    const reply = (status: number, body: unknown): void =>
      void response.writeHead(status, { 'api-version': versions.newest, 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (name === '_ping') return reply(200, 'OK');
    if (version !== undefined && isBelow(version, versions.oldest))
      return reply(400, { message: `client version ${version} is too old. Minimum supported API version is ${versions.oldest}` });
    const answer = answers[name];
    const filters: Filters = JSON.parse(searchParams.get('filters') ?? '{}');
    return answer === undefined ? reply(404, { message: `page not found: ${pathname}` }) : reply(200, answer(filters));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

type Filters = Readonly<Record<string, Readonly<Record<string, boolean>> | undefined>>;

function isBelow(version: string, oldest: string): boolean {
  const [[major = 0, minor = 0], [least = 0, then = 0]] = [version, oldest].map((one) => one.split('.').map(Number)) as [
    number[],
    number[],
  ];
  return major < least || (major === least && minor < then);
}
