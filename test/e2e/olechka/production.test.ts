import { readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { full } from '../../_helpers/where-available';
import { scratchProject, succeeded, type Outcome, type ScratchProject } from '../../_helpers/scratch-project';

const test = inOrder();

/** The whole of production in both regions, by the commands a person would use, against the real terraform in a sandbox. */
let project: ScratchProject;
let env: NodeJS.ProcessEnv;

const regions = ['olechka/production/eu-central-1', 'olechka/production/ap-southeast-1'];
const both = (...units: readonly string[]): readonly string[] =>
  regions.flatMap((region) => units.map((unit) => `${region}/${unit}`)).sort();

interface Deployed {
  readonly units: readonly { readonly unit: string; readonly round: number; readonly status: string }[];
  readonly problems: readonly { readonly code: string; readonly place?: string; readonly found: string }[];
}

/** Runs `terrace deploy` and gives its report and exit code. */
async function deploy(...args: readonly string[]): Promise<Deployed & Pick<Outcome, 'code'>> {
  const outcome = await project.terrace(['deploy', ...args, '--auto-approve', '--json'], env);
  if (!outcome.stdout.startsWith('{')) throw new Error(outcome.output);
  const report: Deployed = JSON.parse(outcome.stdout);
  return { ...report, code: outcome.code };
}

const withStatus = (report: Deployed, ...statuses: readonly string[]): readonly string[] =>
  report.units
    .filter(({ status }) => statuses.includes(status))
    .map(({ unit }) => unit)
    .sort();

beforeAll(async () => {
  project = scratchProject();
  succeeded(await project.terrace(['synth', 'olechka/production']));
  env = await project.sandbox('025066254478');
  succeeded(await project.terrace(['backend', 'bootstrap', 'olechka/production'], env));
}, 600_000);

afterAll(() => project.dispose());

if (full)
  test('before anything is there, every unit of production has a plan on mocks, which nobody can apply', async () => {
    const place = path.join(project.root, '.terrace', 'first-look');
    const outcome = succeeded(await project.terrace(['plan', 'olechka/production', '--mock', '--out', place, '--json'], env));
    const bundle: { readonly units: readonly { readonly tainted: boolean }[]; readonly deferred: unknown[]; readonly failed: unknown[] } =
      JSON.parse(outcome.stdout);
    expect([bundle.units.length, bundle.deferred, bundle.failed]).toEqual([35, [], []]);
    expect(bundle.units.filter(({ tainted }) => !tainted).length).toBeLessThanOrEqual(2);
    expect(await project.terrace(['approve', place], env)).toMatchObject({ code: 3, stderr: expect.stringContaining('E6009') });
  }, 900_000);

test('both regions are deployed in the order of their dependencies, the standby side after what it copies', async () => {
  const report = await deploy('olechka/production');
  expect(report.problems).toEqual([]);
  expect(report.code).toBe(0);
  const round = Object.fromEntries(report.units.map((unit) => [unit.unit, unit.round]));
  const after = (later: string, earlier: string) =>
    expect([later, (round[`olechka/production/${later}`] ?? 0) > (round[`olechka/production/${earlier}`] ?? 99)]).toEqual([later, true]);
  after('ap-southeast-1/security/kms', 'eu-central-1/security/kms');
  after('eu-central-1/security/secrets', 'ap-southeast-1/security/kms');
  after('ap-southeast-1/security/secrets', 'eu-central-1/security/secrets');
  after('ap-southeast-1/storage/aurora', 'eu-central-1/storage/aurora');
  after('eu-central-1/storage/s3-artifacts', 'ap-southeast-1/storage/s3-artifacts');
  after('eu-central-1/compute/ecr', 'ap-southeast-1/compute/ecr');
  expect(report.units).toHaveLength(35);
  expect(withStatus(report, 'unchanged')).toEqual(['olechka/production/global/iam/github-oidc']);
}, 600_000);

test('a second plan changes nothing', async () => {
  const outcome = await project.terrace(['plan', 'olechka/production', '--detailed-exitcode', '--json'], env);
  expect([outcome.code, outcome.code === 0 ? '' : outcome.output]).toEqual([0, '']);
}, 600_000);

/** Units with a resource that cannot be destroyed. */
const protectedUnits = both('network/alb', 'security/kms', 'storage/aurora', 'storage/s3-artifacts', 'storage/s3-models');

test('destroying refuses each protected unit whole, keeps what it needs, and removes the rest', async () => {
  const report = await deploy(...regions, '--destroy');
  expect(report.code).toBe(1);
  expect(withStatus(report, 'failed')).toEqual(protectedUnits);
  for (const unit of protectedUnits) {
    const found = report.problems.find(({ place }) => place === unit)?.found;
    expect([unit, found]).toEqual([
      unit,
      expect.stringMatching(
        /Resource (aws_lb|aws_kms_key|aws_kms_replica_key|aws_rds_cluster|aws_s3_bucket)\.\S+ has\s+lifecycle\.prevent_destroy/,
      ),
    ]);
  }
  const kept = [...both('network/security-groups', 'network/vpc'), 'olechka/production/eu-central-1/security/secrets'].sort();
  expect(withStatus(report, 'deferred')).toEqual(kept);
  expect(withStatus(report, 'destroyed')).toEqual(
    project
      .model()
      .units.map(({ path }) => path)
      .filter(
        (path) =>
          regions.some((region) => path.startsWith(`${region}/`)) &&
          !path.endsWith('backend/state') &&
          !protectedUnits.includes(path) &&
          !kept.includes(path),
      )
      .sort(),
  );
}, 600_000);

test('after lifting the protections as docs/olechka.md says, a second run removes all but the states', async () => {
  for (const field of ['preventDestroy', 'deletionProtection'])
    project.edit('stacks/olechka/production/env.ts', new RegExp(`${field}: true`, 'g'), `${field}: false`);
  succeeded(await project.terrace(['synth', 'olechka/production']));
  expect((await deploy(...both('network/alb', 'storage/aurora'))).problems).toEqual([]);
  const report = await deploy(...regions, '--destroy');
  expect(report.problems).toEqual([]);
  expect((await deploy('olechka/production/global', '--destroy')).problems).toEqual([]);
  const {
    resources,
  }: { readonly resources: readonly { readonly type: string; readonly values: { readonly tags_all?: { readonly Unit?: string } } }[] } =
    JSON.parse(succeeded(await project.terrace(['sandbox', 'cloud', 'list', '--json'], env)).stdout);
  expect([...new Set(resources.flatMap(({ values }) => values.tags_all?.Unit ?? []))]).toEqual(['backend/state']);
  const state: { readonly resource: object } = JSON.parse(
    readFileSync(path.join(project.unit('olechka/production/eu-central-1/backend/state'), 'main.tf.json'), 'utf8'),
  );
  expect([...new Set(resources.map(({ type }) => type))].sort()).toEqual(Object.keys(state.resource).sort());
}, 600_000);
