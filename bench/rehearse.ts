import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { synthesize } from '../terrace/cli/project';
import { loadTree } from '../terrace/delivery/tree/load-tree';
import { rehearse } from '../terrace/rehearse/rehearse';
import { parseShape } from '../terrace/rehearse/shape/shape';
import { openWorld } from '../terrace/rehearse/world/world';
import { createFork, endFork } from '../terrace/sandbox/forks';
import { projectRoot } from './project-root';
import { median, type Figure, type Suite } from './figures';

const part = 'olechka/production';
const file = path.join(projectRoot, 'shapes', 'olechka.shape.json');

/** Production of olechka as its committed shape has it: forking it, seeding a world with it, planning all of it as a rehearsal does at its end. */
export const suite: Suite = {
  name: 'rehearse',
  run: async () => {
    const work = mkdtempSync(path.join(tmpdir(), 'terrace-bench-'));
    try {
      const live = path.join(work, 'live');
      await synthesize(projectRoot, { selectors: [part], out: live });
      const shape = await parseShape(readFileSync(file, 'utf8'), file);
      const head = { folder: live, ...loadTree(live) };
      const request = { project: projectRoot, shape, work: path.join(work, 'work') };
      const [forks, seeded] = [
        await forkSeconds({ ...request, model: head.model }),
        `${shape.units.length} units, ${shape.resources.length} resources`,
      ];
      const began = { wall: performance.now(), cpu: cpuSeconds() };
      const report = await rehearse({ ...request, head, policies: async () => [], out: path.join(work, 'out') });
      const wall = (performance.now() - began.wall) / 1000;
      const cpu = cpuSeconds() - began.cpu;
      const left = report.forth.last;
      if (report.problems.length > 0 || left === null) throw new Error(JSON.stringify(report.problems));
      const figures: readonly Figure[] = [
        { name: 'fork of a running sandbox that holds it', value: forks, unit: 's', limit: 1 },
        { name: `world made and seeded (${seeded})`, value: report.seeded.seconds, unit: 's', limit: 10 },
        { name: `rehearsal with a last plan of ${left.units} units`, value: wall, unit: 's', limit: 60 },
        { name: 'processor time of that rehearsal, all processes', value: cpu, unit: 's', limit: 120 },
        { name: 'cores that it had on the whole', value: cpu / wall, unit: '×' },
      ];
      return figures;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
};

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
