import { accountsFrom, type Accounts } from '../../delivery/terraform/accounts';
import type { DeliveryContext } from '../../delivery/terraform/context';
import { createContext, type ContextOptions } from '../../delivery/terraform/create-context';
import type { Model } from '../../model/model';
import type { GrantsOf } from '../../delivery/terraform/grants';
import { createFork, endFork } from '../../sandbox/forks';
import { runningSandbox } from '../../sandbox/control';
import { withVariables } from '../../sandbox/environment/with-variables';
import { readSeededVariables, type SeededVariables } from '../../sandbox/environment/seeded-variables';
import { fillFolder } from '../seed/seed-sandbox';
import type { SeedReport } from '../seed/seed-shape';
import type { Shape } from '../shape/shape';

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
    if (sandbox === undefined || seeded === undefined) throw new Error(`the fork ${fork.name} ended by itself`);
    const account = shape.units[0]?.account;
    const env = withVariables(
      process.env,
      sandbox.environment({ model, units: model.units, ...(account === undefined ? {} : { account }) }),
    );
    const context = await createContext({ ...options, env });
    return {
      dir: fork.dir,
      context: { ...context, accounts: withSeeded(accountsFrom(env), readSeededVariables(fork.dir), model) },
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

/**
 * Accounts whose units have the variables that they were applied with, and no others: two may differ in one name, and what one requires
 * another may leave at its default. A unit that is new has what the others of its environment were applied with.
 */
function withSeeded(accounts: Accounts, seeded: readonly SeededVariables[], model: Model): Accounts {
  const known = new Map(seeded.map((one) => [one.unit, one.variables]));
  const paths = new Map(model.units.map(({ path, backend }) => [`${backend.bucket}/${backend.key}`, path]));
  const inEnvironment = (name: string): Readonly<Record<string, string>> =>
    Object.assign({}, ...seeded.flatMap(({ unit, variables }) => (unit.startsWith(`${name}/`) ? [variables] : [])));
  const required = new Set(
    model.units.flatMap(({ system, environment, variables }) =>
      variables.flatMap((variable) => (variable.required ? [`${system}/${environment} TF_VAR_${variable.name}`] : [])),
    ),
  );
  return {
    environmentFor: async (unit, access) => {
      const name = `${unit.system}/${unit.environment}`;
      const isRequired = (variable: string): boolean => required.has(`${name} ${variable}`);
      const own = known.get(paths.get(`${unit.backend.bucket}/${unit.backend.key}`) ?? '');
      const shared = Object.entries(inEnvironment(name)).flatMap(([variable, value]) =>
        own === undefined || isRequired(`TF_VAR_${variable}`) ? [[`TF_VAR_${variable}`, value] as const] : [],
      );
      const env = Object.entries(await accounts.environmentFor(unit, access)).filter(
        ([variable]) => !variable.startsWith('TF_VAR_') || isRequired(variable),
      );
      const given = Object.entries(own ?? {}).map(([variable, value]) => [`TF_VAR_${variable}`, value] as const);
      return Object.fromEntries([...env, ...shared, ...given]);
    },
  };
}
