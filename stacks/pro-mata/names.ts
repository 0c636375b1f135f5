import { root, stateAccount } from './root';
import type { ProductService } from './topology/product';

/** The role that applies changes, trusted from the protected environment only. */
export const applyRoleName = 'github-actions-role';
/** The role that plans changes and reads. */
export const planRoleName = 'github-actions-plan-role';
/** The roles by which development's jobs reach their states, and nothing else of the account. */
export const devRoleName = 'github-actions-dev-role';
export const devPlanRoleName = 'github-actions-dev-plan-role';
/** The role of people; outside the names that the role of the pipelines may change. */
export const adminRoleName = `${root.project}-admin`;

/** What things of production are called in its region. */
export class AwsNames {
  /** `promata-prod`: cluster, database, cache, and the beginning of everything else. */
  readonly base: string;

  constructor(
    private readonly environment: string,
    private readonly region: string,
  ) {
    this.base = `${root.project}-${environment}`;
  }

  service(name: ProductService): string {
    return `${root.project}-${name}`;
  }

  role(use: string): string {
    return `${this.base}-${use}`;
  }

  roleArn(use: string): string {
    return `arn:aws:iam::${stateAccount}:role/${this.role(use)}`;
  }

  /** Policy that bounds every role of a service. */
  get serviceBoundary(): string {
    return `${this.base}-service-boundary`;
  }

  get serviceBoundaryArn(): string {
    return `arn:aws:iam::${stateAccount}:policy/${this.serviceBoundary}`;
  }

  get flowLogs(): string {
    return `/vpc/${this.base}`;
  }

  serviceLogs(name: ProductService): string {
    return `/ecs/${this.service(name)}`;
  }

  /** Buckets are unique in the world. */
  bucket(use: string): string {
    return `${root.project}-${use}-${this.environment}-${stateAccount}-${this.region}`;
  }

  /** ARNs of all log groups of the region: what the key encrypts for CloudWatch Logs. */
  get logGroupArns(): readonly string[] {
    return [
      this.serviceLogs('frontend'),
      this.serviceLogs('backend'),
      this.flowLogs,
      `/aws/rds/instance/${this.base}/postgresql`,
      `/elasticache/${this.base}`,
    ].map((group) => `arn:aws:logs:${this.region}:${stateAccount}:log-group:${group}`);
  }
}
