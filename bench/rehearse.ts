import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { synthesize } from '../terrace/cli/project';
import { loadTree } from '../terrace/delivery/tree/load-tree';
import type { Rehearsal } from '../terrace/rehearse/rehearsal';
import { rehearse, type RehearseRequest } from '../terrace/rehearse/rehearse';
import { parseShape } from '../terrace/rehearse/shape/shape';
import { openWorld } from '../terrace/rehearse/world/world';
import { createFork, endFork } from '../terrace/sandbox/forks';
import { projectRoot } from './project-root';
import { median, type Figure, type Suite } from './figures';

const part = 'olechka/production';
const file = path.join(projectRoot, 'shapes', 'olechka.shape.json');
/** Unit whose target group gets another port, which replaces it and concerns four readers. */
const changedUnit = 'olechka/production/eu-central-1/network/alb';

/** Production of olechka as its committed shape has it: forking it, seeding a world with it, rehearsing no change and a change that replaces. */
export const suite: Suite = {
  name: 'rehearse',
  run: async () => {
    const work = mkdtempSync(path.join(tmpdir(), 'terrace-bench-'));
    try {
      const live = path.join(work, 'live');
      await synthesize(projectRoot, { selectors: [part], out: live });
      const shape = await parseShape(readFileSync(file, 'utf8'), file);
      const request = { project: projectRoot, shape, work: path.join(work, 'work') };
      const forks = await forkSeconds({ ...request, model: loadTree(live).model });
      const still = await rehearsed(request, live, path.join(work, 'still'));
      changePort(live);
      const changed = await rehearsed(request, live, path.join(work, 'changed'));
      const { report } = changed;
      const seeded = `${shape.units.length} units, ${shape.resources.length} resources`;
      const change = `${report.affected.length} units affected, ${report.forth.rounds.length} rounds`;
      const figures: readonly Figure[] = [
        { name: 'fork of a running sandbox that holds it', value: forks, unit: 's', limit: 1 },
        { name: `world made and seeded (${seeded})`, value: still.report.seeded.seconds, unit: 's', limit: 10 },
        { name: `rehearsal of no change, last plan of ${still.last} units`, value: still.wall, unit: 's', limit: 60 },
        { name: 'processor time of that rehearsal, all processes', value: still.cpu, unit: 's', limit: 120 },
        { name: `rehearsal of a change (${change}), last plan of ${changed.last} units`, value: changed.wall, unit: 's', limit: 60 },
        { name: 'processor time of that rehearsal, all processes', value: changed.cpu, unit: 's', limit: 120 },
        { name: 'cores that it had on the whole', value: changed.cpu / changed.wall, unit: '×' },
      ];
      return figures;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
};

interface Measured {
  readonly report: Rehearsal;
  /** Units of the last plan. */
  readonly last: number;
  /** Seconds by the clock, and of processors. */
  readonly wall: number;
  readonly cpu: number;
}

/** A rehearsal of the tree in a folder. Throws where something failed or is left to do. */
async function rehearsed(request: Pick<RehearseRequest, 'project' | 'shape' | 'work'>, live: string, out: string): Promise<Measured> {
  const head = { folder: live, ...loadTree(live) };
  const began = { wall: performance.now(), cpu: cpuSeconds() };
  const report = await rehearse({ ...request, head, policies: async () => [], out });
  const wall = (performance.now() - began.wall) / 1000;
  const { last } = report.forth;
  if (report.outcome === 'failed' || last === null) throw new Error(JSON.stringify(report.problems));
  return { report, last: last.units, wall, cpu: cpuSeconds() - began.cpu };
}

function changePort(live: string): void {
  const json = path.join(live, changedUnit, 'main.tf.json');
  const before = readFileSync(json, 'utf8');
  const after = before.replace(/("aws_lb_target_group":[\s\S]*?"port": ?)\d+/, (_, head: string) => `${head}9090`);
  if (after === before) throw new Error(`${changedUnit} has no target group with a port`);
  writeFileSync(json, after);
}

/** The middle of five forks, each with a daemon that answers. */
async function forkSeconds(request: Parameters<typeof openWorld>[0]): Promise<number> {
  const world = await openWorld(request);
  try {
    const seconds: number[] = [];
    for (let count = 0; count < 5; count++) {
      const began = performance.now();
      const fork = await createFork({ project: projectRoot, from: world.dir });
      seconds.push((performance.now() - began) / 1000);
      await endFork(fork.dir);
    }
    return median(seconds);
  } finally {
    await world.close();
  }
}

/** Processor time of this process and of all that it started and that have ended; NaN where /proc does not tell. */
function cpuSeconds(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    // proc(5): utime, stime, cutime and cstime are fields 14 to 17, in ticks of 1/100 s.
    return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? NaN), 0) / 100;
  } catch {
    return NaN;
  }
}
