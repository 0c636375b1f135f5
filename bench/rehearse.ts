import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { synthesize } from '../terrace/cli/project';
import { loadTree } from '../terrace/delivery/tree/load-tree';
import { rehearse } from '../terrace/rehearse/rehearse';
import { parseShape } from '../terrace/rehearse/shape/shape';
import { createFork, endFork } from '../terrace/sandbox/forks';
import { withVariables } from '../terrace/sandbox/environment/with-variables';
import { startSandbox } from '../terrace/sandbox/control';
import { projectRoot } from './project-root';
import type { Figure, Suite } from './figures';
import { measureTree } from './processes';

const part = 'olechka/production';

/** Production of olechka, applied once: forking it, taking its shape, seeding a world with it, and rehearsing a change of it. */
export const suite: Suite = {
  name: 'rehearse',
  run: async () => {
    const work = mkdtempSync(path.join(tmpdir(), 'terrace-bench-'));
    const dir = path.join(work, 'sandbox');
    const sandbox = await startSandbox({ dir, project: projectRoot });
    const program = path.join(projectRoot, 'terrace', 'bin', 'terrace.js');
    try {
      const live = path.join(work, 'live');
      const { model } = await synthesize(projectRoot, { selectors: [part], out: live });
      const env = withVariables(process.env, sandbox.environment({ model, units: model.units }));
      const terrace = (...args: readonly string[]) => measureTree(process.execPath, [program, ...args], { env });
      await terrace('backend', 'bootstrap', part, '--yes');
      await terrace('deploy', part, '--tree', live, '--auto-approve', '--out', path.join(work, 'deployed'));
      const file = path.join(work, 'shape.json');
      const taken = await terrace('state', 'shape', part, '--tree', live, '--out', file);
      const shape = await parseShape(readFileSync(file, 'utf8'), file);
      const forked = await forkSeconds(dir);
      const tree = loadTree(live);
      const began = performance.now();
      const { seeded } = await rehearse({
        project: projectRoot,
        shape,
        head: { folder: live, ...tree },
        policies: async () => [],
        work: path.join(work, 'work'),
        out: path.join(work, 'out'),
      });
      const figures: readonly Figure[] = [
        { name: 'fork of a running sandbox', value: forked, unit: 's', limit: 1 },
        { name: `shape of ${shape.units.length} units, ${shape.resources.length} resources`, value: taken.seconds, unit: 's' },
        { name: 'world made and seeded', value: seeded.seconds, unit: 's', limit: 10 },
        { name: 'rehearsal with a last plan of every unit', value: (performance.now() - began) / 1000, unit: 's', limit: 60 },
      ];
      return figures;
    } finally {
      await sandbox.stop();
      rmSync(work, { recursive: true, force: true });
    }
  },
};

async function forkSeconds(from: string): Promise<number> {
  const began = performance.now();
  const fork = await createFork({ project: projectRoot, from });
  const seconds = (performance.now() - began) / 1000;
  await endFork(fork.dir);
  return seconds;
}
