import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { findTerraform } from '../../../terrace/terraform/binary';
import { inOrder } from '../../_helpers/in-order';
import { temporaryFolder } from '../../_helpers/sandbox';
import { run, scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';
import { makeStateBackend, testAccount } from '../../_helpers/state-backend';
import { Terragrunt } from '../../_helpers/terragrunt';
import { whereAvailable } from '../../_helpers/where-available';

const test = inOrder();

/** `terragrunt run --all` over a whole region, in a copy of the tree beside which there is neither Terrace, nor Node.js, nor this repository. */
whereAvailable('terragrunt', (file) => {
  const region = 'dev/eu-central-1';
  const elsewhere = temporaryFolder('terrace-elsewhere-');
  const tree = path.join(elsewhere, 'olechka');
  const place = path.join(tree, region);
  let project: ScratchProject;
  let terragrunt: Terragrunt;
  let env: NodeJS.ProcessEnv;
  let units: readonly string[];

  beforeAll(async () => {
    project = scratchProject();
    succeeded(await project.terrace(['synth', 'olechka']));
    env = await project.sandbox(testAccount);
    await makeStateBackend(env);
    cpSync(path.join(project.root, 'live', 'olechka'), tree, { recursive: true });
    units = project
      .model()
      .units.filter((unit) => unit.path.startsWith(`olechka/${region}/`))
      .map((unit) => unit.path.slice(`olechka/${region}/`.length));
    // The programs that are there, and nothing else.
    const bin = path.join(elsewhere, 'bin');
    mkdirSync(bin);
    symlinkSync((await findTerraform()).path, path.join(bin, 'terraform'));
    env = { ...env, PATH: bin };
    terragrunt = new Terragrunt(file, env, path.join(bin, 'terraform'));
  }, 600_000);

  afterAll(async () => {
    rmSync(elsewhere, { recursive: true, force: true });
    await project.dispose();
  });

  const runAll = (...args: readonly string[]) =>
    terragrunt.run(place, ['run', '--all', '--non-interactive', '--parallelism', '2', '--', ...args]);

  test('the copy names no place outside of it', () => {
    const files = readdirSync(tree, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(units.length * 2);
    for (const entry of files) expect(readFileSync(path.join(entry.parentPath, entry.name), 'utf8')).not.toContain(project.root);
    expect(readdirSync(tree, { recursive: true, withFileTypes: true }).filter((entry) => entry.isSymbolicLink())).toEqual([]);
  });

  test('a plan on empty state fails at the first dependent, as in any Terragrunt tree', async () => {
    const { code, output } = await runAll('plan', '-input=false');
    expect(code).not.toBe(0);
    expect(output).toContain('Unable to find remote state');
  }, 600_000);

  test('apply brings up everything but the bootstrap unit; a plan then shows no change anywhere', async () => {
    const applied = succeeded(await runAll('apply', '-input=false', '-auto-approve'));
    expect(applied.output).toMatch(new RegExp(`Succeeded +${units.length - 1}\\s`));
    expect(applied.output).toMatch(/Excluded +1\s/);
    const planned = succeeded(await runAll('plan', '-input=false', '-lock=false'));
    expect(planned.output.match(/No changes\. Your infrastructure matches the configuration\./g)).toHaveLength(units.length - 1);
  }, 600_000);

  test('plain terraform in a unit of the copy sees no change, and neither does the tree it was copied from', async () => {
    for (const folder of [path.join(place, 'network/vpc'), project.unit(`olechka/${region}/network/vpc`)]) {
      succeeded(await run('terraform', ['init', '-input=false'], { cwd: folder, env }));
      expect((await run('terraform', ['plan', '-detailed-exitcode', '-input=false'], { cwd: folder, env })).code).toBe(0);
    }
  }, 600_000);

  test('destroy takes everything down in the opposite order, and leaves the backend', async () => {
    const destroyed = succeeded(await runAll('destroy', '-input=false', '-auto-approve'));
    expect(destroyed.output).toMatch(new RegExp(`Succeeded +${units.length - 1}\\s`));
    const verified = await project.terrace(['state', 'verify', `olechka/${region}`, '--json'], { ...env, PATH: process.env['PATH'] });
    const { states }: { states: readonly { unit: string; instances?: number }[] } = JSON.parse(succeeded(verified).stdout);
    expect(states.filter(({ instances }) => instances !== undefined && instances > 0)).toEqual([]);
    expect(states.filter(({ instances }) => instances === 0)).toHaveLength(units.length - 1);
    expect(existsSync(path.join(project.root, 'live/olechka/root.hcl'))).toBe(true);
  }, 600_000);
});
