import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { usualValues, type AstraValues } from '../../../stacks/astra/system';
import type { AstraEnvironmentValues } from '../../../stacks/astra/values';
import { TerraceError } from '../../../terrace/base/errors';
import { projectRoot } from '../../_helpers/project-root';
import { at, astraTree, resources } from './astra-tree';

/** astra with other values of one environment. */
function withValues(environment: 'development' | 'staging' | 'production', changes: Partial<AstraEnvironmentValues>): AstraValues {
  return { ...usualValues, [environment]: { ...usualValues[environment], env: { ...usualValues[environment].env, ...changes } } };
}

/** The problems of astra with other values of one environment, as `code title: found`. */
async function problems(
  environment: 'development' | 'staging' | 'production',
  changes: Partial<AstraEnvironmentValues>,
): Promise<readonly string[]> {
  try {
    // What is wrong with the values is said for all environments, what is wrong with a tag by the units of the applications.
    await astraTree(withValues(environment, changes), true, [`astra/${environment}/europe-west1/apps`]);
  } catch (error) {
    if (error instanceof TerraceError) return error.problems.map(({ code, title, found }) => `${code} ${title}: ${found}`);
    throw error;
  }
  return [];
}

const { images, exposure } = usualValues.staging.env;

test('a problem is at the line of the setting that it is about', async () => {
  const env = { ...usualValues.staging.env, exposure: { ...exposure, backend: 'load-balancer' as const }, tags: 'any' as const };
  const refused = await astraTree({ ...usualValues, staging: { ...usualValues.staging, env } }).catch((error: unknown) => error);
  const lines = readFileSync(path.join(projectRoot, 'stacks/astra/staging/env.ts'), 'utf8').split('\n');
  const lineOf = (setting: string): string => `stacks/astra/staging/env.ts:${lines.findIndex((line) => line.includes(`${setting}:`)) + 1}`;
  expect(refused instanceof TerraceError ? refused.problems.map(({ code, place }) => [code, place]) : refused).toEqual([
    ['E2702', lineOf('exposure')],
    ['E2703', lineOf('tags')],
  ]);
});

test('an exposure that the matrix does not allow is refused, also in the planned environment; closing is allowed', async () => {
  expect(await problems('staging', { exposure: { ...exposure, backend: 'load-balancer', postgres: 'ingress' } })).toEqual([
    'E2702 exposure not allowed: backend would be reached by load-balancer',
    'E2702 exposure not allowed: postgres would be reached by ingress',
  ]);
  expect(await problems('production', { exposure: { ...usualValues.production.env.exposure, frontend: 'load-balancer' } })).toEqual([
    'E2702 exposure not allowed: frontend would be reached by load-balancer',
  ]);
  expect(await problems('development', { exposure: { frontend: 'load-balancer', backend: 'cluster-ip', postgres: 'cluster-ip' } })).toEqual(
    [],
  );
});

test('a tag that floats is refused, and so is a tag in a repository', async () => {
  const tagged = (tag: string) => ({ images: { ...images, frontend: { ...images.frontend, tag } } });
  for (const environment of ['staging', 'production'] as const)
    for (const tag of ['latest', 'main', '1.4', '0123456789abcdef'])
      expect(await problems(environment, tagged(tag))).toEqual([`E2703 floating image tag: frontend: ${tag}`]);
  expect(await problems('staging', tagged('1.4.0'))).toEqual([]);
  expect(await problems('development', tagged('latest'))).toEqual(['E2703 floating image tag: frontend: latest']);
  expect(await problems('development', tagged('0123456789abcdef'))).toEqual([]);
  for (const postgres of ['postgres', 'postgres:latest', 'postgres:17', 'registry:5000/postgres'])
    expect(await problems('staging', { images: { ...images, postgres } })).toEqual([`E2703 floating image tag: ${postgres}`]);
  expect(await problems('staging', { images: { ...images, backend: { repository: 'astraplus/backend:1.0.0' } } })).toEqual([
    'E2703 floating image tag: backend: astraplus/backend:1.0.0 has a tag',
  ]);
  expect(await problems('staging', { tags: 'any' })).toEqual(["E2703 floating image tag: tags is 'any'"]);
});

test('a cluster that two environments name is refused', async () => {
  const { account, cluster } = usualValues.development.env;
  expect(await problems('staging', { account, cluster })).toEqual([
    "E2704 cluster shared by two environments: tp-154-development/development-cluster is development's cluster",
  ]);
});

test('with an existing cluster there is no cluster unit, and address, authority and token are sensitive variables of the environment', async () => {
  const values = withValues('staging', { cluster: 'existing' });
  // Its addresses are somebody else's, so they cannot overlap those of another environment.
  const tree = await astraTree({ ...values, staging: { ...values.staging, region: usualValues.development.region } }, true, [
    'astra/development',
    'astra/staging',
  ]);
  expect(tree.files['staging/europe-west1/region.hcl']).not.toContain('10.40.');
  expect(Object.keys(tree.units)).not.toContain('staging/europe-west1/cluster/gke');
  const unit = tree.units['staging/europe-west1/monitoring/prometheus-stack'];
  const access = {
    host: '${var.cluster_endpoint_staging}',
    cluster_ca_certificate: '${var.cluster_ca_staging}',
    token: '${var.cluster_token_staging}',
  };
  expect(at(unit, 'provider', 'kubernetes', 0)).toEqual(access);
  expect(at(unit, 'provider', 'helm', 0, 'kubernetes')).toEqual(access);
  expect(['cluster_endpoint', 'cluster_ca', 'cluster_token'].map((name) => at(unit, 'variable', `${name}_staging`, 'sensitive'))).toEqual([
    true,
    true,
    true,
  ]);
  expect(resources(tree, 'staging', 'kubernetes_deployment_v1')).toHaveLength(2);
});
