import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { withVariables } from '../../../terrace/sandbox/environment/with-variables';
import { findTerraform } from '../../../terrace/terraform/binary';
import { runTerraform } from '../../../terrace/terraform/run';
import { projectRoot } from '../../_helpers/project-root';
import { destroySomething, downOf, outside, rehearsedSystems, rehearseTree, withoutDerived } from '../../_helpers/rehearsed-systems';
import { scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';
import { full } from '../../_helpers/where-available';

let project: ScratchProject;
beforeAll(() => {
  project = scratchProject();
}, 60_000);
afterAll(async () => {
  await project.terrace(['sandbox', 'end', '--all']);
  await project.dispose();
});

const shapeOf = (system: string): string => path.join(projectRoot, 'shapes', `${system}.shape.json`);

for (const one of rehearsedSystems.filter(({ system }) => full || system === 'tux'))
  test(`the committed shape of ${one.system} is seeded whole, a destructive change to it is rehearsed, and every unit plans nothing then`, async () => {
    const tree = path.join(project.root, `${one.system}-changed`);
    succeeded(await project.terrace(['synth', one.selector, '--include-planned', '--out', tree]));
    const address = destroySomething(tree, one);
    const { code, report } = await rehearseTree(project, shapeOf(one.system), tree);
    expect(report.problems).toEqual([]);
    expect([code, report.outcome]).toEqual([2, 'findings']);
    expect(report.seeded).toMatchObject({ unseeded: [], incomplete: [] });
    if (withoutDerived.includes(one.system)) expect(report.seeded.derived).toEqual([]);
    expect(downOf(report)).toContain(`${one.change === undefined ? 'delete' : 'replace'} ${address} in ${one.unit}`);
    expect(report.forth.last?.changed).toEqual([]);
  }, 900_000);

for (const { system, selector } of full ? rehearsedSystems : [])
  test(`terraform alone plans nothing in any unit of a sandbox that is seeded with the committed shape of ${system}`, async () => {
    succeeded(await project.terrace(['synth', selector, '--include-planned']));
    succeeded(await project.terrace(['sandbox', 'fork', system, '--empty'], outside()));
    const dir = path.join(project.root, '.sandbox', 'forks', system);
    const live = path.join(project.root, 'live');
    succeeded(await project.terrace(['sandbox', 'seed', shapeOf(system), '--dir', dir, '--tree', live], outside()));
    const { systems, units } = project.model();
    const account = systems.find(({ name }) => name === system)?.environments[0]?.stateAccount ?? '';
    const entered = await project.terrace(['sandbox', 'env', '--dir', dir, '--account', account, '--json'], outside());
    const env = withVariables(outside(), JSON.parse(succeeded(entered).stdout).variables);
    const binary = await findTerraform(env);
    const changed: string[] = [];
    for (const { path: unit } of units.filter((one) => one.path.startsWith(`${selector}/`) && !one.bootstrap))
      for (const args of [['init'], ['plan', '-detailed-exitcode']]) {
        const done = await runTerraform(binary, { cwd: project.unit(unit), args: [...args, '-input=false', '-no-color'], env });
        if (done.exitCode !== 0) changed.push(`${unit} ${args[0] ?? ''}\n${done.stdout}${done.stderr}`);
      }
    expect(changed).toEqual([]);
  }, 1_800_000);
