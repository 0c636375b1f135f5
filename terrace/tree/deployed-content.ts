import { TerraceError, type Problem } from '../base/errors';
import type { OutputType } from '../model/model';
import { snakeCase } from './names';
import type { AnyValue, OutputDeclaration, Outputs } from './outputs';

/** What a deployed unit gave, as plain data of the declared types; `any` is whatever its state holds. */
export type DeployedValues<O extends Outputs> = {
  readonly [K in keyof O]: O[K] extends OutputDeclaration<infer T> ? (T extends AnyValue ? unknown : T) : never;
};

/** A unit as far as its outputs go. */
export interface DeployedUnit<O extends Outputs = Outputs> {
  readonly path: string;
  readonly declaredOutputs: O;
}

/** What a file holds once its environment is applied. */
export interface DeployedContent {
  /** The unit whose outputs fill it; asked for only when the file is filled. */
  readonly unit: () => DeployedUnit;
  /** The content for the outputs of the unit's state, by their names there. Raises E9101 and E9102. */
  readonly render: (outputs: Readonly<Record<string, unknown>>) => string;
}

/** Content made from the outputs of a unit, for `artifact(path, content, { deployed })`. */
export function deployedFrom<O extends Outputs>(
  unit: () => DeployedUnit<O>,
  content: (outputs: DeployedValues<O>) => string,
): DeployedContent {
  return { unit, render: (outputs) => content(deployedValues(unit(), outputs)) };
}

/** The values as the content reads them: one that is absent, of another type or secret is raised when it is read. */
function deployedValues<O extends Outputs>(unit: DeployedUnit<O>, outputs: Readonly<Record<string, unknown>>): DeployedValues<O> {
  const values = {};
  for (const [name, declaration] of Object.entries(unit.declaredOutputs))
    Object.defineProperty(values, name, {
      enumerable: true,
      get: () => {
        const output = snakeCase(name);
        if (declaration.sensitive) throw new TerraceError(secretOutput(unit.path, output));
        if (!isOf(declaration.type, outputs[output]))
          throw new TerraceError(notAppliedYet(unit.path, `output ${output} is not in its state`));
        return outputs[output];
      },
    });
  return values as DeployedValues<O>;
}

/** E9101: what fills a file does not exist yet. */
export function notAppliedYet(unit: string, found: string): Problem {
  const environment = unit.split('/').slice(0, 2).join('/');
  return {
    code: 'E9101',
    title: 'not applied yet',
    place: unit,
    found,
    expected: 'a state to which this source was applied',
    todo: `apply it first (terrace deploy ${environment}), then run terrace handover ${environment} again`,
  };
}

function secretOutput(unit: string, output: string): Problem {
  return {
    code: 'E9102',
    title: 'secret in an artifact',
    place: unit,
    found: `output ${output} is sensitive, and the file would contain it in plain text`,
    expected: 'outputs that anybody may read',
    todo: 'hand over the name of the secret, and let whoever uses the file look up its value',
  };
}

function isOf(type: OutputType, value: unknown): boolean {
  const listOf = (one: string): boolean => Array.isArray(value) && value.every((member) => typeof member === one);
  switch (type) {
    case 'string':
    case 'number':
      return typeof value === type;
    case 'bool':
      return typeof value === 'boolean';
    case 'list(string)':
      return listOf('string');
    case 'list(number)':
      return listOf('number');
    case 'map(string)':
      return typeof value === 'object' && value !== null && Object.values(value).every((member) => typeof member === 'string');
    case 'any':
      return value !== undefined && value !== null;
  }
}
