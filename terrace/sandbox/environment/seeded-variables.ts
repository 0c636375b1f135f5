import { readJson, replaceFile } from '../storage/durable-file';
import { isObject } from '../../base/json';
import { layoutOf } from '../daemon/layout';

/** Values of variables that an environment was applied with. */
export interface SeededVariables {
  /** `<system>/<environment>` */
  readonly environment: string;
  /** 12 digits. */
  readonly account: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Keeps the variables of seeded environments with the sandbox's data. */
export function writeSeededVariables(dir: string, environments: readonly SeededVariables[]): void {
  replaceFile(layoutOf(dir).variables, `${JSON.stringify({ version: 1, environments }, null, 2)}\n`);
}

/** The variables of the environments that were seeded; none where nothing was. */
export function readSeededVariables(dir: string): readonly SeededVariables[] {
  const content = readJson(layoutOf(dir).variables);
  const environments: unknown = isObject(content) ? content['environments'] : undefined;
  return Array.isArray(environments) ? environments.filter(isSeeded) : [];
}

/** One value for each name: where environments differ, the ambient account's counts. */
export function seededValues(seeded: readonly SeededVariables[], account: string): Readonly<Record<string, string>> {
  const inOrder = seeded.toSorted((a, b) => Number(a.account === account) - Number(b.account === account));
  return Object.assign({}, ...inOrder.map(({ variables }) => variables));
}

function isSeeded(value: unknown): value is SeededVariables {
  return (
    isObject(value) && typeof value['environment'] === 'string' && typeof value['account'] === 'string' && isObject(value['variables'])
  );
}
