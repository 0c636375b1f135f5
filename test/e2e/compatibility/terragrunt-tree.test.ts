import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect } from '@jest/globals';

import type { Model, UnitModel } from '../../../terrace/model/model';
import { inOrder } from '../../_helpers/in-order';
import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder } from '../../_helpers/sandbox';
import { run, succeeded } from '../../_helpers/scratch-project';
import { backendOf, Terragrunt, variablesOf, type FoundUnit } from '../../_helpers/terragrunt';
import { whereAvailable } from '../../_helpers/where-available';

const test = inOrder();

/** Real Terragrunt reads the synthesized tree of every system; nothing is planned here, so no cloud is needed. */
whereAvailable('terragrunt', (file) => {
  const out = temporaryFolder('terrace-live-');
  let model: Model;
  const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
  const terragrunt = new Terragrunt(file, Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TF_VAR_'))));

  beforeAll(async () => {
    succeeded(
      await run(process.execPath, [path.join(projectRoot, 'terrace/bin/terrace.js'), 'synth', '--out', out], { cwd: projectRoot, env }),
    );
    model = JSON.parse(readFileSync(path.join(out, 'synth.json'), 'utf8'));
  }, 600_000);

  afterAll(() => rmSync(out, { recursive: true, force: true }));

  const systems = (): readonly { readonly name: string; readonly units: readonly UnitModel[] }[] =>
    model.systems.map(({ name }) => ({ name, units: model.units.filter(({ system }) => system === name) }));

  describe('every system', () => {
    test('is formatted as Terragrunt formats', async () => {
      expect(await terragrunt.run(out, ['hcl', 'fmt', '--check'])).toMatchObject({ code: 0 });
    });

    test('is valid', async () => {
      for (const { name } of systems())
        expect([name, await terragrunt.run(path.join(out, name), ['hcl', 'validate'])]).toEqual([
          name,
          expect.objectContaining({ code: 0 }),
        ]);
    }, 600_000);

    test('has exactly the inputs that its units declare', async () => {
      // Terragrunt counts every TF_VAR_* as an input of every unit, so units with the same variables are validated together, with only those set.
      for (const { name, units } of systems()) {
        const groups = new Map<string, UnitModel[]>();
        for (const unit of units) {
          const variables = JSON.stringify(variablesOf(unit));
          groups.set(variables, [...(groups.get(variables) ?? []), unit]);
        }
        for (const group of groups.values()) {
          const [first] = group;
          if (first === undefined) continue;
          const filters = group.flatMap(({ path: unit }) => ['--filter', `./${unit.slice(name.length + 1)}`]);
          const { code, output } = await terragrunt.run(
            path.join(out, name),
            ['hcl', 'validate', '--inputs', '--strict', ...filters],
            variablesOf(first),
          );
          expect([name, code, code === 0 ? '' : output]).toEqual([name, 0, '']);
          expect(output.match(/All required inputs are passed in/g)).toHaveLength(group.length);
        }
      }
    }, 600_000);

    test('lacks an input when a required variable is not set', async () => {
      const unit = model.units.find((one) => Object.keys(variablesOf(one)).length > 0);
      if (unit === undefined) throw new Error('no unit has a required variable');
      const { code, output } = await terragrunt.run(path.join(out, unit.path), ['hcl', 'validate', '--inputs', '--strict']);
      expect(code).not.toBe(0);
      for (const name of Object.keys(variablesOf(unit))) expect(output).toContain(name.replace('TF_VAR_', ''));
    });

    test('has the units and the edges of terrace graph, in an order that respects them', async () => {
      for (const { name, units } of systems()) {
        const { stdout } = succeeded(await terragrunt.run(path.join(out, name), ['find', '--dag', '--json', '--dependencies']));
        const found: readonly FoundUnit[] = JSON.parse(stdout);
        expect(found.map((one) => `${name}/${one.path}`).sort()).toEqual(units.map((one) => one.path));
        const graph: { edges: readonly { from: string; to: string }[] } = JSON.parse(
          succeeded(
            await run(process.execPath, [path.join(projectRoot, 'terrace/bin/terrace.js'), 'graph', name, '--json'], {
              cwd: projectRoot,
              env,
            }),
          ).stdout,
        );
        const edges = found.flatMap((one) => (one.dependencies ?? []).map((other) => `${name}/${one.path} -> ${name}/${other}`));
        expect(edges.sort()).toEqual(graph.edges.map(({ from, to }) => `${from} -> ${to}`).sort());
        const positions = new Map(found.map((one, index) => [one.path, index]));
        for (const one of found)
          for (const other of one.dependencies ?? []) expect(positions.get(other)).toBeLessThan(positions.get(one.path) ?? -1);
      }
    }, 600_000);

    test('renders the same backend as the JSON, unit by unit', async () => {
      for (const { name, units } of systems()) {
        succeeded(await terragrunt.run(path.join(out, name), ['render', '--all', '--json', '--write', '--non-interactive']));
        for (const unit of units) {
          const rendered: { remote_state: { backend: string; config: unknown; generate: unknown } } = JSON.parse(
            readFileSync(path.join(out, unit.path, 'terragrunt.rendered.json'), 'utf8'),
          );
          expect([unit.path, rendered.remote_state.backend, rendered.remote_state.config, rendered.remote_state.generate]).toEqual([
            unit.path,
            's3',
            backendOf(path.join(out, unit.path)),
            null,
          ]);
        }
      }
    }, 600_000);

    test('keeps what may not be destroyed out of run --all', () => {
      const bootstrap = model.units.filter((unit) => unit.bootstrap);
      expect(bootstrap.length).toBeGreaterThan(0);
      for (const unit of bootstrap) {
        const rendered: { exclude: unknown } = JSON.parse(readFileSync(path.join(out, unit.path, 'terragrunt.rendered.json'), 'utf8'));
        expect(rendered.exclude).toMatchObject({ if: true, actions: ['apply', 'destroy'] });
      }
    });
  });
});
