import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';
import { Terragrunt, type FoundUnit } from '../../_helpers/terragrunt';
import { whereAvailable } from '../../_helpers/where-available';

const test = inOrder();

/** Trees in the repository: what is committed, what `synth --check` says about it, and what Terragrunt's git filters make of it. */
let project: ScratchProject;
const liveTree = (value: string): void => project.edit('stacks/olechka/root.ts', /liveTree: (?:'\w+'|\{[^}]*\}),/, `liveTree: ${value},`);
const commit = (message: string): void => {
  project.git('add', '--all');
  project.git('commit', '-qm', message);
};
const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;

beforeAll(() => {
  project = scratchProject();
  project.git('init', '-q', '-b', 'main');
  project.git('config', 'user.name', 'test');
  project.git('config', 'user.email', 'test@example.com');
  liveTree("{ branch: 'live' }");
  commit('source');
});

afterAll(() => project.dispose());

test('an ignored tree is not published, nor is one of a source with uncommitted changes', async () => {
  expect(await project.terrace(['publish', 'tux'])).toMatchObject({ code: 64, stderr: expect.stringContaining('E4605') });
  project.edit('stacks/olechka/dev/env.ts', 'cpu: 85', 'cpu: 84');
  expect(await project.terrace(['publish', 'olechka'])).toMatchObject({ code: 3, stderr: expect.stringContaining('E4606') });
  project.edit('stacks/olechka/dev/env.ts', 'cpu: 84', 'cpu: 85');
}, 600_000);

test('a branch of its own is published, checked and found out of date when the source changes', async () => {
  expect(await project.terrace(['synth', 'olechka', '--check'])).toMatchObject({ code: 1, stderr: expect.stringContaining('E3303') });
  succeeded(await project.terrace(['publish']));
  expect(project.git('log', '-1', '--format=%(trailers:key=Terrace-Source,valueonly)', 'live')).toBe(project.git('rev-parse', 'main'));
  expect(project.git('status', '--porcelain')).toBe('');
  succeeded(await project.terrace(['synth', 'olechka', '--check']));
  expect(succeeded(await project.terrace(['publish', 'olechka', '--json'])).stdout).toContain('"unchanged"');
  project.edit('stacks/olechka/dev/env.ts', 'cpu: 85', 'cpu: 84');
  const outdated = await project.terrace(['synth', 'olechka', '--check']);
  expect([outdated.code, outdated.stdout]).toEqual([
    1,
    expect.stringContaining('olechka/dev/eu-central-1/monitoring/cloudwatch/main.tf.json'),
  ]);
  project.git('checkout', '-q', '--', '.');
}, 600_000);

test('a tree beside the source is committed where the source is, and checked against the disk', async () => {
  liveTree("'committed'");
  commit('commit the tree beside the source');
  succeeded(await project.terrace(['publish']));
  expect(project.git('ls-files', 'live/olechka/root.hcl')).toBe('live/olechka/root.hcl');
  expect(project.git('status', '--porcelain')).toBe('');
  succeeded(await project.terrace(['synth', 'olechka', '--check']));
}, 600_000);

whereAvailable('terragrunt', (file) => {
  test("Terragrunt's git filter selects at least the existing units that terrace affected selects", async () => {
    project.git('checkout', '-q', '-b', 'change');
    project.edit('stacks/olechka/dev/eu-central-1/region.ts', '10.0.0.0/16', '10.200.0.0/16');
    commit('move the network of dev');
    succeeded(await project.terrace(['publish']));
    const tree = path.join(project.root, 'live', 'olechka');
    const found: readonly FoundUnit[] = JSON.parse(
      succeeded(await new Terragrunt(file, env).run(tree, ['find', '--json', '--filter', '...[main...HEAD]'])).stdout,
    );
    // With a git filter its paths are those of the repository.
    const selected = new Set(found.map((one) => one.path.replace(/^live\//, '')));
    const affected: { units: readonly { unit: string; action?: string }[] } = JSON.parse(
      succeeded(await project.terrace(['affected', '--base', 'main', '--json'])).stdout,
    );
    const units = affected.units.map(({ unit }) => unit).filter((unit) => unit.startsWith('olechka/'));
    expect(units).toContain('olechka/dev/eu-central-1/network/vpc');
    expect(units.length).toBeGreaterThan(1);
    expect(units.filter((unit) => !selected.has(unit))).toEqual([]);
  }, 600_000);
});
