import { accountsFrom } from '../../delivery/terraform/accounts';
import type { DeliveryContext } from '../../delivery/terraform/context';
import { createContext, type ContextOptions } from '../../delivery/terraform/create-context';
import type { Model } from '../../model/model';
import type { GrantsOf } from '../../delivery/terraform/grants';
import { createFork, endFork } from '../../sandbox/forks';
import { runningSandbox } from '../../sandbox/control';
import { withVariables } from '../../sandbox/environment/with-variables';
import { readSeededVariables } from '../../sandbox/environment/seeded-variables';
import { fillFolder } from '../seed/seed-sandbox';
import type { SeedReport } from '../seed/seed-shape';
import type { Shape } from '../shape/shape';
import { seededAccounts } from './seeded-accounts';

/** A fork that holds what a shape says, for one rehearsal. */
export interface World {
  /** Folder of the fork. */
  readonly dir: string;
  readonly context: DeliveryContext;
  readonly env: NodeJS.ProcessEnv;
  readonly seeded: SeedReport;
  /** Wall clock of making and seeding it. */
  readonly seconds: number;
  close(): Promise<void>;
}

export interface WorldRequest extends Pick<ContextOptions, 'work' | 'onEvent' | 'signal' | 'parallel' | 'logs'> {
  readonly project: string;
  readonly shape: Shape;
  readonly model: Model;
  /** What terraform may have by the facts. @default nothing */
  readonly grants?: GrantsOf;
}

/** Opens a world of its own, which ends with this process at the latest. Whoever opens it closes it. */
export async function openWorld({ project, shape, model, ...options }: WorldRequest): Promise<World> {
  const began = performance.now();
  let seeded: SeedReport | undefined;
  const fork = await createFork({
    project,
    owner: process.pid,
    fill: async (dir, settings) => {
      seeded = await fillFolder(dir, project, settings, shape);
    },
  });
  const close = async (): Promise<void> => void (await endFork(fork.dir));
  try {
    const sandbox = await runningSandbox({ dir: fork.dir, project });
    if (sandbox === undefined || seeded === undefined) throw new Error(`the fork ${fork.name} ended unexpectedly`);
    const account = shape.units[0]?.account;
    const env = withVariables(
      process.env,
      sandbox.environment({ model, units: model.units, ...(account === undefined ? {} : { account }) }),
    );
    const context = await createContext({ ...options, env });
    return {
      dir: fork.dir,
      context: { ...context, accounts: seededAccounts(accountsFrom(env), readSeededVariables(fork.dir), model) },
      env,
      seeded,
      seconds: (performance.now() - began) / 1000,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
