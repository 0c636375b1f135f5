import { expect, test } from '@jest/globals';

import { TerraceError } from '../../terrace/base/errors';
import { renderGraph } from '../../terrace/model/graph-text';
import { excludedEnvironments, excludedLines } from '../../terrace/model/planned';
import { synthesizeInMemory } from '../../terrace/synth/synthesize';
import { Environment } from '../../terrace/tree/environment';
import { buildTree, type Project } from '../../terrace/tree/project';
import { Region } from '../../terrace/tree/region';
import { demoProject, demoUnits, inTemporaryFolder } from '../_helpers/demo-project';

/** `demo/dev`, and `demo/production`, which is planned. */
const project: Project = demoProject({
  change: (system) => {
    const environment = new Environment(system, {
      environment: 'production',
      account: { id: '210987654321', name: 'production' },
      planned: true,
    });
    new Region(environment, { region: 'eu-central-1', awsRegion: 'eu-central-1' }, demoUnits);
  },
});

const build = (selectors: readonly string[], includePlanned?: boolean) =>
  inTemporaryFolder((scratch) =>
    buildTree(project, { selectors, scratch, commit: null, dirty: false, ...(includePlanned === undefined ? {} : { includePlanned }) }),
  );

const refused = async (selectors: readonly string[]): Promise<readonly unknown[]> => {
  const error: unknown = await build(selectors).catch((one: unknown) => one);
  if (!(error instanceof TerraceError)) throw new Error('nothing was refused');
  return [error.exitCode, ...error.problems.map(({ code, place }) => `${code} ${place}`)];
};

test('a planned environment is absent unless it is included, and then marked on each of its units', async () => {
  const without = await build([]);
  expect(without.catalogue.filter((path) => path.startsWith('demo/production/'))).toEqual([]);
  expect(without.model.units.some(({ environment }) => environment === 'production')).toBe(false);
  expect(excludedEnvironments(without.model)).toEqual(['demo/production']);
  const included = await build([], true);
  expect(included.model.units.map(({ environment, planned }) => [environment, planned])).toEqual([
    ...Array.from({ length: 3 }, () => ['dev', undefined]),
    ...Array.from({ length: 3 }, () => ['production', true]),
  ]);
  expect(excludedEnvironments(included.model)).toEqual([]);
});

test('a selector that names nothing but what is planned is refused with exit code 3, at whatever depth', async () => {
  expect(await refused(['demo/production'])).toEqual([3, 'E1208 demo/production']);
  expect(await refused(['demo/production/eu-central-1/network', 'demo/dev'])).toEqual([3, 'E1208 demo/production/eu-central-1/network']);
  expect(await refused(['demo/prod*'])).toEqual([3, 'E1208 demo/prod*']);
});

test('a star that names more than what is planned leaves it out, and an unknown environment stays unknown', async () => {
  expect((await build(['demo/*'])).selected.every((path) => path.startsWith('demo/dev/'))).toBe(true);
  expect(await refused(['demo/prodduction'])).toEqual([64, 'E1202 demo']);
});

test('the env.hcl of a planned environment says so, and no other does', async () => {
  const files = await inTemporaryFolder(
    async (scratch) =>
      (
        await synthesizeInMemory(project, {
          root: process.cwd(),
          selectors: [],
          scratch,
          commit: null,
          dirty: false,
          includePlanned: true,
        })
      ).files.live,
  );
  const text = (name: string): string | undefined => files.find(({ path }) => path === name)?.content.toString();
  expect(text('demo/production/env.hcl')).toMatch(/planned\s+= true/);
  expect(text('demo/dev/env.hcl')).not.toContain('planned');
});

test('graphs mark planned units: dashed in pictures, a word in text, a field in JSON', async () => {
  const { units } = (await build(['demo/production/eu-central-1/network'], true)).model;
  expect(renderGraph(units, 'text')).toContain('demo/production/eu-central-1/network/vpc (planned)');
  expect(renderGraph(units, 'dot')).toContain('"demo/production/eu-central-1/network/vpc" [style = "dashed"];');
  expect(renderGraph(units, 'mermaid')).toContain('"]:::planned\n  classDef planned stroke-dasharray: 5 5');
  expect(JSON.parse(renderGraph(units, 'json')).nodes[0]).toMatchObject({ planned: true });
  expect(renderGraph((await build(['demo/dev'])).model.units, 'mermaid')).not.toContain('planned');
});

test('what was left out is said in one sentence', () => {
  expect(excludedLines()).toEqual([]);
  expect(excludedLines(['a/b'])).toEqual(['a/b is planned and left out (--include-planned)']);
  expect(excludedLines(['a/b', 'c/d'])).toEqual(['a/b, c/d are planned and left out (--include-planned)']);
});
