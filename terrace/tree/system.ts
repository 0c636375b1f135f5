import { TerraceError, type Problem } from '../base/errors';
import type { LiveTree, LockKind } from '../model/model';
import type { HclValue } from '../base/hcl';
import { defaultNames, nameProblems, type BackendNames } from '../state/backend-names';
import type { TreeApp } from './app';
import type { Environment } from './environment';
import { segmentPattern } from './names';
import { observedValues } from './observed-values';
import type { RootValues, SecretsKind } from './values';

/** One product's infrastructure: the root of a tree of environments, regions and units. */
export class System<R extends RootValues = RootValues> {
  readonly environments: Environment[] = [];
  readonly values: R;
  /** What `_envcommon/<layer>.hcl` says, by layer: the system's merged settings, for HCL that a team writes beside the tree. */
  readonly envcommon = new Map<string, Readonly<Record<string, HclValue>>>();

  constructor(
    readonly app: TreeApp,
    values: R,
  ) {
    this.values = observedValues('root', values.system, values);
    const prefix = values.keyPrefix ?? '';
    if (prefix !== '' && !/^(?:[A-Za-z0-9_-]+\/)+$/.test(prefix))
      this.report({
        code: 'E1102',
        title: 'malformed key prefix',
        found: `keyPrefix is '${prefix}'`,
        expected: "empty, or folders of letters, digits, '-' and '_' that end in '/'",
        todo: `change keyPrefix in stacks/${this.name}/root.ts`,
      });
    for (const { setting, found, expected } of nameProblems(this.backendNames))
      this.report({
        code: 'E1110',
        title: 'malformed name of the backend',
        found: `backend.${setting} is '${found}'`,
        expected,
        todo: `change it in stacks/${this.name}/root.ts`,
      });
    if (!segmentPattern.test(values.system))
      throw new TerraceError({
        code: 'E1103',
        title: 'malformed name',
        place: `stacks/${values.system}/root.ts`,
        found: `the system is called '${values.system}'`,
        expected: 'lower-case letters, digits and single hyphens',
        todo: 'rename it',
      });
  }

  get name(): string {
    return this.values.system;
  }

  get keyPrefix(): string {
    return this.values.keyPrefix ?? '';
  }

  /** Names of bucket, table, keys and encryption, with their placeholders. */
  get backendNames(): BackendNames {
    const { made: _made, ...names } = this.values.backend ?? {};
    return { ...defaultNames, ...names };
  }

  /** What every state key is made of, the prefix included. */
  get stateKeyTemplate(): string {
    return `${this.keyPrefix}${this.backendNames.key}`;
  }

  /** True where bucket, key and table are made and kept by somebody else. */
  get isBackendElsewhere(): boolean {
    return this.values.backend?.made === 'elsewhere';
  }

  get lock(): LockKind {
    return this.values.lock ?? 'dynamodb';
  }

  get secrets(): SecretsKind {
    return this.values.secrets ?? 'in-state';
  }

  get liveTree(): LiveTree {
    return this.values.liveTree ?? 'ignored';
  }

  /** The environment of this name. Raises E1202 when the system has none. */
  environment(name: string): Environment {
    const environment = this.environments.find((one) => one.name === name);
    if (environment === undefined)
      throw new TerraceError({
        code: 'E1202',
        title: 'unknown environment',
        place: this.name,
        found: `a unit asks for environment '${name}'`,
        expected: this.environments.map((one) => one.name).join(', '),
        todo: `add the environment to stacks/${this.name}/ or correct the name`,
      });
    return environment;
  }

  /**
   * Another system of the repository by the function that builds it, the same for everybody who asks. A unit may depend on those of its units
   * that are `shared`: `system.other(hub).environment('production').region('global').unit(ZoneUnit)`.
   */
  other<S extends System>(define: (app: TreeApp) => S): S {
    return this.app.systemOf(define);
  }

  /** Adds a problem of the root's values. */
  report(problem: Problem): void {
    this.app.report({ place: `stacks/${this.name}/root.ts`, ...problem });
  }
}
