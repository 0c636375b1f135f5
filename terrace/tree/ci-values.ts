import type { Pipeline } from './ci-pipeline';

/** What a system says about its pipeline; values of the source, never of the shell. */
export interface CiValues {
  /** Where its source is kept. */
  readonly repository: SourceRepository;
  /** The branch from which it is applied. @default 'main' */
  readonly branch?: string;
  /** Variable of the repository without which, as `true`, its pipelines do nothing: for a system that is not in use yet. @default none, they act */
  readonly enabledBy?: string;
  /** Before the names of its deployment environments, where two systems share a repository: `tux-`. @default '' */
  readonly prefix?: string;
  /** By the name of the environment, in the order in which they are deployed. Environments that are not named get no pipeline. */
  readonly environments: Readonly<Record<string, CiEnvironmentValues>>;
  /** What a change goes through before it is planned. @default format, validate, security */
  readonly checks?: readonly CiCheck[];
  /** What its jobs are called, where a document of the system has names of its own. */
  readonly titles?: { readonly detect?: string; readonly tests?: string; readonly monitor?: string };
  /** Pipelines beside that of its infrastructure: an application's, backups. @default none */
  readonly others?: readonly Pipeline[];
  /** When drift is looked for, as cron (UTC). @default '0 2 * * *' */
  readonly drift?: string;
}

/** Another check than these needs a renderer that knows it. `tests` runs the folders of the system's own tests. */
export type CiCheck = 'format' | 'validate' | 'security' | 'costs' | 'tests';

/** A repository, and how its jobs prove who they are. */
export interface SourceRepository {
  /** `<owner>/<name>`. */
  readonly name: string;
  /** Number of the repository; needed for immutable subjects. */
  readonly id?: number;
  /** Number of its owner; needed for immutable subjects. */
  readonly ownerId?: number;
  /**
   * Form of the subjects of its jobs' tokens: with ids for repositories made or renamed since 2026-07-15, by name for older ones, both
   * while a repository is moved from one form to the other. @default 'immutable' where both ids are given, else 'names'
   */
  readonly subjects?: 'names' | 'migrating' | 'immutable';
}

/** How one environment is planned, reviewed and applied. */
export interface CiEnvironmentValues {
  /** File of its pipeline, without an ending; environments of one file are one pipeline. @default the system's name */
  readonly file?: string;
  /** Persons who have to say yes; each is a gate of its own. 0 applies without asking. */
  readonly approvals: number;
  /** Environment that has to be deployed before, and by hand looked at where it has a `trial`. @default none */
  readonly after?: string;
  /** Persons try this environment out before the next one: the name of that gate. @default nobody */
  readonly trial?: string;
  /** What its first job is called. @default the environment's name */
  readonly title?: string;
  /** Roles of the account that holds the states: who plans, and who applies. */
  readonly roles: { readonly plan: string; readonly apply: string };
  /** Runners that share the plan of a round; a round is then one wave. 1 to 256. @default one for each 60 units */
  readonly runners?: number;
  /** Variables of the shell that hold tokens of providers; secrets of the deployment environments. @default none */
  readonly tokens?: readonly string[];
  /**
   * Variables of terraform whose secret exists only as one that writes, because their provider has no token that reads: no branch gets them,
   * and the review of a branch says which units it has no plan of. @default none
   */
  readonly writing?: readonly string[];
  /** Clouds beside AWS in which jobs sign in with their own identity, so that no key of an account is stored. @default none */
  readonly clouds?: readonly CiCloud[];
  /** Public address that has to answer after an apply. @default none is asked */
  readonly address?: string;
  /** The playbook below the environment's artifacts that configures servers after an apply. @default none */
  readonly ansible?: { readonly folder: string; readonly inventory: string; readonly playbook: string; readonly unit: string };
  /** What is done after everything of it is applied, one after the other. @default nothing */
  readonly stages?: readonly CiStage[];
}

/** A cloud that takes the identity of a job for one of its own. */
export type CiCloud = 'azure' | 'google';

/** What a stage takes from where, by the name of the shell's variable. */
export type CiTaken =
  /** A secret, or a plain setting, of the deployment environment. */
  | { readonly secret: string }
  | { readonly setting: string }
  /** An output of a unit (`<region>/<layer>/<unit>`) as it was applied; never a sensitive one. */
  | { readonly unit: string; readonly output: string };

/** Something that is done beside terraform once an environment is applied. */
export type CiStage = {
  /** Name of its job: lower-case letters, digits, hyphens. */
  readonly id: string;
  readonly title: string;
} & (
  | {
      /** bash, run in the environment's `artifacts` as they were synthesized from the applied commit. */
      readonly run: readonly string[];
      readonly takes?: Readonly<Record<string, CiTaken>>;
      /** Ansible, from `scripts/tools/ansible.txt`, as `python3 -m ansible`. @default no tool */
      readonly tool?: 'ansible';
    }
  /** Waits until the services of an ECS cluster run what was applied, with the role that reads. */
  | { readonly ecs: { readonly cluster: string; readonly services: readonly string[] } }
);
