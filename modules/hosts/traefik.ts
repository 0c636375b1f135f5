/** One name (and the paths below it) that leads to a service. */
export interface Route {
  readonly service: string;
  readonly host: string;
  /** Paths below which it answers. @default all */
  readonly prefix?: string;
  readonly port: number;
  /** Path that answers 200 when the service is well. */
  readonly healthPath: string;
}

export interface TraefikProps {
  /** Overlay network in which it finds the services. */
  readonly network: string;
  /** Address that Let's Encrypt writes to. */
  readonly email: string;
  /** Path of the file that keeps keys and certificates; in a volume, or each start asks for new ones. */
  readonly storage: string;
}

/**
 * Traefik's arguments on Docker Swarm: 80 answers with a redirect to 443, where certificates come from Let's Encrypt by the HTTP
 * challenge. Only services that say so are published; there is no dashboard.
 */
export function traefikArguments({ network, email, storage }: TraefikProps): readonly string[] {
  return [
    '--providers.swarm=true',
    '--providers.swarm.exposedbydefault=false',
    `--providers.swarm.network=${network}`,
    '--entrypoints.web.address=:80',
    '--entrypoints.web.http.redirections.entrypoint.to=websecure',
    '--entrypoints.web.http.redirections.entrypoint.scheme=https',
    '--entrypoints.websecure.address=:443',
    '--entrypoints.metrics.address=:8082',
    '--metrics.prometheus=true',
    '--metrics.prometheus.entrypoint=metrics',
    `--certificatesresolvers.letsencrypt.acme.email=${email}`,
    `--certificatesresolvers.letsencrypt.acme.storage=${storage}`,
    '--certificatesresolvers.letsencrypt.acme.httpchallenge.entrypoint=web',
    '--ping=true',
    '--ping.entrypoint=metrics',
    '--log.level=INFO',
    '--accesslog=true',
    '--global.sendanonymoususage=false',
  ];
}

/** The labels by which Traefik publishes a service. Longer rules win, so that a path goes before the whole name. */
export function traefikLabels({ service, host, prefix, port, healthPath }: Route): Readonly<Record<string, string>> {
  const router = `traefik.http.routers.${service}`;
  const target = `traefik.http.services.${service}.loadbalancer`;
  return {
    'traefik.enable': 'true',
    [`${router}.rule`]: `Host(\`${host}\`)${prefix === undefined ? '' : ` && PathPrefix(\`${prefix}\`)`}`,
    [`${router}.entrypoints`]: 'websecure',
    [`${router}.tls`]: 'true',
    [`${router}.tls.certresolver`]: 'letsencrypt',
    [`${target}.server.port`]: String(port),
    [`${target}.healthcheck.path`]: healthPath,
    [`${target}.healthcheck.interval`]: '30s',
  };
}
