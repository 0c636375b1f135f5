import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../_helpers/in-order';
import { full } from '../_helpers/where-available';
import { olechkaProject, type OlechkaProject } from './harness/olechka-project';
import type { WorkflowRun } from './harness/runner';

const test = inOrder();

/** Of development, a part that takes three rounds; with `TERRACE_FULL=1` the whole region. */
const some = ['security/kms', 'network/vpc', 'network/security-groups'];
const regionUnits = [
  ...some,
  'network/endpoints',
  'network/alb',
  'security/secrets',
  'security/waf',
  'storage/aurora',
  'storage/elasticache',
  'storage/s3-artifacts',
  'storage/s3-models',
  'compute/ecr',
  'compute/ecs-cluster',
  'compute/ecs-service-api',
  'compute/ecs-service-worker',
  'monitoring/cloudwatch',
  'monitoring/xray',
];

let project: OlechkaProject;
let run: WorkflowRun;
beforeAll(async () => {
  project = await olechkaProject(full ? regionUnits : some);
}, 600_000);
afterAll(() => project.dispose());

function expectNoFailure(results: Readonly<Record<string, string>>): void {
  expect(Object.entries(results).flatMap(([name, result]) => (result === 'failure' ? [`${name}\n${run.log(name)}`] : []))).toEqual([]);
}

const approved = (place: string, login: string, job: string): void => run.approve(place, login, run.outputs(job)['hash'] ?? '');

test('olechka’s own workflow takes a push through its five stages: development by itself, staging and production to their gates', async () => {
  run = project.start('ana');
  const results = await run.go();
  expectNoFailure(results);
  expect(results).toMatchObject({
    detect: 'success',
    format: 'success',
    validate: 'success',
    security: 'success',
    costs: 'success',
    'dev-1/plan': 'success',
    'dev-1/review': 'skipped',
    'dev-1/apply': 'success',
    'dev-3/apply': 'success',
    'staging-1/review': 'waiting',
    'production-1/review': 'waiting',
  });
  // Nothing is left of development, whose rounds end where its graph does.
  const rounds = Object.keys(results).filter((name) => /^dev-\d+\/apply$/.test(name) && results[name] === 'success');
  expect(run.outputs(`dev-${rounds.length}`)['left']).toBe('false');
  expect(run.log('validate').match(/^valid /gm)).toHaveLength(Object.values(project.units).flat().length);
  expect(run.summary).toContain('estimated');
  for (const environment of ['staging', 'production']) expect(run.outputs(`${environment}-1/apply`)).toEqual({});
}, 900_000);

test('staging goes after one person, production after two, each by the hash of what was reviewed', async () => {
  approved('staging-review', 'bob', 'staging-1/plan');
  approved('production-review', 'bob', 'production-1/plan');
  const one = await run.go();
  expectNoFailure(one);
  expect(one).toMatchObject({ 'staging-1/apply': 'success', 'production-1/review-2': 'waiting' });
  expect(run.outputs('production-1/apply')).toEqual({});
  approved('production-review-2', 'cem', 'production-1/plan');
  const two = await run.go();
  expectNoFailure(two);
  expect(two).toMatchObject({ 'production-1/review-3': 'skipped', 'production-1/apply': 'success', 'production-2': 'skipped' });
  expect(new Set(project.host.taken.map(({ claims }) => claims['sub']))).toEqual(
    new Set(
      ['dev-plan', 'dev', 'staging-plan', 'staging', 'production-plan', 'production'].map(
        (place) => `repo:catherinevee/terragrunt-olechka:environment:${place}`,
      ),
    ),
  );
  expect(project.host.denied).toEqual([]);
}, 900_000);

test('no secret stands in a log, a summary or an artefact', () => {
  const folder = run.artefactFolder();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
  const texts = [
    run.summary,
    ...run.logs.map(({ log }) => log),
    ...files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'latin1')),
  ];
  expect(texts.length).toBeGreaterThan(20);
  for (const canary of project.canaries) expect(texts.filter((text) => text.includes(canary))).toEqual([]);
});
