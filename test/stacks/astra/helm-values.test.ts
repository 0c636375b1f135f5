import { readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, expect, test } from '@jest/globals';

import { chartVersions } from '../../../envcommon/kubernetes';
import { at, astraTree, chartValues, environments, resources, type AstraTree, type Json } from './astra-tree';

/** What a chart's `values.yaml` knows in the sections that are used: keys, and those below which everything is Kubernetes' own. */
interface ChartKeys {
  readonly chart: string;
  readonly version: string;
  readonly source: string;
  readonly keys: readonly string[];
  readonly open: readonly string[];
}

const read = (chart: string): ChartKeys => JSON.parse(readFileSync(path.join(__dirname, 'charts', `${chart}.json`), 'utf8'));

/** Ways through values that the chart does not know. */
function unknown(values: unknown, { keys, open }: ChartKeys): readonly string[] {
  const [known, free] = [new Set(keys), new Set(open)];
  const walk = (value: unknown, way: string): readonly string[] => {
    if (!known.has(way)) return [way];
    if (free.has(way) || typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.entries(value).flatMap(([key, one]) => walk(one, `${way}.${key}`));
  };
  return Object.entries(values as Json).flatMap(([key, value]) => walk(value, key));
}

let tree: AstraTree;
beforeAll(async () => {
  tree = await astraTree();
});

test.each(Object.entries(chartVersions))('every value of %s is one that version %s of the chart knows', (chart, version) => {
  const known = read(chart);
  expect(known).toMatchObject({ chart, version });
  expect(known.source).toMatch(/@[0-9a-f]{40}, charts\/[\w-]+\/values\.yaml/);
  const releases = environments.flatMap((environment) =>
    resources(tree, environment, 'helm_release').filter(({ body }) => body['chart'] === chart),
  );
  expect(releases.length).toBeGreaterThan(0);
  for (const release of releases) {
    expect([release.unit, release.body['version'], unknown(chartValues(tree, release), known)]).toEqual([release.unit, version, []]);
    expect(at(release.body, 'set')).toBeUndefined();
  }
});

test('a value that is misspelled, or of another version, is noticed', () => {
  const known = read('kube-prometheus-stack');
  expect(unknown({ grafana: { servicetype: 'ClusterIP' } }, known)).toEqual(['grafana.servicetype']);
  expect(unknown({ alertManager: { enabled: true } }, known)).toEqual(['alertManager']);
  expect(unknown({ prometheus: { prometheusSpec: { retain: '7d' } } }, known)).toEqual(['prometheus.prometheusSpec.retain']);
});
