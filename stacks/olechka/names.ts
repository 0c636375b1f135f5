import { root } from './root';

/** The services, their ports and the paths that lead to them. */
export const services = {
  api: { port: 8080, paths: ['/api/*', '/v1/*'], priority: 100 },
  worker: { port: 8081, paths: ['/worker/*', '/jobs/*'], priority: 200 },
} as const;

export type ServiceName = keyof typeof services;

export const serviceNames = ['api', 'worker'] as const satisfies readonly ServiceName[];

/** The secrets that exist once per environment. */
export const secretKinds = ['database-url', 'api-key', 'jwt-secret', 'encryption-key'] as const;

export type SecretKind = (typeof secretKinds)[number];

export interface Place {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
}

/**
 * What things are called in one region of an environment. Where the table of docs/olechka.md fixes a name it stands without the region
 * (each environment has an account of its own); what is unique per account carries it.
 */
export class Names {
  constructor(private readonly place: Place) {}

  /** `ai-tools-<env>`: cluster, database, cache. */
  get base(): string {
    return `${root.project}-${this.place.environment}`;
  }

  /** `ai-tools-<env>-<region>`: roles, dashboards, whatever an account has once. */
  get regional(): string {
    return `${this.base}-${this.place.region}`;
  }

  get loadBalancer(): string {
    return `${root.project}-alb-${this.place.environment}`;
  }

  get metricNamespace(): string {
    return `AI-Tools/${this.place.environment}`;
  }

  service(name: ServiceName): string {
    return `${root.project}-${name}`;
  }

  secret(kind: SecretKind): string {
    return `${this.base}-${kind}`;
  }

  get cacheTokenSecret(): string {
    return `${this.base}-redis-auth-token`;
  }

  bucket(kind: 'artifacts' | 'models' | 'logs' | 'alb-logs'): string {
    return `${root.project}-${kind}-${this.place.environment}-${this.place.region}`;
  }

  role(use: string): string {
    return `${this.regional}-${use}`;
  }

  roleArn(use: string): string {
    return `arn:aws:iam::${this.place.account}:role/${this.role(use)}`;
  }

  /** Policy that bounds every role of the system's services; `iam/github-oidc` makes it. */
  get serviceBoundary(): string {
    return `${this.base}-service-boundary`;
  }

  get serviceBoundaryArn(): string {
    return `arn:aws:iam::${this.place.account}:policy/${this.serviceBoundary}`;
  }

  get serviceLogs(): Readonly<Record<ServiceName, string>> {
    return { api: `/ecs/${this.service('api')}`, worker: `/ecs/${this.service('worker')}` };
  }

  get flowLogs(): string {
    return `/vpc/${this.base}`;
  }

  get webAcl(): string {
    return this.base;
  }

  get rotation(): string {
    return `${this.base}-rotation`;
  }

  /** ARNs of all log groups of the region: what the key encrypts for CloudWatch Logs. */
  get logGroupArns(): readonly string[] {
    const groups = [
      ...Object.values(this.serviceLogs),
      this.flowLogs,
      `/aws/rds/cluster/${this.base}/postgresql`,
      `/elasticache/${this.base}`,
      `/aws/lambda/${this.rotation}`,
      `aws-waf-logs-${this.webAcl}`,
    ];
    return groups.map((group) => `arn:aws:logs:${this.place.region}:${this.place.account}:log-group:${group}`);
  }
}
