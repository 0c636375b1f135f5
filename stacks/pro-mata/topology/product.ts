/** The product's own services; everything else is bought or pulled. */
export type ProductService = 'frontend' | 'backend';

export const productServices = ['frontend', 'backend'] as const satisfies readonly ProductService[];

/** What is kept in the vault of an environment, by its name there. */
export type SecretName =
  | 'jwt-secret'
  | 'postgres-password'
  | 'postgres-admin-password'
  | 'postgres-replication-password'
  | 'postgres-exporter-password'
  | 'pgbouncer-userlist'
  | 'redis-password'
  | 'grafana-password'
  | 'duckdns-token';

/** The same on both clouds: ports, paths and what each service is told. Only the ends differ: a pool here, a URL there. */
export interface ServiceFacts {
  readonly title: string;
  /** Name of its image, in any registry. */
  readonly image: string;
  readonly port: number;
  readonly healthPath: string;
  /** Paths below which it answers where it shares a name with others. @default all */
  readonly pathPrefix?: string;
}

export const product: Readonly<Record<ProductService, ServiceFacts>> = {
  frontend: { title: 'React on Nginx', image: 'promata-frontend', port: 8080, healthPath: '/health' },
  backend: { title: 'Node.js API', image: 'promata-backend', port: 3000, healthPath: '/api/health', pathPrefix: '/api' },
};

/** The database and cache of both environments. */
export const database = { name: 'promata', user: 'promata', port: 5432 } as const;
export const cache = { port: 6379 } as const;

/** A name by which a setting is taken for a secret, unless it says where one is. */
const secretWord = /(?:PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|API_KEY|CREDENTIAL)/;
const whereabouts = /_(?:FILE|NAME|ARN|ID|URL|PATH|VERSION|TTL|LENGTH)$/;

/** Whether an environment variable of this name and value holds a secret that should not stand in the source. */
export function isSecretLiteral(name: string, value: string): boolean {
  if (/\b[a-z][\w+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i.test(value)) return true;
  return secretWord.test(name.toUpperCase()) && !whereabouts.test(name.toUpperCase()) && value !== '';
}
