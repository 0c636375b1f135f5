import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { loadTree, type Tree } from '../../../terrace/delivery/tree/load-tree';
import { withDependents } from '../../../terrace/model/closure';
import { contentDigest } from '../../../terrace/model/content-digest';
import { partOf } from '../../../terrace/model/select';
import { parseShape, type Shape } from '../../../terrace/rehearse/shape/shape';
import { withVariables } from '../../../terrace/sandbox/environment/with-variables';
import { findTerraform } from '../../../terrace/terraform/binary';
import { runTerraform } from '../../../terrace/terraform/run';
import { canariesOf, leaksIn } from '../../_helpers/canaries';
import { projectRoot } from '../../_helpers/project-root';
import {
  destroySomething,
  downOf,
  outside,
  rehearsedSystems,
  rehearseTree,
  withoutDerived,
  type RehearsedSystem,
} from '../../_helpers/rehearsed-systems';
import { scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';
import { full } from '../../_helpers/where-available';

let project: ScratchProject;
let tree: Tree;
beforeAll(async () => {
  project = scratchProject();
  succeeded(await project.terrace(['synth', '--include-planned']));
  tree = loadTree(path.join(project.root, 'live'));
}, 300_000);
afterAll(async () => {
  await project.terrace(['sandbox', 'end', '--all']);
  await project.dispose();
});

const shapeOf = (system: string): string => path.join(projectRoot, 'shapes', `${system}.shape.json`);
const read = async (file: string): Promise<Shape> => parseShape(readFileSync(file, 'utf8'), file);

/** Units whose files are those that were applied. */
function unchangedUnits({ units }: Shape): readonly string[] {
  return units
    .filter(({ unit, record }) => record !== null && record.files === contentDigest(tree.files.get(unit) ?? new Map()))
    .map(({ unit }) => unit);
}

/** Units that a change concerns: its own, those that the source has changed or added since the shape was taken, and whoever reads one of these. */
function concernedBy({ unit: changed, selector }: RehearsedSystem, shape: Shape): ReadonlySet<string> {
  const [unchanged, held, within] = [new Set(unchangedUnits(shape)), new Set(shape.units.map(({ unit }) => unit)), partOf([selector])];
  const older = shape.units.flatMap(({ unit, record }) => (record !== null && !unchanged.has(unit) ? [unit] : []));
  const newer = tree.model.units.flatMap(({ path: unit, bootstrap }) => (!bootstrap && within(unit) && !held.has(unit) ? [unit] : []));
  return new Set(withDependents(tree.model.units, [changed, ...older, ...newer]).map(({ path: unit }) => unit));
}

describe.each(rehearsedSystems)('the committed shape of $system', (one) => {
  const { system, selector } = one;

  test('is seeded whole; terraform alone plans nothing there; a shape taken there holds the same resources and none of its secrets', async () => {
    const shape = await read(shapeOf(system));
    const live = path.join(project.root, 'live');
    const dir = path.join(project.root, '.sandbox', 'forks', system);
    succeeded(await project.terrace(['sandbox', 'fork', system, '--empty'], outside()));
    const seeded = await project.terrace(['sandbox', 'seed', shapeOf(system), '--dir', dir, '--tree', live, '--json'], outside());
    expect(JSON.parse(succeeded(seeded).stdout)).toMatchObject({ resources: shape.resources.length, unseeded: [], incomplete: [] });
    const inside = async (...where: readonly string[]): Promise<NodeJS.ProcessEnv> => {
      const entered = await project.terrace(['sandbox', 'env', '--dir', dir, '--include-planned', ...where, '--json'], outside());
      return withVariables(outside(), JSON.parse(succeeded(entered).stdout).variables);
    };
    const account = tree.model.systems.find(({ name }) => name === system)?.environments[0]?.stateAccount ?? '';

    const again = path.join(project.root, `${system}-again.shape.json`);
    const env = { ...(await inside('--account', account)), TERRACE_SHAPE_KEY: 'not the key of the committed shape' };
    succeeded(await project.terrace(['state', 'shape', selector, '--include-planned', '--tree', live, '--out', again], env));
    const taken = await read(again);
    const places = ({ resources }: Shape): readonly string[] => resources.map(({ unit, address }) => `${unit} ${address}`);
    expect(places(taken)).toEqual(places(shape));
    const canaries = canariesOf(shape, tree.model);
    // What is looked for is there, so that it would be found.
    expect([canaries.length > 0, leaksIn(readFileSync(shapeOf(system), 'utf8'), canaries)]).toEqual([true, canaries]);
    expect(leaksIn(readFileSync(again, 'utf8'), canaries)).toEqual([]);

    // Of every other unit the rehearsal says it, at its end; `npm run matrices` asks terraform of all of them here.
    const concerned = concernedBy(one, shape);
    const changed: string[] = [];
    for (const unit of unchangedUnits(shape).filter((path_) => full || concerned.has(path_))) {
      const own = await inside('--unit', unit);
      const binary = await findTerraform(own);
      for (const args of [['init'], ['plan', '-detailed-exitcode']]) {
        const done = await runTerraform(binary, { cwd: project.unit(unit), args: [...args, '-input=false', '-no-color'], env: own });
        if (done.exitCode !== 0) changed.push(`${unit} ${args[0] ?? ''}\n${done.stdout}${done.stderr}`);
      }
    }
    expect(changed).toEqual([]);
    succeeded(await project.terrace(['sandbox', 'end', system], outside()));
  }, 1_800_000);

  test('is what a destructive change is rehearsed on, and every unit plans nothing then', async () => {
    const shape = await read(shapeOf(system));
    const changed = path.join(project.root, `${system}-changed`);
    cpSync(path.join(project.root, 'live'), changed, { recursive: true, filter: (file) => path.basename(file) !== '.terraform' });
    const address = destroySomething(changed, one);
    const { code, report } = await rehearseTree(project, shapeOf(system), changed, one.rehearsed ?? selector);
    expect(report.problems).toEqual([]);
    const { rounds, left, last } = report.forth;
    const failed = rounds.flatMap(({ units }) => units.filter(({ status }) => status === 'failed' || status === 'skipped'));
    expect({ failed, left, changed: last?.changed }).toEqual({ failed: [], left: [], changed: [] });
    expect([code, report.outcome]).toEqual([2, 'findings']);
    expect(report.seeded).toMatchObject({ unseeded: [], incomplete: [] });
    if (withoutDerived.includes(system)) expect(report.seeded.derived).toEqual([]);
    expect(downOf(report)).toContain(`${one.change === undefined ? 'delete' : 'replace'} ${address} in ${one.unit}`);
    const concerned = concernedBy(one, shape);
    expect(report.affected.filter(({ unit }) => !concerned.has(unit))).toEqual([]);
    const within = partOf([one.rehearsed ?? selector]);
    expect(report.forth.last?.units).toBeGreaterThanOrEqual(
      shape.units.filter(({ unit, record }) => record !== null && within(unit)).length,
    );
  }, 1_800_000);
});
