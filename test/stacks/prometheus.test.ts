import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { temporaryFolder } from '../_helpers/sandbox';
import { runTool } from '../_helpers/tools';
import { whereAvailable } from '../_helpers/where-available';
import type { Json } from './olechka/tree';
import { artifact, proMataTree } from './pro-mata/tree';
import { tuxTree } from './tux/tux-tree';

/** Where the configuration finds its rules on a machine. */
const mounted = '/etc/prometheus';
const systems = ['pro-mata', 'tux'] as const;

let folder: string;
const fileOf = (system: string, name: string): string => path.join(folder, system, name);

beforeAll(async () => {
  folder = temporaryFolder('terrace-prometheus-');
  const proMata = await proMataTree();
  const tux = (await tuxTree()).files;
  const texts = {
    'pro-mata': (name: string) => artifact(proMata, `docker/configs/${name}`),
    tux: (name: string) => tux[`production/artifacts/ansible/roles/tux/files/monitoring/prometheus/${name}`] ?? '',
  };
  for (const system of systems) {
    mkdirSync(path.join(folder, system));
    for (const name of ['prometheus.yml', 'rules.yml'])
      writeFileSync(fileOf(system, name), texts[system](name).replaceAll(mounted, path.join(folder, system)));
  }
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rules = {
  'pro-mata': ['ServiceDown', 'HighCpu', 'HighMemory', 'DiskFull', 'DatabaseConnections', 'ReplicaAway', 'CertificateEnds'],
  tux: ['InstanceDown', 'HighCpu', 'HighMemory', 'LowDisk', 'WebsiteDown', 'PostgreSQLDown', 'RedisDown', 'BackupTooOld'],
};

test.each(systems)('%s has its alerts', (system) => {
  const { groups }: Json = parse(readFileSync(fileOf(system, 'rules.yml'), 'utf8'));
  expect(groups[0].rules.map(({ alert }: Json) => alert)).toEqual(rules[system]);
});

/** An alert's rule against the series of a quarter of an hour: what is said at the end of it. */
interface Case {
  readonly system: (typeof systems)[number];
  readonly alert: string;
  readonly series: Readonly<Record<string, string>>;
  readonly fires: readonly Readonly<Record<string, string>>[];
}

const disk = '{fstype="ext4",instance="a",mountpoint="/"}';
const cases: readonly Case[] = [
  { system: 'pro-mata', alert: 'ServiceDown', series: { 'up{job="backend"}': '1x15' }, fires: [] },
  { system: 'pro-mata', alert: 'ServiceDown', series: { 'up{job="backend"}': '0x15' }, fires: [{ severity: 'critical', job: 'backend' }] },
  { system: 'pro-mata', alert: 'ServiceDown', series: { 'up{job="traefik"}': '1x15' }, fires: [{ severity: 'critical', job: 'backend' }] },
  ...([80, 81] as const).map((used): Case => ({
    system: 'pro-mata',
    alert: 'DatabaseConnections',
    series: { 'pg_stat_activity_count{state="active"}': `${used}x15`, pg_settings_max_connections: '100x15' },
    fires: used > 80 ? [{ severity: 'warning' }] : [],
  })),
  ...([15, 14] as const).map((free): Case => ({
    system: 'pro-mata',
    alert: 'DiskFull',
    series: { [`node_filesystem_avail_bytes${disk}`]: `${free}x15`, [`node_filesystem_size_bytes${disk}`]: '100x15' },
    fires: free < 15 ? [{ severity: 'critical', fstype: 'ext4', instance: 'a', mountpoint: '/' }] : [],
  })),
  ...([129_000, 131_000] as const).map((age): Case => ({
    system: 'tux',
    alert: 'BackupTooOld',
    // The clock of such a test begins at 0 and stands at 900 in the end.
    series: { 'tux_backup_last_success_seconds{instance="db"}': `${900 - age}x15` },
    fires: age > 129_600 ? [{ severity: 'critical', instance: 'db' }] : [],
  })),
];

describe('with promtool', () => {
  whereAvailable('promtool', (promtool) => {
    test.each(systems)('the configuration of %s and its rules are taken', (system) => {
      const done = runTool(promtool, ['check', 'config', fileOf(system, 'prometheus.yml')]);
      expect([done.code, done.output]).toEqual([0, expect.stringContaining(`SUCCESS: ${rules[system].length} rules found`)]);
    });

    test('a rule that is no expression is refused', () => {
      const file = fileOf('tux', 'broken.yml');
      writeFileSync(file, readFileSync(fileOf('tux', 'rules.yml'), 'utf8').replace('up == 0', 'up = 0'));
      expect(runTool(promtool, ['check', 'rules', file]).code).toBe(1);
    });

    test.each(systems)('the alerts of %s are said at their thresholds, and not before', (system) => {
      const file = fileOf(system, 'cases.json');
      const tests = cases
        .filter((one) => one.system === system)
        .map(({ alert, series, fires }) => ({
          interval: '1m',
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          promql_expr_test: [
            {
              expr: `ALERTS{alertname="${alert}",alertstate="firing"}`,
              eval_time: '15m',
              exp_samples: fires.map((labels) => ({
                labels: `ALERTS${sample({ alertname: alert, alertstate: 'firing', ...labels })}`,
                value: 1,
              })),
            },
          ],
        }));
      writeFileSync(file, JSON.stringify({ rule_files: ['rules.yml'], evaluation_interval: '1m', tests }));
      const done = runTool(promtool, ['test', 'rules', file]);
      expect([done.code, done.output]).toEqual([0, expect.stringContaining('SUCCESS')]);
    });
  });
});

const sample = (labels: Readonly<Record<string, string>>): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
