import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, expect } from '@jest/globals';

import { base64Cores, formsOf } from '../../../terrace/delivery/masking/forms';
import { inOrder } from '../../_helpers/in-order';
import { unfitting } from '../../_helpers/published-schema';
import { destroySomething, downOf, rehearsedSystems, rehearseTree, withoutDerived } from '../../_helpers/rehearsed-systems';
import { scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';
import { full } from '../../_helpers/where-available';

const test = inOrder();

let project: ScratchProject | undefined;
afterAll(async () => {
  await project?.terrace(['sandbox', 'end', '--all']);
  await project?.dispose();
});

/** Texts that the states of a system mark as sensitive, that are long enough to be looked for, and that are not the open id of something. */
function markedTexts(states: readonly string[]): readonly string[] {
  const texts = new Set<string>();
  const ids = new Set<unknown>();
  for (const state of states) {
    const {
      resources,
    }: { resources: { instances: { attributes: Record<string, unknown>; sensitive_attributes?: { value: string }[][] }[] }[] } =
      JSON.parse(state);
    for (const { attributes, sensitive_attributes = [] } of resources.flatMap(({ instances }) => instances)) {
      if (!sensitive_attributes.some(([first]) => first?.value === 'id')) ids.add(attributes['id']);
      for (const [first] of sensitive_attributes) {
        const value = first === undefined ? undefined : attributes[first.value];
        if (typeof value === 'string' && value.length >= 16 && !value.includes('/')) texts.add(value);
      }
    }
  }
  return [...texts].filter((text) => !ids.has(text));
}

test('every system has a case', () => {
  expect(rehearsedSystems.map(({ system }) => system).toSorted()).toEqual(['astra', 'astraler', 'olechka', 'pro-mata', 'tux']);
});

for (const one of full ? rehearsedSystems : [])
  test(`production of ${one.system} is shaped without a secret, seeded without a change, and a destructive change to it rehearsed`, async () => {
    project ??= scratchProject();
    const { root } = project;
    succeeded(await project.terrace(['start', one.selector, '--include-planned']));
    const account = project.model().systems.find(({ name }) => name === one.system)?.environments[0]?.stateAccount ?? '';
    const env = await project.sandbox(account);
    expect(succeeded(await project.terrace(['sandbox', 'cloud', 'list', '--made-up'], env)).stdout).toBe('no made-up values\n');
    const shape = path.join(root, `${one.system}.shape.json`);
    const live = path.join(root, 'live');
    succeeded(await project.terrace(['state', 'shape', one.selector, '--include-planned', '--tree', live, '--out', shape], env));
    const text = readFileSync(shape, 'utf8');
    expect(await unfitting('shape.v1.json', JSON.parse(text))).toEqual([]);
    const units = project.model().units.filter(({ path: unit }) => unit.startsWith(`${one.selector}/`));
    const states: string[] = [];
    for (const { path: unit } of units.filter(({ bootstrap }) => !bootstrap)) {
      const pulled = await project.terrace(['state', 'pull', unit, '--tree', live], env);
      if (pulled.code === 0) states.push(pulled.stdout);
    }
    const given = units.flatMap(({ variables }) =>
      variables.filter(({ sensitive }) => sensitive).flatMap(({ name }) => env[`TF_VAR_${name}`] ?? []),
    );
    const canaries = [...new Set([...given.filter((value) => value.length >= 12 && !/[/{]/.test(value)), ...markedTexts(states)])];
    // The first and last line of a key in PEM are in its stand-in too.
    const found = canaries.filter((canary) =>
      [...formsOf(canary), ...base64Cores(canary)].some((form) => !/^-----(?:BEGIN|END) [A-Z ]+-----$/.test(form) && text.includes(form)),
    );
    expect(found).toEqual([]);

    const still = path.join(root, `${one.system}-still`);
    cpSync(live, still, { recursive: true });
    const unchanged = await rehearseTree(project, shape, still);
    expect(unchanged.report.problems).toEqual([]);
    expect(unchanged.report.seeded).toMatchObject({ unseeded: [], incomplete: [] });
    expect([unchanged.report.affected, unchanged.report.forth.last, unchanged.code]).toMatchObject([
      [],
      { units: states.length, changed: [] },
      0,
    ]);
    if (withoutDerived.includes(one.system)) expect(unchanged.report.seeded.derived).toEqual([]);

    const tree = path.join(root, `${one.system}-changed`);
    cpSync(live, tree, { recursive: true });
    const address = destroySomething(tree, one);
    const { code, report } = await rehearseTree(project, shape, tree);
    expect(report.problems).toEqual([]);
    expect(code).toBe(2);
    expect(downOf(report)).toContain(`${one.change === undefined ? 'delete' : 'replace'} ${address} in ${one.unit}`);
    expect(report.forth.last).toMatchObject({ units: states.length, changed: [] });
  }, 1_800_000);
