import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { judgeUnit } from '../../terrace/delivery/judgement/judge-unit';
import { loadTree, type Tree } from '../../terrace/delivery/tree/load-tree';
import { contentDigest } from '../../terrace/model/content-digest';
import { parseShape, shapeText } from '../../terrace/rehearse/shape/shape';
import { projectRoot } from '../_helpers/project-root';
import { unfitting } from '../_helpers/published-schema';
import { rehearsedSystems } from '../_helpers/rehearsed-systems';
import { temporaryFolder } from '../_helpers/sandbox';
import { terraceCli } from '../_helpers/terrace-cli';

const folder = temporaryFolder('terrace-shapes-');
let tree: Tree;
beforeAll(async () => {
  const { code, stderr } = await terraceCli(['synth', '--include-planned', '--out', folder]);
  if (code !== 0) throw new Error(stderr);
  tree = loadTree(folder);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const textOf = (system: string): string => readFileSync(path.join(projectRoot, 'shapes', `${system}.shape.json`), 'utf8');

describe.each(rehearsedSystems)('the committed shape of $system', ({ system, selector }) => {
  test('fits its schema and is canonical: one line a unit and one a resource', async () => {
    const text = textOf(system);
    expect(await unfitting('shape.v1.json', JSON.parse(text))).toEqual([]);
    const shape = await parseShape(text, system);
    expect(shapeText(shape) === text).toBe(true);
    expect(text.split('\n')).toHaveLength(shape.units.length + shape.resources.length + 6);
  });

  test('holds every unit of the source, and most as their files are now: npm run shapes takes it again', async () => {
    const shape = await parseShape(textOf(system), system);
    const held = shape.units.map(({ unit }) => unit);
    const own = tree.model.units.filter(({ path: unit }) => unit.startsWith(`${selector}/`));
    expect(held).toEqual(expect.arrayContaining(own.filter(({ bootstrap }) => !bootstrap).map((unit) => unit.path)));
    expect(own.map((unit) => unit.path)).toEqual(expect.arrayContaining(held));
    const older = shape.units.filter(({ unit, record }) => record?.files !== contentDigest(tree.files.get(unit) ?? new Map()));
    expect(older.length).toBeLessThanOrEqual(Math.max(2, held.length / 3));
  });
});

test('terraform may be started for every unit of every system', () => {
  const refused = tree.model.units.flatMap((unit) =>
    judgeUnit({ unit, files: tree.files.get(unit.path) ?? new Map(), addresses: {}, provisioners: true }),
  );
  expect(refused).toEqual([]);
});
