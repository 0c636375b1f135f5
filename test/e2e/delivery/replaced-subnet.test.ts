import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';

const test = inOrder();

const region = 'olechka/dev/eu-central-1';
const vpc = `${region}/network/vpc`;
const cache = `${region}/storage/elasticache`;

let project: ScratchProject;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  project = scratchProject();
  project.git('init', '--quiet', '--initial-branch=main');
  project.git('add', '--all');
  project.git('commit', '--quiet', '--message', 'base');
  succeeded(await project.terrace(['synth', region]));
  const { stateAccount } = project.model().systems[0]?.environments.find((one) => one.name === 'dev') ?? { stateAccount: '' };
  env = await project.sandbox(stateAccount);
  succeeded(await project.terrace(['backend', 'bootstrap', 'olechka/dev', '--yes'], env));
  succeeded(
    await project.terrace(
      ['deploy', vpc, cache, `${region}/network/security-groups`, `${region}/security/kms`, `${region}/security/secrets`, '--auto-approve'],
      env,
    ),
  );
}, 600_000);
afterAll(() => project.dispose());

interface Shown {
  readonly units: readonly { readonly unit: string; readonly unchanged: boolean; readonly actions: { readonly replace: number } }[];
  readonly deferred: readonly { readonly unit: string; readonly outputs: readonly string[] }[];
}

const only = [vpc, cache];

test('a change of envcommon/network.ts that replaces subnets goes through affected and as many waves as needed, and ends in no changes', async () => {
  project.edit('envcommon/network.ts', "name: 'cache', octet: 211", "name: 'cache', octet: 221");
  const affected = JSON.parse(succeeded(await project.terrace(['affected', '--base', 'main', region, '--json'], env)).stdout);
  const found: Record<string, string> = Object.fromEntries(
    affected.units.map((one: { readonly unit: string; readonly change: string }) => [one.unit, one.change]),
  );
  expect([found[vpc], found[cache]]).toEqual(['changed', 'dependent']);
  project.git('commit', '--quiet', '--all', '--message', 'move the cache subnets');

  const rounds: (readonly string[])[] = [];
  for (let round = 1; round <= 5; round++) {
    const bundle = path.join(project.root, '.terrace', `round-${round}`);
    const planned = succeeded(
      await project.terrace(['plan', ...only, '--base', 'main~1', '--round', String(round), '--out', bundle, '--json'], env),
    );
    const shown: Shown = JSON.parse(planned.stdout);
    if (round === 1) {
      expect(shown.units.find((one) => one.unit === vpc)?.actions.replace).toBeGreaterThan(0);
      expect(shown.deferred).toMatchObject([{ unit: cache, outputs: ['cache_subnet_ids'] }]);
    }
    succeeded(await project.terrace(['approve', bundle], env));
    succeeded(await project.terrace(['apply', bundle], env));
    rounds.push(shown.units.filter((one) => !one.unchanged).map((one) => one.unit));
    if (shown.deferred.length === 0) break;
  }
  expect(rounds).toEqual([[vpc], [cache]]);
  const again = await project.terrace(['plan', ...only, '--detailed-exitcode', '--out', path.join(project.root, '.terrace', 'again')], env);
  expect([again.code, again.stdout.includes('2 units, no changes')]).toEqual([0, true]);
}, 600_000);

test('what was changed by hand in the cloud is drift, with what and where, and exit 2', async () => {
  const cloud = path.join(project.root, '.sandbox', 'cloud');
  const files = readdirSync(cloud, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(cloud, name));
  const file = files.find(
    (name) => /"aws_elasticache_replication_group"/.test(readFileSync(name, 'utf8')) || name.includes('aws_elasticache_replication_group'),
  );
  if (file === undefined) throw new Error('no replication group in the cloud folder');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/"description":\s*"[^"]*"/, '"description":"changed by hand"'));
  const drift = await project.terrace(['drift', ...only, '--json'], env);
  const units: readonly {
    readonly unit: string;
    readonly status: string;
    readonly resources: readonly { readonly attributes: readonly { readonly path: string; readonly after: unknown }[] }[];
  }[] = JSON.parse(drift.stdout).units;
  expect([drift.code, units.map((one) => one.status)]).toEqual([2, ['clean', 'drifted']]);
  expect(units[1]?.resources[0]?.attributes).toMatchObject([{ path: 'description', after: 'changed by hand' }]);
  const markdown = await project.terrace(['drift', ...only, '--markdown'], env);
  expect(markdown.stdout).toContain('| `description` |');
}, 600_000);
