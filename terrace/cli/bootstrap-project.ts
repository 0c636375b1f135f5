import path from 'node:path';

import { bootstrapEnvironment } from '../bootstrap/bootstrap-environment';
import type { BootstrapResult } from '../bootstrap/bootstrap-unit';
import { bootstrapPlan } from '../bootstrap/owners';
import type { Model } from '../model/model';
import { selectPaths } from '../model/select';
import { findTerraform } from '../terraform/binary';
import { listenForInterruption } from '../terraform/interruption';
import type { SourceContext } from './command-context';
import { loadModel, synthesize } from './project';

/** Where bootstraps keep local states until they are moved. */
function bootstrapWork(root: string): string {
  return path.join(root, '.terrace', 'bootstrap');
}

/** Bootstraps one environment in the current process's environment variables; what `npm start` does as well. */
export async function bootstrap(
  context: SourceContext,
  model: Model,
  system: string,
  environment: string,
  options: {
    readonly onStep: (unit: string, step: string) => void;
    readonly adopt?: boolean;
    readonly env?: NodeJS.ProcessEnv;
    readonly confirm?: (unit: string, plan: string) => Promise<boolean>;
  },
): Promise<readonly BootstrapResult[]> {
  const { onStep, adopt = false, env = process.env, confirm = async () => true } = options;
  const { owners, others } = bootstrapPlan(model, system, environment);
  const { includePlanned } = context;
  const root = context.project();
  const binary = await findTerraform(env);
  const tree = path.join(bootstrapWork(root), 'tree');
  await synthesize(root, { selectors: [...owners, ...others].map((unit) => unit.path), out: tree, includePlanned });
  const interruption = listenForInterruption();
  try {
    return await bootstrapEnvironment({
      model,
      system,
      environment,
      tree,
      work: bootstrapWork(root),
      binary,
      env,
      adopt,
      signal: interruption.signal,
      onStep: (unit, step) => onStep(unit.path, step),
      confirm: (unit, plan) => confirm(unit.path, plan),
    });
  } finally {
    interruption.dispose();
  }
}

/** A model that holds an environment's units and the owner of each of their buckets, wherever it is. */
export async function ownersModel(context: SourceContext, system: string, environment: string): Promise<Model> {
  const { includePlanned } = context;
  const root = context.project();
  const own = await loadModel(root, [system], includePlanned);
  selectPaths(
    own.units.map(({ path: unit }) => unit),
    [`${system}/${environment}`],
  );
  const buckets = new Set(own.units.filter((unit) => unit.environment === environment).map((unit) => unit.backend.bucket));
  for (const unit of own.units) if (unit.bootstrap) buckets.delete(unit.backend.bucket);
  return buckets.size === 0 ? own : loadModel(root, [], includePlanned);
}
