import { awsTable } from '../../tables/aws';

/** `postgres17`, `mysql8.0`, `aurora-mysql8.0`: RDS names parameter groups by what an upgrade keeps. */
export function familyOf(engine: string, version: string): string {
  const [major = '', minor = ''] = version.split('.');
  return /postgres/.test(engine)
    ? `${engine}${major}`
    : engine.startsWith('sqlserver')
      ? `${engine}-${major}.0`
      : engine.startsWith('oracle')
        ? `${engine}-${major}`
        : `${engine}${major}.${minor}`;
}

/** The version that RDS takes where none is given; undefined for an engine that the table does not have. */
export function defaultVersion(engine: string): string | undefined {
  return awsTable().engines[engine]?.default;
}

/** The version that runs where one is asked for: the latest of `16` that the table has, else what is asked for. */
export function actualVersion(engine: string, asked: string): string {
  return awsTable().engines[engine]?.versions.findLast((one) => one === asked || one.startsWith(`${asked}.`)) ?? asked;
}
