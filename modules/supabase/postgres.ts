import { Construct } from 'constructs';
import { refuse, type Problem } from 'terrace';

import { Project } from '../../.gen/providers/supabase/project';
import { Settings } from '../../.gen/providers/supabase/settings';

/** Compute sizes and the connections that Postgres takes on each (supabase.com/docs, "Compute and Disk", limits and constraints). */
export const maxConnections = {
  micro: 60,
  small: 90,
  medium: 120,
  large: 160,
  xlarge: 240,
  '2xlarge': 380,
  '4xlarge': 480,
} as const satisfies Readonly<Record<string, number>>;

export type InstanceSize = keyof typeof maxConnections;

/** Share of the connections that the pooler may hold; the rest is for Auth, Storage, PostgREST and people (same page, "Choosing a pool size"). */
const poolerShare = 0.8;

/**
 * The smallest size that carries a pool and has point-in-time recovery and read replicas, which `micro` has not (supabase.com/docs,
 * "Database Backups"). Throws a RangeError for a pool that none carries.
 */
export function instanceFor(poolSize: number): InstanceSize {
  for (const [size, connections] of Object.entries(maxConnections))
    if (size !== 'micro' && poolSize <= connections * poolerShare) return size as InstanceSize;
  throw new RangeError(`no compute size supports a pool of ${poolSize} connections`);
}

/** E2906 for a pool that the size does not carry. */
export function poolProblems(place: string, size: InstanceSize, poolSize: number): readonly Problem[] {
  const most = Math.floor(maxConnections[size] * poolerShare);
  if (Number.isInteger(poolSize) && poolSize >= 1 && poolSize <= most) return [];
  return [
    {
      code: 'E2906',
      title: 'pool too large for the database',
      place,
      found: `a pool of ${poolSize} connections on ${size}`,
      expected: `1 to ${most}: four fifths of the ${maxConnections[size]} connections that Postgres allows there`,
      todo: 'choose a larger size or a smaller pool',
    },
  ];
}

export interface PostgresProjectOptions {
  readonly name: string;
  readonly organizationId: string;
  /** AWS region that Supabase runs in. */
  readonly region: string;
  readonly password: string;
  readonly size: InstanceSize;
  /** Connections that the pooler holds to Postgres. */
  readonly poolSize: number;
  /** Public address of the application, where its mails lead back to. */
  readonly siteUrl: string;
  /** Refuses a plan that would delete the project and its data. */
  readonly protect: boolean;
}

/**
 * A Supabase project: Postgres with its pooler, TLS enforced. Point-in-time recovery, read replicas and the backup schedule are not in the
 * provider. Raises E2906.
 */
export class PostgresProject extends Construct {
  readonly project: Project;

  constructor(scope: Construct, id: string, options: PostgresProjectOptions) {
    super(scope, id);
    refuse(poolProblems(options.name, options.size, options.poolSize));
    this.project = new Project(this, 'project', {
      name: options.name,
      organizationId: options.organizationId,
      region: options.region,
      databasePassword: options.password,
      instanceSize: options.size,
      ...(options.protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    new Settings(this, 'settings', {
      projectRef: this.project.id,
      sslEnforcement: true,
      pooler: JSON.stringify({ default_pool_size: options.poolSize }),
      api: JSON.stringify({ db_schema: 'public', db_extra_search_path: 'public,extensions', max_rows: 1000 }),
      // Sessions are the application's own: nobody signs up at Supabase.
      auth: JSON.stringify({ site_url: options.siteUrl, disable_signup: true }),
    });
  }
}
