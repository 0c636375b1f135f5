import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { checkTypes } from '../terrace/cli/types';
import { projectRoot } from './project-root';
import { median, type Figure, type Suite } from './figures';
import { measureProcess, type Measured } from './processes';

const runs = 5;

/** Cold start of the command line and synthesis of one region. */
export const suite: Suite = {
  name: 'cli',
  run: async () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'terrace-bench-'));
    try {
      const help = await repeated('list', '--help');
      const program = path.join(scratch, 'terrace.cjs');
      await measureProcess(process.execPath, [path.join(projectRoot, 'terrace', 'build', 'program.js'), '--out', program]);
      const [bare, oneFile] = [await measuredRuns('-e', '0'), await measuredRuns(program, '--help')];
      const stamp = await typeStamp();
      const list = await repeated('list');
      const region = await repeated('synth', 'olechka/dev/eu-central-1', '--out', path.join(scratch, 'region'));
      const tux = await repeated('synth', 'tux', '--out', path.join(scratch, 'tux'));
      const both = await repeated('synth', 'tux', 'pro-mata', '--out', path.join(scratch, 'both'));
      const whole = await repeated('synth', '--out', path.join(scratch, 'whole'));
      return [
        ...figures('terrace list --help', help, { seconds: 0.1 }),
        {
          name: 'terrace.cjs --help, above node -e 0',
          value: seconds(oneFile) - seconds(bare),
          unit: 's',
          limit: 0.1,
        },
        { name: 'types of all systems, when nothing changed', value: stamp, unit: 's', limit: 0.2 },
        ...figures('terrace list (all systems)', list),
        ...figures('terrace synth olechka/dev/eu-central-1', region, { seconds: 1, megabytes: 200 }),
        ...figures('terrace synth (all systems)', whole, { seconds: 2.5, megabytes: 300 }),
        { name: 'what pro-mata adds to a synthesis of tux', value: seconds(both) - seconds(tux), unit: 's', limit: 0.6 },
      ];
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};

/** Median time of finding out that types were compared before and nothing changed since. */
async function typeStamp(): Promise<number> {
  await checkTypes(projectRoot, []);
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now();
    await checkTypes(projectRoot, []);
    times.push((performance.now() - started) / 1000);
  }
  return median(times);
}

async function repeated(...args: readonly string[]): Promise<readonly Measured[]> {
  const terrace = path.join(projectRoot, 'terrace', 'bin', 'terrace.js');
  return measuredRuns(terrace, ...args);
}

/** Node with these words, several times after one that does not count. */
async function measuredRuns(...words: readonly string[]): Promise<readonly Measured[]> {
  await measureProcess(process.execPath, words);
  const measured: Measured[] = [];
  for (let run = 0; run < runs; run += 1) measured.push(await measureProcess(process.execPath, words));
  return measured;
}

const seconds = (measured: readonly Measured[]): number => median(measured.map((one) => one.seconds));

function figures(name: string, measured: readonly Measured[], limits: Partial<Measured> = {}): readonly Figure[] {
  return [
    {
      name,
      value: seconds(measured),
      unit: 's',
      ...(limits.seconds === undefined ? {} : { limit: limits.seconds }),
    },
    {
      name: `${name}, peak`,
      value: Math.max(...measured.map(({ megabytes }) => megabytes)),
      unit: 'MB',
      ...(limits.megabytes === undefined ? {} : { limit: limits.megabytes }),
    },
  ];
}
