import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';

import { compareTrees } from '../terrace/delivery/affected/compare';
import { loadTree } from '../terrace/delivery/tree/load-tree';
import { wavesOf } from '../terrace/model/waves';
import { generatedProject, type GeneratedProject } from './generated/project';
import { median, type Figure, type Suite } from './figures';
import { measureTree, terragruntPath, type Measured } from './processes';
import { projectRoot } from './project-root';
import { simulate, type Round } from './simulate';

/** Sizes of the generated trees, with the bars of each: seconds of a first synthesis, and megabytes of both processes. */
const sizes = [
  { units: 10, runs: 3 },
  { units: 100, runs: 3 },
  { units: 1000, runs: 3, seconds: 2, again: 0.6 },
  { units: 5000, runs: 1, seconds: 8 },
  { units: 10_000, runs: 1, seconds: 18, megabytes: 500 },
] as const;

/** Synthesis, comparison and order of generated trees of 100 to 10,000 units, and a round of 100,000 over 1,000 runners. */
export const suite: Suite = {
  name: 'scale',
  run: async () => {
    const figures: Figure[] = [];
    const first = new Map<number, number>();
    for (const size of sizes) {
      const project = generatedProject(size.units);
      try {
        const cold = await synthesized(project, size.runs, () => rmSync(path.join(project.root, 'live'), { recursive: true, force: true }));
        first.set(size.units, cold.seconds);
        const name = `${size.units.toLocaleString('en')} units synthesized`;
        figures.push(
          { name, value: cold.seconds, unit: 's', ...('seconds' in size ? { limit: size.seconds } : {}) },
          { name: `${name}, memory`, value: cold.megabytes, unit: 'MB', ...('megabytes' in size ? { limit: size.megabytes } : {}) },
          {
            name: `${name} again, one changed`,
            value: (await again(project, size.runs)).seconds,
            unit: 's',
            ...('again' in size ? { limit: size.again } : {}),
          },
          ...treeFigures(project, size.units),
        );
      } finally {
        project.dispose();
      }
    }
    const ratio = (great: number, small: number): number => (first.get(great) ?? NaN) / (first.get(small) ?? NaN) / (great / small);
    return [
      ...figures,
      { name: '1,000 units over 100, each unit', value: ratio(1000, 100), unit: '×', limit: 1 },
      { name: '5,000 units over 1,000, each unit', value: ratio(5000, 1000), unit: '×', limit: 1 },
      ...rounds(),
    ];
  },
};

async function synthesized(project: GeneratedProject, runs: number, before: () => void): Promise<Measured> {
  const measured: Measured[] = [];
  for (let run = 0; run < runs; run += 1) {
    before();
    measured.push(
      await measureTree(process.execPath, [path.join(projectRoot, 'terrace', 'bin', 'terrace.js'), 'synth'], { cwd: project.root }),
    );
  }
  return {
    seconds: median(measured.map(({ seconds }) => seconds)),
    megabytes: median(measured.map(({ megabytes }) => megabytes)),
  };
}

/** One unit has another value each time. */
async function again(project: GeneratedProject, runs: number): Promise<Measured> {
  let changed = false;
  return synthesized(project, runs, () => {
    changed = !changed;
    project.change(changed ? project.someUnit : undefined);
  });
}

/** What reads the tree: the waves of its units, and what a change of every tenth unit affects; beside terragrunt's own look at the same tree. */
function treeFigures(project: GeneratedProject, size: number): readonly Figure[] {
  const tree = loadTree(path.join(project.root, 'live'));
  const label = `${size.toLocaleString('en')} units`;
  const changed = new Map(
    [...tree.files].map(([name, content], index) => [
      name,
      index % 10 === 0 ? new Map([...content, ['main.tf.json', Buffer.from('{"locals":{"changed":1}}')] as const]) : content,
    ]),
  );
  const waves = timed(() => void wavesOf(tree.model.units));
  const affected = timed(() => void compareTrees(tree, { model: tree.model, files: changed }));
  const terragrunt = size === 5000 ? terragruntPath() : undefined;
  return [
    { name: `waves of ${label}`, value: waves, unit: 's', ...(size === 5000 ? { limit: 0.3 } : {}) },
    {
      name: `affected over ${label}`,
      value: affected,
      unit: 's',
      ...(size === 1000 ? { limit: 0.05 } : size === 10_000 ? { limit: 1 } : {}),
    },
    ...(terragrunt === undefined || !existsSync(terragrunt)
      ? []
      : [
          {
            name: `terragrunt find --dag of ${label}`,
            value: timed(
              () => void execFileSync(terragrunt, ['find', '--dag', '--json'], { cwd: path.join(project.root, 'live'), stdio: 'ignore' }),
              1,
            ),
            unit: 's',
          } as const,
        ]),
  ];
}

function timed(work: () => void, runs = 3): number {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    work();
    return (performance.now() - started) / 1000;
  });
  return median(times);
}

/** What docs/scale.md starts from: its sources stand there. */
export const bigRound: Round = {
  units: 100_000,
  runners: 1000,
  parallel: 4,
  startSeconds: 45,
  unitSeconds: 6,
  calls: 20,
  callsPerSecond: 20,
  accounts: 100,
  stateRequests: 6,
  lockWrites: 2,
  unitFails: 0.002,
  runnerDies: 0.01,
  seed: 1,
};

/** Rounds of 100,000 units over 1,000 runners; simulated, so these seconds are of the model and not of this machine. */
function rounds(): readonly Figure[] {
  const plan = simulate(bigRound);
  const apply = simulate({ ...bigRound, unitSeconds: 12, calls: 30, stateRequests: 20, lockWrites: 5 });
  const oneAccount = simulate({ ...bigRound, accounts: 1 });
  return [
    { name: 'simulated: 100,000 units planned by 1,000 runners', value: plan.seconds, unit: 's' },
    { name: 'simulated: the same applied', value: apply.seconds, unit: 's' },
    { name: 'simulated: planned in a single account', value: oneAccount.seconds, unit: 's' },
  ];
}
