import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { run, scratchProject, succeeded, words, type Outcome, type ScratchProject } from '../../_helpers/scratch-project';
import { makeStateBackend, testAccount } from '../../_helpers/state-backend';

const test = inOrder();

/** Real cdktf on the synthesized stacks of one region. */
const region = 'olechka/dev/eu-central-1';
const stack = (unit: string): string => `${region}/${unit}`.replaceAll('/', '-');
const network = ['network/alb', 'network/endpoints', 'network/security-groups', 'network/vpc'] as const;
let project: ScratchProject;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  project = scratchProject();
  succeeded(await project.terrace(['synth', region]));
  env = await project.sandbox(testAccount);
  await makeStateBackend(env);
}, 600_000);

afterAll(() => project.dispose());

/** cdktf on the stacks that Terrace wrote; `--skip-provider-lock`, since it asks the provider registry otherwise. */
function cdktf(...args: readonly string[]): Promise<Outcome> {
  return project.cdktf([...args, '--skip-synth', '--skip-provider-lock'], env);
}

/** Exit code of `terraform plan -detailed-exitcode` in the unit's folder of the live tree. */
async function planned(unit: string): Promise<number> {
  const options = { cwd: project.unit(`${region}/${unit}`), env };
  succeeded(await run('terraform', ['init', '-input=false'], options));
  return (await run('terraform', ['plan', '-detailed-exitcode', '-input=false'], options)).code;
}

test('cdktf synthesizes through the app and lists the same stacks as terrace', async () => {
  // It breaks long names over two lines of a table; their beginnings are enough.
  const { stdout } = succeeded(await project.cdktf(['list'], env));
  const listed = [...(stdout.match(/^[a-z][\w-]+(?= +cdktf\.out)/gm) ?? [])].sort();
  const all: { units: readonly { stackId: string }[] } = JSON.parse(succeeded(await project.terrace(['list', '--json'], env)).stdout);
  const stacks = all.units.map(({ stackId }) => stackId).sort();
  expect(listed).toEqual(stacks.map((id, index) => id.slice(0, listed[index]?.length)));
  expect(stacks).toContain(stack('network/vpc'));
}, 600_000);

test('a pattern that leaves a dependency out is refused with its name', async () => {
  const refused = await cdktf('deploy', `${stack('network')}-*`, '--parallelism', '2', '--auto-approve');
  expect(refused.code).not.toBe(0);
  expect(words(refused)).toContain(`not included in the stacks to run: ${stack('security/kms')}`);
}, 600_000);

test('with the dependency named too, deploy brings everything up in the right order', async () => {
  succeeded(await cdktf('deploy', stack('security/kms'), `${stack('network')}-*`, '--parallelism', '2', '--auto-approve'));
  for (const unit of ['security/kms', ...network]) expect([unit, await planned(unit)]).toEqual([unit, 0]);
}, 600_000);

test('diff says that there is nothing to change, output gives what terraform gives', async () => {
  expect(words(succeeded(await cdktf('diff', stack('network/vpc'))))).toContain('No changes.');
  const file = path.join(project.root, 'outputs.json');
  succeeded(await cdktf('output', stack('network/vpc'), '--outputs-file', file));
  const given: Record<string, Record<string, unknown>> = JSON.parse(readFileSync(file, 'utf8'));
  const { stdout } = succeeded(await run('terraform', ['output', '-json'], { cwd: project.unit(`${region}/network/vpc`), env }));
  const terraform: Record<string, { value: unknown; sensitive: boolean }> = JSON.parse(stdout);
  const outputs = Object.fromEntries(
    Object.entries(terraform)
      .filter(([, { sensitive }]) => !sensitive)
      .map(([name, { value }]) => [name, value]),
  );
  expect(Object.keys(outputs).length).toBeGreaterThan(0);
  expect(given[stack('network/vpc')]).toEqual(outputs);
}, 600_000);

test('a dependency that stands already is left out with --ignore-missing-stack-dependencies', async () => {
  succeeded(await cdktf('deploy', stack('network/vpc'), '--ignore-missing-stack-dependencies', '--auto-approve'));
  expect(await planned('network/vpc')).toBe(0);
}, 600_000);

test('destroy of the pattern is refused while dependents exist in the tree, and removes exactly it with the flag', async () => {
  const refused = await cdktf('destroy', `${stack('network')}-*`, '--auto-approve');
  expect(refused.code).not.toBe(0);
  expect(words(refused)).toContain('dependant stacks are not included');
  // With the flag cdktf ignores every dependency and goes by the order of the stacks: one after the other.
  const ordered = ['network/alb', 'network/endpoints', 'network/security-groups', 'network/vpc'].map(stack);
  succeeded(await cdktf('destroy', ...ordered, '--parallelism', '1', '--ignore-missing-stack-dependencies', '--auto-approve'));
  expect(await planned('network/vpc')).toBe(2);
  expect(await planned('security/kms')).toBe(0);
}, 600_000);

test('list and synth work the first time after units were renamed and systems were removed', async () => {
  const main =
    "import type { Project } from 'terrace';\nimport { olechka } from './stacks/olechka/system';\nexport const project: Project = { systems: { olechka: async () => olechka } };\n";
  writeFileSync(path.join(project.root, 'main.ts'), main);
  project.edit('stacks/olechka/system.ts', "'monitoring/xray': XrayUnit", "'monitoring/tracing': XrayUnit");
  const { stdout } = succeeded(await project.cdktf(['list'], env));
  expect([stdout.includes(stack('monitoring/tracing').slice(0, 30)), stdout.includes(stack('monitoring/xray'))]).toEqual([true, false]);
  project.edit('stacks/olechka/system.ts', "'monitoring/tracing': XrayUnit", "'monitoring/xray': XrayUnit");
  succeeded(await project.cdktf(['synth'], env));
  expect(existsSync(path.join(project.root, 'cdktf.out', 'stacks', stack('monitoring/tracing')))).toBe(false);
  expect(existsSync(path.join(project.root, 'cdktf.out', 'stacks', stack('monitoring/xray')))).toBe(true);
}, 600_000);
