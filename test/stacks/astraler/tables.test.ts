import { expect, test } from '@jest/globals';

import { backups } from '../../../stacks/astraler/topology/backup';
import { capacity, sizesOf } from '../../../stacks/astraler/topology/capacity';
import { coverageWarning, gates } from '../../../stacks/astraler/topology/gates';
import { alerting, logs, metrics, type Channel } from '../../../stacks/astraler/topology/observability';
import { usualValues } from '../../../stacks/astraler/system';
import { astralerTree, resources } from './astraler-tree';

/** The rows of a table of the system's document, as it is written there. */
const rows = (table: string): readonly (readonly string[])[] =>
  table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const number = (value: number): string => value.toLocaleString('en-US');

test('metrics are those of the document, row by row', () => {
  const threshold = { errorRate: '> 1%', responseTime: 'p95 > 500ms', uptime: '< 99.5%', databaseConnections: '> 80% pool' };
  expect(
    Object.entries(metrics).map(([name, { title, tool, threshold: value, unit, bad }]) => [
      title,
      tool,
      `${name === 'responseTime' ? 'p95 ' : ''}${bad === 'above' ? '>' : '<'} ${value}${unit.replace(' of', '')}`,
    ]),
  ).toEqual(
    rows(`
| Error Rate | Sentry | ${threshold.errorRate} |
| Response Time | Cloudflare | ${threshold.responseTime} |
| Uptime | Better Uptime | ${threshold.uptime} |
| DB Connections | Supabase | ${threshold.databaseConnections} |`),
  );
});

test('logs are those of the document, row by row', () => {
  const time = (days: number): string => (days === 365 ? '1 year' : `${days} days`);
  expect(Object.values(logs).map(({ title, destination, days }) => [title, destination, time(days)])).toEqual(
    rows(`
| Application | Cloudflare Logs | 7 days |
| Access | Cloudflare | 3 days |
| Error | Sentry | 90 days |
| Audit | Supabase | 1 year |`),
  );
});

test('routes of alerts are those of the document, row by row', () => {
  const times: Readonly<Record<number, string>> = { 15: '15 min', 60: '1 hour', 1440: '24 hours', 10_080: '1 week' };
  const names: Readonly<Record<Channel, string>> = { pagerduty: 'PagerDuty', slack: 'Slack', email: 'Email', dashboard: 'Dashboard' };
  expect(
    Object.entries(alerting).map(([severity, { responseMinutes, channels }]) => [
      severity[0]?.toUpperCase() + severity.slice(1),
      times[responseMinutes],
      channels.map((channel) => names[channel]).join(' + '),
    ]),
  ).toEqual(
    rows(`
| Critical | 15 min | PagerDuty + Slack |
| High | 1 hour | Slack |
| Medium | 24 hours | Email |
| Low | 1 week | Dashboard |`),
  );
});

test('gates are those of the document, row by row', () => {
  expect(Object.values(gates).map(({ title, requirement, blocking }) => [title, requirement, blocking ? 'Yes' : 'No (warning)'])).toEqual(
    rows(`
| Linting | 0 errors | Yes |
| Type Check | 0 errors | Yes |
| Unit Tests | Pass | Yes |
| Coverage | > 70% | No (warning) |
| Build | Success | Yes |
| E2E Tests | Pass (staging) | Yes |`),
  );
  expect(gates.coverage.requirement).toBe(`> ${coverageWarning}%`);
});

test('backups are those of the document, row by row', () => {
  expect(Object.values(backups).map(({ title, method, frequency, location }) => [title, method, frequency, location])).toEqual(
    rows(`
| Database | pg_dump | Daily | R2 bucket |
| Files | R2 replication | Real-time | Multi-region |
| Configs | Git | On change | GitHub |
| Secrets | Encrypted backup | Weekly | Secure vault |`),
  );
});

test('capacities are those of the document, row by row', () => {
  const { current, target } = capacity;
  expect([
    ['Concurrent Users', number(current.concurrentUsers), number(target.concurrentUsers)],
    ['Requests/sec', number(current.requestsPerSecond), number(target.requestsPerSecond)],
    ['Database Connections', number(current.databaseConnections), number(target.databaseConnections)],
    ['Storage', `${current.storageGb} GB`, `${target.storageGb} GB`],
  ]).toEqual(
    rows(`
| Concurrent Users | 100 | 10,000 |
| Requests/sec | 50 | 5,000 |
| Database Connections | 20 | 100 |
| Storage | 1 GB | 100 GB |`),
  );
});

test('sizes follow from the column', () => {
  expect(sizesOf('current')).toEqual({
    poolSize: 20,
    instanceSize: 'small',
    redis: { readRegions: ['ap-northeast-1'], autoScale: false, budget: 20, highAvailability: false },
    thresholds: { databaseConnections: 16, requestsPerSecond: 40, storageBytes: 800_000_000 },
  });
  expect(sizesOf('target')).toEqual({
    poolSize: 100,
    instanceSize: 'large',
    redis: { readRegions: ['ap-northeast-1', 'eu-central-1', 'us-east-1'], autoScale: true, budget: 360, highAvailability: true },
    thresholds: { databaseConnections: 80, requestsPerSecond: 4000, storageBytes: 80_000_000_000 },
  });
});

test('one word moves production from current to target, and nothing else changes', async () => {
  const { production } = usualValues;
  const [before, after] = await Promise.all([
    astralerTree(),
    astralerTree({ ...usualValues, production: { ...production, env: { ...production.env, capacity: 'target' } } }),
  ]);
  const changed = Object.keys(before.units).filter((unit) => JSON.stringify(before.units[unit]) !== JSON.stringify(after.units[unit]));
  expect(changed).toEqual(['production/global/data/postgres', 'production/global/data/redis', 'production/global/monitoring/uptime']);
  const only = (type: string) => resources(after, 'production/', type)[0]?.body;
  expect(only('supabase_settings')?.['pooler']).toBe('{"default_pool_size":100}');
  expect(only('supabase_project')?.['instance_size']).toBe('large');
  expect(only('upstash_redis_database')).toMatchObject({ auto_scale: true, prod_pack: true });
}, 600_000);
