import { createServer, request as plainRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { swarmServices } from '../../../stacks/pro-mata/topology/services';
import { usualValues } from '../../../stacks/pro-mata/system';
import { certificateAuthority, type CertificateAuthority } from '../../_helpers/certificate-authority';
import { swarmApi, type SwarmService } from '../../_helpers/swarm-api';
import { runTool } from '../../_helpers/tools';
import { onLoopback, portsFor, routersOf, withTraefik, type RunningTraefik } from '../../_helpers/traefik';
import { until } from '../../_helpers/until';
import { whereAvailable } from '../../_helpers/where-available';
import type { Json, SynthesizedTree } from '../olechka/tree';
import { proMataTree, stackNames, yaml } from './tree';

const { domain } = usualValues.dev.env;
const published = ['backend', 'frontend', 'grafana'] as const;

let tree: SynthesizedTree;
/** The rendered words, with what a deployment puts in. */
let args: readonly string[];
let healthWords: readonly string[];
beforeAll(async () => {
  tree = await proMataTree(undefined, ['pro-mata/dev']);
  const { command, healthcheck } = yaml(tree, 'docker/stacks/proxy.yml').services.traefik;
  args = command.map((word: string) => word.replace(/\$\{ACME_EMAIL:\?[^}]*\}/, 'ops@example.org'));
  healthWords = healthcheck.test.slice(2);
}, 600_000);

/** The services of all stacks as the Swarm has them once they are deployed, each with another address in each network. */
function deployed(): readonly SwarmService[] {
  const nets: string[] = [];
  return stackNames.flatMap((stack) => {
    const { services, networks } = yaml(tree, `docker/stacks/${stack}.yml`);
    return Object.entries<Json>(services).map(([name, { deploy, networks: joined }], index) => ({
      name: `${stack}_${name}`,
      labels: deploy.labels ?? {},
      addresses: Object.fromEntries(
        joined.map((one: string) => {
          const net: string = networks[one].name;
          if (!nets.includes(net)) nets.push(net);
          return [net, `127.0.${10 * (stackNames.indexOf(stack) + 1) + nets.indexOf(net)}.${index + 1}`];
        }),
      ),
    }));
  });
}

/** Runs with the stacks' Traefik, its arguments and the deployed services changed by a test. */
async function running<T>(
  program: string,
  run: (traefik: RunningTraefik, authority: CertificateAuthority, services: readonly SwarmService[]) => Promise<T>,
  change: {
    readonly args?: (word: string) => string;
    readonly services?: (service: SwarmService) => SwarmService;
  } = {},
): Promise<T> {
  const services = deployed().map(change.services ?? ((one) => one));
  const swarm = await swarmApi(services);
  const ports = await portsFor(args);
  const authority = await certificateAuthority(() => ports['web'] ?? 0);
  try {
    const words = args.map(change.args ?? ((one) => one));
    return await withTraefik({ program, args: words, swarm: swarm.port, authority, ports }, (traefik) => run(traefik, authority, services));
  } finally {
    await Promise.all([swarm.close(), authority.close()]);
  }
}

const labelled =
  (name: string, labels: Readonly<Record<string, string>>) =>
  (service: SwarmService): SwarmService =>
    service.name.endsWith(`_${name}`) ? { ...service, labels: { ...service.labels, ...labels } } : service;

interface Reply {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
  /** Whether the certificate is for the name and of the authority. */
  readonly trusted: boolean;
}

/** Asks an entry point for a path of a name. */
function ask(port: number, path: string, host: string, ca?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions & { servername: string } = {
      host: '127.0.0.1',
      port,
      path,
      servername: host,
      headers: { host },
      agent: false,
    };
    const answered = (response: IncomingMessage): void => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          body,
          trusted: response.socket instanceof TLSSocket && response.socket.authorized,
        }),
      );
    };
    const sent: ClientRequest =
      ca === undefined ? plainRequest(options, answered) : secureRequest({ ...options, ca, rejectUnauthorized: false }, answered);
    sent.once('error', reject).end();
  });
}

describe('with the Traefik that the stack runs', () => {
  whereAvailable('traefik', (program) => {
    test('the program that checks is of the version in the stack', () => {
      const { output } = runTool(program, ['version']);
      expect(swarmServices.traefik.image).toBe(`traefik:v${/^Version:\s+(\S+)$/m.exec(output)?.[1]}`);
    });

    test('the rendered arguments are taken, and each label of a published service arrives', async () => {
      await running(program, async (traefik, authority, services) => {
        const routers = await routersOf(traefik);
        expect(routers.filter(({ status }) => status !== 'enabled')).toEqual([]);
        const rules = { backend: ' && PathPrefix(`/api`)', frontend: '', grafana: ' && PathPrefix(`/grafana`)' };
        expect(routers.filter(({ provider }) => provider === 'swarm')).toEqual(
          published.map((name) =>
            expect.objectContaining({
              name: `${name}@swarm`,
              rule: `Host(\`${domain}\`)${rules[name]}`,
              service: name,
              entryPoints: ['websecure'],
              using: ['websecure'],
              tls: expect.objectContaining({ certResolver: 'letsencrypt' }),
            }),
          ),
        );
        const found = (await traefik.api('http/services?per_page=100')) as readonly Json[];
        const paths = { backend: '/api/health', frontend: '/health', grafana: '/grafana/api/health' };
        for (const name of published) {
          const { loadBalancer } = found.find((one) => one.name === `${name}@swarm`);
          const address = services.find((one) => one.name.endsWith(`_${name}`))?.addresses['promata_public'];
          expect(loadBalancer.servers).toEqual([{ url: `http://${address}:${swarmServices[name].port}` }]);
          expect(loadBalancer.healthCheck).toMatchObject({ path: paths[name], interval: '30s' });
        }
        const health = runTool(program, onLoopback(healthWords, traefik.ports), { env: {} });
        expect(health).toEqual({ code: 0, output: `OK: http://127.0.0.1:${traefik.ports['metrics']}/ping\n` });
        expect((await ask(traefik.ports['metrics'] ?? 0, '/metrics', 'traefik')).body).toContain('traefik_config_last_reload_success');
        await until(() => authority.issued.length > 0);
        expect(authority).toMatchObject({ contacts: ['mailto:ops@example.org'], issued: [[domain]], refused: [] });
      });
    });

    describe('in front of services that answer', () => {
      const servers = published.map((name) => ({
        name,
        server: createServer((request, response) => response.end(`${name} ${request.url} ${String(request.headers['x-forwarded-proto'])}`)),
      }));
      beforeAll(async () => {
        for (const { server } of servers) await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      });
      afterAll(() => {
        for (const { server } of servers) server.closeAllConnections();
        for (const { server } of servers) server.close();
      });
      /** The same service, where its stand-in listens. */
      const here = (service: SwarmService): SwarmService => {
        const own = servers.find(({ name }) => service.name.endsWith(`_${name}`));
        if (own === undefined) return service;
        const port = String((own.server.address() as AddressInfo).port);
        const addresses = Object.fromEntries(Object.keys(service.addresses).map((network) => [network, '127.0.0.1']));
        return labelled(own.name, { [`traefik.http.services.${own.name}.loadbalancer.server.port`]: port })({ ...service, addresses });
      };

      test('every request goes where it should, by HTTPS, with a certificate of the authority', async () => {
        await running(
          program,
          async ({ ports, logged }, { pem, issued }) => {
            const secure = (path: string, host: string = domain): Promise<Reply> => ask(ports['websecure'] ?? 0, path, host, pem);
            await until(async () => issued.length > 0 && (await secure('/')).trusted);
            const bodies = await Promise.all(
              ['/', '/about', '/api/sessions', '/api', '/grafana/d/1'].map(async (one) => (await secure(one)).body),
            );
            expect(bodies).toEqual([
              'frontend / https',
              'frontend /about https',
              'backend /api/sessions https',
              'backend /api https',
              'grafana /grafana/d/1 https',
            ]);
            expect((await secure('/', 'elsewhere.example.org')).status).toBe(404);
            const plain = await ask(ports['web'] ?? 0, '/about?x=1', domain);
            expect([plain.status, plain.location]).toEqual([301, `https://${domain}:${ports['websecure']}/about?x=1`]);
            expect((await ask(ports['web'] ?? 0, '/metrics', domain)).status).toBe(301);
            expect(logged('ERR')).toEqual([]);
            // Traefik recommends to every user to refuse encoded characters that a service may read in another way.
            expect(logged('WRN').filter((line) => !line.includes('encoded characters'))).toEqual([]);
          },
          { services: here },
        );
      });
    });

    test('an argument that it does not know ends it', () => {
      const misspelt = args.map((word) => word.replace('.redirections.', '.redirection.'));
      expect(misspelt).not.toEqual(args);
      const { code, output } = runTool(program, misspelt, { env: {}, timeout: 60_000 });
      expect([code, output]).toEqual([1, expect.stringContaining('redirection')]);
    });

    test('a label that it does not know, an entry point that is none and a rule that is none unpublish their service', async () => {
      const wrong = [
        labelled('backend', { 'traefik.http.routers.backend.tls.certresolvers': 'letsencrypt' }),
        labelled('grafana', { 'traefik.http.routers.grafana.entrypoints': 'websafe' }),
        labelled('frontend', { 'traefik.http.routers.frontend.rule': `Hosts(\`${domain}\`)` }),
      ];
      await running(
        program,
        async (traefik) => {
          const own = (await routersOf(traefik)).filter(({ provider }) => provider === 'swarm');
          expect(own.map(({ name, status, error = [] }) => [name, status, error.join(' ')])).toEqual([
            ['frontend@swarm', 'disabled', expect.stringContaining('Hosts')],
            ['grafana@swarm', 'disabled', expect.stringContaining('websafe')],
          ]);
          expect(traefik.logged('ERR').join('\n')).toContain('certresolvers');
        },
        { services: (service) => wrong.reduce((one, change) => change(one), service) },
      );
    });

    test('a resolver without a name and a network that is none are complained of', async () => {
      const change = {
        args: (word: string): string =>
          word.replace('resolvers.letsencrypt.', 'resolvers.letsencrypts.').replace('=promata_public', '=promata_publics'),
      };
      await running(
        program,
        async ({ logged }) => {
          expect(logged('ERR').join('\n')).toContain('nonexistent certificate resolver');
          expect(logged('WRN').join('\n')).toContain('Could not find network named "promata_publics"');
        },
        change,
      );
    });
  });
});
