import type { Credentials, LiveTree, LockKind } from '../model/model';
import type { BackendNames } from '../state/backend-names';
import type { CiValues } from './ci-values';

/** Values of a whole system: the root of its tree. */
export interface RootValues {
  /** The system's folder under `stacks/` and `live/`. */
  readonly system: string;
  /** Tag `Project`, and the prefix of names. */
  readonly project: string;
  /** Before every state key, for two systems in one account; empty or ending in `/`. @default '' */
  readonly keyPrefix?: string;
  /** Names of bucket, table, state keys and encryption, and who makes them. @default Terrace's names, made by a bootstrap unit */
  readonly backend?: BackendValues;
  /** @default 'dynamodb' */
  readonly lock?: LockKind;
  /** @default 'ignored' */
  readonly liveTree?: LiveTree;
  /**
   * Whether secrets that terraform gives a provider stand in the state, or are handed over in write-only arguments where the provider has
   * them (passwords of databases, versions of secrets), which stand in no state. Needs terraform 1.11. @default 'in-state'
   */
  readonly secrets?: SecretsKind;
  /** How it is planned, reviewed and applied by an engine. @default no pipeline */
  readonly ci?: CiValues;
}

/** Where secrets are kept that terraform gives a provider. */
export type SecretsKind = 'in-state' | 'write-only';

/** Names of the backend, for a team that keeps the states it has; each is by default Terrace's. */
export interface BackendValues extends Partial<BackendNames> {
  /**
   * Who makes bucket, key and table: a bootstrap unit of the tree, or somebody else. With `elsewhere` no unit may make them, and
   * `terrace backend bootstrap` only asks whether they are there. @default 'here'
   */
  readonly made?: 'here' | 'elsewhere';
}

/** The account an environment lives in; what `account.hcl` says. */
export interface AccountValues {
  /** AWS account, or subscription or project id of another provider. */
  readonly id: string;
  readonly name: string;
  /** AWS account (12 digits) that holds state and lock. @default id */
  readonly stateAccountId?: string;
  /**
   * Other accounts that read states of this one, by their id: the shared units, `<region>/<layer>/<unit>`, that their units depend on. What makes the state
   * bucket lets them in. @default none
   */
  readonly readers?: { readonly [account: string]: readonly string[] };
  /** How terraform reaches the account that holds the state. @default the role `OrganizationAccountAccessRole` in it */
  readonly credentials?: Credentials;
}

/** Values of an environment; what `env.hcl` says. Systems extend it with their own. */
export interface EnvironmentValues {
  readonly environment: string;
  readonly account: AccountValues;
  /** Described and not built yet: left out of everything unless `--include-planned` is said, drawn dashed. @default false */
  readonly planned?: boolean;
  /** Worth more care than others: a fact that approvals and pipelines go by. @default false */
  readonly protected?: boolean;
  /** What of the shell terraform may have besides its own variables: names of variables, and files by their paths below the home. @default none */
  readonly pass?: { readonly variables?: readonly string[]; readonly files?: readonly string[] };
  /** Addresses that providers may be pointed at besides their own, by provider (`hashicorp/helm`). @default none */
  readonly addresses?: { readonly [provider: string]: readonly string[] };
}

/** Values of a region folder; what `region.hcl` says. Systems extend it with their own. */
export interface RegionValues {
  /** Folder name: a cloud region, a network zone, or `global`. */
  readonly region: string;
  /** Region of the default AWS provider; absent where the folder has none. */
  readonly awsRegion?: string;
  /** Region of the state bucket. @default awsRegion */
  readonly stateRegion?: string;
  readonly availabilityZones?: readonly string[];
  /** The networks made here, for the checks of addresses. @default none */
  readonly networks?: readonly NetworkValues[];
}

/** One network and its subnets, as addresses. */
export interface NetworkValues {
  /** The unit that makes it, `<layer>/<unit>`. */
  readonly unit: string;
  readonly cidr: string;
  readonly subnets: readonly { readonly name: string; readonly cidr: string; readonly zone?: string }[];
}
