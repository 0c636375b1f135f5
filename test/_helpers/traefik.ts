import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import type { CertificateAuthority } from './certificate-authority';
import { freePort } from './free-port';
import { temporaryFolder } from './sandbox';
import { until } from './until';

/** A Traefik that runs with the arguments of a stack. */
export interface RunningTraefik {
  /** Port on loopback of each of its entry points, by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** What its API says, as data. */
  readonly api: (path: string) => Promise<unknown>;
  /** Lines of its log from `level` on: `ERR`, `WRN`. */
  readonly logged: (level: 'ERR' | 'WRN') => readonly string[];
}

export interface TraefikOptions {
  /** The program. */
  readonly program: string;
  /** As the stack has them, with the variables put in. */
  readonly args: readonly string[];
  /** Port of the manager's API. */
  readonly swarm: number;
  /** Who issues certificates instead of Let's Encrypt. */
  readonly authority: CertificateAuthority;
  /** Of `portsFor`. */
  readonly ports: Readonly<Record<string, number>>;
}

/** A router as the API shows it. */
export interface TraefikRouter {
  readonly name: string;
  readonly provider: string;
  readonly status: string;
  readonly rule: string;
  readonly service: string;
  readonly entryPoints: readonly string[];
  readonly using?: readonly string[];
  readonly error?: readonly string[];
  readonly tls?: { readonly certResolver?: string };
}

/** The routers that run, and those that do not, sorted by name. */
export async function routersOf({ api }: Pick<RunningTraefik, 'api'>): Promise<readonly TraefikRouter[]> {
  const routers = (await api('http/routers?per_page=100')) as readonly TraefikRouter[];
  return routers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const entryPoint = /^--entrypoints\.(\w+)\.address=:\d+$/;

/** Free ports of loopback for the entry points that arguments name, and for Traefik's own API. */
export async function portsFor(args: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const names = args.flatMap((word) => entryPoint.exec(word)?.[1] ?? []);
  return Object.fromEntries(await Promise.all([...names, 'traefik'].map(async (name) => [name, await freePort()] as const)));
}

/** The same arguments, on loopback: each entry point listens at its port there, whatever the stack publishes. */
export function onLoopback(args: readonly string[], ports: Readonly<Record<string, number>>): readonly string[] {
  return args.map((word) => {
    const name = entryPoint.exec(word)?.[1];
    return name === undefined ? word : `--entrypoints.${name}.address=127.0.0.1:${ports[name]}`;
  });
}

/**
 * Runs with a Traefik that has read the services of the Swarm once. What tests add to the arguments is its API, and who stands in for Docker and for
 * Let's Encrypt. Throws what Traefik said where it ends by itself.
 */
export async function withTraefik<T>(
  { program, args, swarm, authority, ports }: TraefikOptions,
  run: (traefik: RunningTraefik) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder('terrace-traefik-');
  const added = [
    `--providers.swarm.endpoint=tcp://127.0.0.1:${swarm}`,
    '--api.insecure=true',
    '--api.dashboard=false',
    `--entrypoints.traefik.address=127.0.0.1:${ports['traefik']}`,
    ...trusting(args, authority, folder),
  ];
  const kept = onLoopback(args, ports).map((word) => word.replace(/(\.acme\.storage=).*$/, `$1${path.join(folder, 'acme.json')}`));
  // Nothing of the shell's goes along: it may name another Docker, or settings of Traefik.
  const child = spawn(program, [...kept, ...added], { cwd: folder, env: { HOME: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => said.push(text.toString('utf8')));
  const closed = once(child, 'close');
  const traefik: RunningTraefik = {
    ports,
    api: (name) => jsonFrom(ports['traefik'] ?? 0, name),
    logged: (level) =>
      stripVTControlCharacters(said.join(''))
        .split('\n')
        .filter((line) => line.includes(` ${level} `)),
  };
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`traefik ended with ${child.exitCode}: ${said.join('')}`);
      return (await routersOf(traefik).catch(() => [])).some(({ provider }) => provider === 'swarm');
    });
    return await run(traefik);
  } finally {
    child.kill('SIGKILL');
    await closed;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Arguments by which every resolver asks an authority; keys of 4096 bits, which are usual, take seconds to find. */
function trusting(args: readonly string[], authority: CertificateAuthority, folder: string): readonly string[] {
  const file = path.join(folder, 'authority.pem');
  writeFileSync(file, authority.pem);
  return args
    .flatMap((word) => /^--certificatesresolvers\.\w+\.acme(?=\.email=)/.exec(word)?.[0] ?? [])
    .flatMap((acme) => [`${acme}.caserver=${authority.directory}`, `${acme}.cacertificates=${file}`, `${acme}.keytype=EC256`]);
}

async function jsonFrom(port: number, name: string): Promise<unknown> {
  const text = await new Promise<string>((resolve, reject) =>
    get({ host: '127.0.0.1', port, path: `/api/${name}` }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.once('end', () => (response.statusCode === 200 ? resolve(body) : reject(new Error(`${response.statusCode} ${body}`))));
    }).once('error', reject),
  );
  return JSON.parse(text);
}
