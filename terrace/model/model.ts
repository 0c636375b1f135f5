/**
 * What a synthesized tree is made of, as plain data. Written as `synth.json` beside the systems of a live tree,
 * so that graph, delivery, diagrams and the state tools need neither TypeScript sources nor cdktf.
 */
export interface Model {
  readonly version: 1;
  /** Commit of the source; null outside a repository. */
  readonly commit: string | null;
  /** True when the work tree differed from the commit. */
  readonly dirty: boolean;
  readonly systems: readonly SystemModel[];
  /** Sorted by path. */
  readonly units: readonly UnitModel[];
  /** Default tags of each unit by its path, which `--tag` selects by; absent in a model that was read from a tree. */
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Which item holds a state's lock. */
export type LockKind = 'dynamodb' | 'both' | 's3';

/** What happens to `live/<system>`: nothing, committed beside the source, or committed on a branch of its own. */
export type LiveTree = 'ignored' | 'committed' | { readonly branch: string };

export interface SystemModel {
  readonly name: string;
  readonly project: string;
  readonly lock: LockKind;
  readonly liveTree: LiveTree;
  /** Empty, or a path that ends in `/`. */
  readonly keyPrefix: string;
  /** True where bucket, key and table are made and kept by somebody else. @default false */
  readonly backendElsewhere?: boolean;
  /** Sorted by name. */
  readonly environments: readonly EnvironmentModel[];
}

/** How terraform is to reach an environment's account; never part of the JSON. */
export type Credentials =
  | { readonly kind: 'ambient' }
  | { readonly kind: 'profile'; readonly profile: string }
  | { readonly kind: 'role'; readonly roleArn: string };

export interface EnvironmentModel {
  readonly name: string;
  /** AWS account (12 digits) that holds state and lock. */
  readonly stateAccount: string;
  readonly credentials: Credentials;
  /** Described and not built yet: left out unless it is asked for, drawn dashed. @default false */
  readonly planned?: boolean;
}

/** Where one unit's state and lock are; the literals of its `backend "s3"`. */
export interface BackendModel {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** ARN of a key or of an alias; absent where S3's own keys encrypt the state. */
  readonly kmsKeyId?: string;
  /** Absent with `lock: s3`. */
  readonly dynamodbTable?: string;
  readonly useLockfile: boolean;
  /**
   * What the key was made of, the root's prefix included: `{environment}`, `{region}`, `{layer}` and `{unit}` stand for the unit's.
   * Absent where that is the usual form, `<prefix>{environment}/{region}/{layer}/{unit}/terraform.tfstate`.
   */
  readonly keyTemplate?: string;
}

export type OutputType = 'string' | 'number' | 'bool' | 'list(string)' | 'list(number)' | 'map(string)' | 'any';

export interface OutputModel {
  /** Snake case, as in the JSON. */
  readonly name: string;
  readonly type: OutputType;
  readonly sensitive: boolean;
  readonly mock: unknown;
}

export interface DependencyModel {
  /** Path of the unit whose state is read. */
  readonly unit: string;
  /** Names of the outputs that are consumed, sorted; empty where the edge only orders. */
  readonly outputs: readonly string[];
  /** Local name of the `terraform_remote_state` data source in the dependent's JSON. */
  readonly remoteState: string;
}

export interface VariableModel {
  readonly name: string;
  /** Terraform type expression: `string`, `number`, `list(string)`, … */
  readonly type: string;
  readonly sensitive: boolean;
  /** True where it has no default: it must arrive as `TF_VAR_<name>`. */
  readonly required: boolean;
  readonly description: string;
}

export interface UnitModel {
  /** `<system>/<environment>/<region>/<layer>/<unit>`; its folder under the tree's root. */
  readonly path: string;
  readonly system: string;
  readonly environment: string;
  readonly region: string;
  readonly layer: string;
  readonly name: string;
  /** `<system>-<environment>-<region>-<layer>-<unit>`. */
  readonly stackId: string;
  /** 0 has no dependencies. */
  readonly wave: number;
  /** Sorted by unit. */
  readonly dependencies: readonly DependencyModel[];
  /** Sorted by name. */
  readonly outputs: readonly OutputModel[];
  /** Sorted by name. */
  readonly variables: readonly VariableModel[];
  readonly backend: BackendModel;
  /** Provider region of the folder; absent where there is none. */
  readonly awsRegion?: string;
  /** `backend/state`: left out of every selector wider than the unit itself. */
  readonly bootstrap: boolean;
  /** Applied by `terrace backend bootstrap` as well, with an administrator's credentials. */
  readonly appliedByBootstrap: boolean;
  /** Path (`<layer>/<unit>` or whole) under which the state stood before. */
  readonly movedFrom?: string;
  /** True where its environment is planned. */
  readonly planned?: boolean;
  /** True where units of other environments and systems may read it. */
  readonly shared?: boolean;
}
