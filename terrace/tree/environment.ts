import { TerraceError } from '../base/errors';
import { messageOf } from '../base/message';
import { sourceLineOf } from '../base/source-line';
import { whileSourceIsClosed } from './closed-source';
import type { DeployedContent } from './deployed-content';
import type { Credentials } from '../model/model';
import { segmentPattern } from './names';
import { observedValues } from './observed-values';
import type { Region } from './region';
import type { System } from './system';
import type { EnvironmentValues } from './values';

/** The role that AWS Organizations makes in every account it creates. */
const defaultRole = 'OrganizationAccountAccessRole';

/** A file handed to other tools, under `live/<system>/<environment>/artifacts/`. */
export interface Artifact {
  /** Relative, with `/`. */
  readonly path: string;
  readonly content: string;
  readonly executable: boolean;
  /** What `terrace handover` puts into it once the environment is applied. */
  readonly deployed?: DeployedContent;
}

export interface ArtifactOptions {
  /** @default false */
  readonly executable?: boolean;
  /** What it holds once the environment is applied; `terrace handover` writes it. @default the same as before */
  readonly deployed?: DeployedContent;
}

interface Declared extends ArtifactOptions {
  readonly content: () => string;
}

/** The middle level of the tree: one account, one set of credentials, some regions. */
export class Environment<V extends EnvironmentValues = EnvironmentValues, S extends System = System> {
  readonly regions: Region[] = [];
  readonly values: V;
  readonly #artifacts = new Map<string, Declared>();

  constructor(
    readonly system: S,
    values: V,
  ) {
    this.values = observedValues('environment', `${system.name}/${values.environment}`, values);
    system.environments.push(this);
    const folder = `stacks/${system.name}/${values.environment}`;
    if (!segmentPattern.test(values.environment))
      system.app.report({
        code: 'E1103',
        title: 'malformed name',
        place: `${folder}/env.ts`,
        found: `the environment is called '${values.environment}'`,
        expected: 'lower-case letters, digits and single hyphens',
        todo: 'rename it',
      });
    if (!/^\d{12}$/.test(this.stateAccountId))
      system.app.report({
        code: 'E1101',
        title: 'malformed account id',
        place: `${folder}/account.ts`,
        found: `the account that holds the state is '${this.stateAccountId}'`,
        expected: '12 digits',
        todo: 'correct the id',
      });
  }

  get name(): string {
    return this.values.environment;
  }

  /** `<system>/<environment>`. */
  get path(): string {
    return `${this.system.name}/${this.name}`;
  }

  get stateAccountId(): string {
    return this.values.account.stateAccountId ?? this.values.account.id;
  }

  get credentials(): Credentials {
    return this.values.account.credentials ?? { kind: 'role', roleArn: `arn:aws:iam::${this.stateAccountId}:role/${defaultRole}` };
  }

  /** The region folder of this name. Raises E1203 when the environment has none. */
  region(name: string): Region {
    const region = this.regions.find((one) => one.name === name);
    if (region === undefined)
      throw new TerraceError({
        code: 'E1203',
        title: 'unknown region',
        place: this.path,
        found: `a unit asks for region '${name}'`,
        expected: this.regions.map((one) => one.name).join(', '),
        todo: `add the region to stacks/${this.path}/ or correct the name`,
      });
    return region;
  }

  /**
   * Adds a file for other tools (Ansible inventory, cloud-init, Compose). A function is called only when the environment is
   * written. A partial synth that does not cover the whole environment leaves the artifacts alone.
   */
  artifact(path: string, content: string | (() => string), options: ArtifactOptions = {}): void {
    if (path.startsWith('/') || path.split('/').includes('..'))
      throw new TerraceError({
        code: 'E1104',
        title: 'artifact outside its folder',
        place: this.path,
        found: path,
        expected: 'a relative path without ..',
        todo: 'choose a path under artifacts/',
      });
    this.#artifacts.set(path, { ...options, content: typeof content === 'string' ? () => content : content });
  }

  /** The artifacts, sorted by path. */
  artifacts(): readonly Artifact[] {
    return [...this.#artifacts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, { content, executable, deployed }]) => ({
        path,
        content: this.#written(path, content),
        executable: executable ?? false,
        ...(deployed === undefined ? {} : { deployed }),
      }));
  }

  /** The content of an artifact once the environment is applied, from the outputs in the state of its unit. Raises E1109, E9101 and E9102. */
  deployedText({ path, content, deployed }: Artifact, outputs: Readonly<Record<string, unknown>>): string {
    return deployed === undefined ? content : this.#written(path, () => deployed.render(outputs));
  }

  #written(path: string, content: () => string): string {
    try {
      return whileSourceIsClosed(content);
    } catch (error) {
      if (error instanceof TerraceError) throw error;
      throw new TerraceError(
        {
          code: 'E1109',
          title: 'artifact cannot be written',
          place: sourceLineOf(error instanceof Error ? error.stack : undefined)?.text ?? this.path,
          found: `artifacts/${path} of ${this.path}: ${messageOf(error)}`,
          todo: 'correct the source of its content',
        },
        undefined,
        { cause: error },
      );
    }
  }
}
