import { prepareDaemon, startDaemon, stopDaemon } from '../../sandbox/daemon/daemon-process';
import { ensureSettings, type SandboxSettings } from '../../sandbox/daemon/settings';
import { writeSeededVariables, type SeededVariables } from '../../sandbox/environment/seeded-variables';
import { Seeding } from '../../sandbox/seeding/seeding';
import type { Shape } from '../shape/shape';
import { seedShape, type SeedReport } from './seed-shape';

/** Fills the folder of a sandbox whose daemon does not run. */
export async function fillFolder(dir: string, project: string, settings: SandboxSettings, shape: Shape): Promise<SeedReport> {
  const report = await seedShape(new Seeding(dir, project, settings), shape);
  writeSeededVariables(dir, variablesOf(shape));
  return report;
}

/** Seeds a sandbox, which is started; one that runs stops for it, and has its ports again afterwards. Raises E9503 where it is not empty. */
export async function seedSandbox(dir: string, project: string, shape: Shape): Promise<SeedReport> {
  const settings = await ensureSettings(dir);
  await stopDaemon(dir, settings);
  const daemon = prepareDaemon(dir, project);
  try {
    return await fillFolder(dir, project, settings, shape);
  } finally {
    await startDaemon(dir, project, settings, daemon);
  }
}

/** What each unit of a shape was applied with. */
export function variablesOf({ units }: Shape): readonly SeededVariables[] {
  return units.map(({ unit, account, variables }) => ({ unit, account, variables }));
}
