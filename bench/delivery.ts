import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { synthesize } from '../terrace/cli/project';
import { compareTrees } from '../terrace/delivery/affected/compare';
import { loadTree } from '../terrace/delivery/tree/load-tree';
import { runInOrder } from '../terrace/delivery/terraform/pool';
import type { Model, UnitModel } from '../terrace/model/model';
import { projectRoot } from './project-root';
import { startSandbox } from '../terrace/sandbox/control';
import { findTerraform } from '../terrace/terraform/binary';
import { runTerraform } from '../terrace/terraform/run';

import { median, type Figure, type Suite } from './figures';
import { measureTree, terragruntPath, type Measured } from './processes';

const part = 'olechka/dev/eu-central-1';
const rounds = 3;

/** Planning one region as bare terraform, as Terrace and as Terragrunt, on one tree in one sandbox; and affected over a thousand units. */
export const suite: Suite = {
  name: 'delivery',
  run: async () => {
    const work = mkdtempSync(path.join(tmpdir(), 'terrace-bench-'));
    const sandbox = await startSandbox({ dir: path.join(work, 'sandbox'), project: projectRoot });
    try {
      const live = path.join(work, 'live');
      await synthesize(projectRoot, { selectors: [part], out: live });
      const env: NodeJS.ProcessEnv = Object.fromEntries(
        Object.entries({ ...process.env, ...sandbox.environment({ model: loadTree(live).model }) }).filter(([, value]) => value !== ''),
      );
      const terrace = (...args: readonly string[]): Promise<Measured> =>
        measureTree(process.execPath, [path.join(projectRoot, 'terrace', 'bin', 'terrace.js'), ...args], { env });
      await terrace('backend', 'bootstrap', part.split('/').slice(0, 2).join('/'), '--yes');
      await terrace('deploy', part, '--tree', live, '--auto-approve', '--out', path.join(work, 'deployed'));
      return [...(await plans(work, live, env, terrace)), ...affectedFigures(live)];
    } finally {
      await sandbox.stop();
      rmSync(work, { recursive: true, force: true });
    }
  },
};

async function plans(
  work: string,
  live: string,
  env: NodeJS.ProcessEnv,
  terrace: (...args: readonly string[]) => Promise<Measured>,
): Promise<readonly Figure[]> {
  const units = loadTree(live).model.units.filter((unit) => !unit.bootstrap);
  const parallel = 2;
  const bareSeconds: number[] = [];
  const own: Measured[] = [];
  const grunt = new Map<number, Measured[]>([
    [2, []],
    [4, []],
  ]);
  const terragrunt = terragruntPath();
  const cold: { bare: number; own: number } = { bare: 0, own: 0 };
  for (let round = 0; round <= rounds; round++) {
    const bare = await barePlans(path.join(work, `bare-${round}`), live, units, parallel, env);
    const planned = await terrace('plan', part, '--tree', live, '--parallel', String(parallel), '--out', path.join(work, `plan-${round}`));
    if (round === 0) [cold.bare, cold.own] = [bare, planned.seconds];
    else {
      bareSeconds.push(bare);
      own.push(planned);
      // In the same rounds as the others, so that whatever else the machine does falls on all of them.
      if (terragrunt !== undefined)
        for (const [at, measured] of grunt)
          measured.push(await terragruntPlan(terragrunt, path.join(work, `grunt-${at}-${round}`), live, at, env));
    }
  }
  const [bare, seconds, megabytes] = [median(bareSeconds), median(own.map((one) => one.seconds)), median(own.map((one) => one.megabytes))];
  return [
    { name: `bare init, plan, show of ${units.length} units, ${parallel} at once`, value: bare, unit: 's' },
    { name: 'terrace plan of the same', value: seconds, unit: 's' },
    { name: 'terrace plan as a part of bare', value: seconds / bare, unit: '×', limit: 0.75 },
    { name: 'the first of each, bare', value: cold.bare, unit: 's' },
    { name: 'the first of each, terrace', value: cold.own, unit: 's' },
    { name: 'peak memory of terrace plan with its children', value: megabytes, unit: 'MB' },
    ...terragruntFigures(grunt, seconds, megabytes),
  ];
}

function terragruntFigures(grunt: ReadonlyMap<number, readonly Measured[]>, seconds: number, megabytes: number): readonly Figure[] {
  const medians = [...grunt.values()]
    .filter((measured) => measured.length > 0)
    .map((measured) => ({ seconds: median(measured.map((one) => one.seconds)), megabytes: median(measured.map((one) => one.megabytes)) }));
  const best = medians.toSorted((a, b) => a.seconds - b.seconds)[0];
  if (best === undefined) return [];
  return [
    { name: 'terragrunt run --all plan, at its best parallelism', value: best.seconds, unit: 's' },
    { name: 'terrace plan as a part of terragrunt', value: seconds / best.seconds, unit: '×', limit: 0.5 },
    { name: 'memory as a part of terragrunt at that parallelism', value: megabytes / best.megabytes, unit: '×', limit: 0.6 },
  ];
}

async function terragruntPlan(
  terragrunt: string,
  copy: string,
  live: string,
  parallelism: number,
  env: NodeJS.ProcessEnv,
): Promise<Measured> {
  cpSync(live, copy, { recursive: true });
  const args = [
    'run',
    '--all',
    '--non-interactive',
    '--parallelism',
    String(parallelism),
    '--json-out-dir',
    path.join(copy, 'json'),
    '--out-dir',
    path.join(copy, 'plans'),
    'plan',
  ];
  const measured = await measureTree(terragrunt, args, { cwd: path.join(copy, part), env: { ...env, TG_TF_PATH: 'terraform' } });
  rmSync(copy, { recursive: true, force: true });
  return measured;
}

/** Plain terraform in copies of the units' folders, the same number at once. */
async function barePlans(
  folder: string,
  live: string,
  units: readonly UnitModel[],
  parallel: number,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const binary = await findTerraform(env);
  cpSync(live, folder, { recursive: true });
  const started = performance.now();
  await runInOrder(
    units.map((unit) => ({ path: unit.path, after: unit.dependencies.map((dependency) => dependency.unit) })),
    parallel,
    async (unit) => {
      const cwd = path.join(folder, unit.path);
      for (const args of [
        ['init', '-input=false', '-no-color'],
        ['plan', '-input=false', '-no-color', '-out=tfplan'],
        ['show', '-json', 'tfplan'],
      ]) {
        const { exitCode, stderr } = await runTerraform(binary, { cwd, args, env });
        if (exitCode !== 0) throw new Error(`${unit.path}: terraform ${args[0] ?? ''} ended with ${exitCode}\n${stderr}`);
      }
    },
  );
  const seconds = (performance.now() - started) / 1000;
  rmSync(folder, { recursive: true, force: true });
  return seconds;
}

/** `affected` after synthesis: the tree's units repeated until there are a thousand, every tenth of them changed. */
function affectedFigures(live: string): readonly Figure[] {
  const tree = loadTree(live);
  const copies = Math.ceil(1000 / tree.model.units.length);
  const rename = (name: string, copy: number): string => name.replace(/^[^/]+/, `system-${copy}`);
  const units = Array.from({ length: copies }, (_, copy) =>
    tree.model.units.map((unit) => ({
      ...unit,
      path: rename(unit.path, copy),
      system: `system-${copy}`,
      dependencies: unit.dependencies.map((one) => ({ ...one, unit: rename(one.unit, copy) })),
    })),
  ).flat();
  const model: Model = { ...tree.model, units };
  const files = new Map(
    units.map((unit) => [
      unit.path,
      tree.files.get(unit.path.replace(/^[^/]+/, part.split('/')[0] ?? '')) ?? new Map<string, Uint8Array>(),
    ]),
  );
  const changed = new Map(
    [...files].map(([name, content], index) => [
      name,
      index % 10 === 0 ? new Map([...content, ['main.tf.json', Buffer.from('{"locals":{"changed":1}}')] as const]) : content,
    ]),
  );
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    compareTrees({ model, files }, { model, files: changed });
    return (performance.now() - started) / 1000;
  });
  return [{ name: `affected over ${units.length} units, after synthesis`, value: median(times), unit: 's', limit: 1 }];
}
