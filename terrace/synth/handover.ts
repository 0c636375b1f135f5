import { refuse, TerraceError, type Problem } from '../base/errors';
import type { UnitModel } from '../model/model';
import { notAppliedYet } from '../tree/deployed-content';
import type { Environment } from '../tree/environment';
import type { BuiltTree } from '../tree/project';
import type { TreeFile } from './tree-files';

/** An environment's artifacts as they are handed over. */
export interface Handover {
  /** All of them, below the system's folder: `dev/artifacts/…`. */
  readonly files: readonly TreeFile[];
  /** Those that were filled, each with the unit whose outputs filled it; sorted by path. */
  readonly filled: readonly { readonly path: string; readonly unit: string }[];
}

/**
 * The artifacts of an applied environment, filled from the outputs of its units. `readState` gives the text of a unit's state, undefined
 * where there is none. Raises E9101 for every unit that was not applied, E9102 for a secret, and nothing is handed over then.
 */
export async function handoverOf(
  tree: BuiltTree,
  environment: Environment,
  readState: (unit: UnitModel) => Promise<string | undefined>,
): Promise<Handover> {
  const artifacts = environment.artifacts();
  const units = [...new Set(artifacts.flatMap(({ deployed }) => deployed?.unit().path ?? []))].sort();
  const read = await Promise.all(units.map(async (unit) => [unit, await outputsOf(tree, unit, readState)] as const));
  const outputs = new Map(read);
  const problems: Problem[] = read.flatMap(([unit, found]) => (found === undefined ? [notAppliedYet(unit, 'it has no state')] : []));
  const files: TreeFile[] = [];
  const filled: { readonly path: string; readonly unit: string }[] = [];
  for (const artifact of artifacts) {
    const unit = artifact.deployed?.unit().path;
    const known = unit === undefined ? {} : outputs.get(unit);
    if (known === undefined) continue;
    const path = `${environment.name}/artifacts/${artifact.path}`;
    try {
      files.push({ path, content: Buffer.from(environment.deployedText(artifact, known)), executable: artifact.executable });
    } catch (error) {
      if (!(error instanceof TerraceError)) throw error;
      problems.push(...error.problems);
    }
    if (unit !== undefined) filled.push({ path, unit });
  }
  refuse(problems);
  return { files, filled };
}

async function outputsOf(
  tree: BuiltTree,
  path: string,
  readState: (unit: UnitModel) => Promise<string | undefined>,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const unit = tree.model.units.find((one) => one.path === path);
  const text = unit === undefined ? undefined : await readState(unit);
  if (text === undefined) return undefined;
  const { outputs = {} }: { readonly outputs?: Readonly<Record<string, { readonly value: unknown }>> } = JSON.parse(text);
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
