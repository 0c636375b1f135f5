/**
 * A pipeline as data: jobs, gates, artefacts, identities. It knows no engine; a renderer gives each of these the engine's words.
 * Scripts are bash, and see what they are given as variables of the shell only: nothing is ever written into their text.
 */

/** Something that is known only when a job runs. */
export type Value =
  /** What the caller of a part gave. */
  | { readonly from: 'input'; readonly name: string }
  /** What an earlier job found out. */
  | { readonly from: 'job'; readonly job: string; readonly name: string }
  /** What an earlier step of the same job found out. */
  | { readonly from: 'step'; readonly step: string; readonly name: string }
  /** A secret, or a plain setting, of the job's deployment environment. */
  | { readonly from: 'secret' | 'setting'; readonly name: string }
  /** One of the entries that a job is run for, or its shard. */
  | { readonly from: 'entry'; readonly name: string }
  | { readonly from: 'run'; readonly what: RunFact }
  /** One value where a condition holds, another one elsewhere; neither may be empty. */
  | { readonly from: 'either'; readonly when: Condition; readonly value: Value; readonly other: Value }
  /** `true` or `false`. */
  | { readonly from: 'condition'; readonly condition: Condition }
  | { readonly from: 'text'; readonly text: string };

/** What an engine knows about a run. */
export type RunFact =
  | 'commit'
  /** The commit before the push. */
  | 'before'
  /** The branch that a change is proposed for; empty elsewhere. */
  | 'target-branch'
  /** Full name of the branch or tag. */
  | 'ref'
  /** The commit that a change goes to; elsewhere the run's own. */
  | 'base'
  /** Name of the branch or tag. */
  | 'ref-name'
  | 'change'
  | 'id'
  | 'attempt'
  | 'token'
  | 'address'
  | 'repository';

/** When a job or a step runs, beside the success of what it needs. */
export type Condition =
  | { readonly is: Value; readonly equal: string; readonly not?: boolean }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  /** This text is one of a list (JSON). */
  | { readonly has: string; readonly list: Value }
  /** A commit of the branch from which the system is applied. */
  | 'protected'
  /** A proposed change, whose branch is in this repository. */
  | 'own-change'
  /** Not a proposed change of somebody without rights here. */
  | 'trusted'
  /** Jobs before it may have been left out. */
  | 'though-skipped'
  /** Even where something failed. */
  | 'always';

/** What a job may do beyond reading nothing. */
export type Right =
  /** Read the source. */
  | 'source'
  /** Prove to a cloud who it is. */
  | 'identity'
  /** Read what happened in this run, its approvals among it. */
  | 'runs'
  /** Read who proposed a change. */
  | 'proposals'
  /** Comment on a change. */
  | 'comment'
  /** Open and change issues. */
  | 'issues'
  /** Attach a release's files. */
  | 'release'
  /** Attest what made a file. */
  | 'attest';

export type Step =
  | { readonly do: 'source'; readonly history: boolean; readonly into?: string; readonly commit?: Value }
  /** The program's runtime. */
  | { readonly do: 'runtime' }
  /** terraform; only in jobs without a right to prove who they are. */
  | { readonly do: 'terraform' }
  | { readonly do: 'take'; readonly artefact: Artefact; readonly into: string; readonly mayFail?: boolean }
  /** Every artefact whose name begins with that of this one, each into a folder of its name. */
  | { readonly do: 'take all'; readonly artefact: Artefact; readonly into: string; readonly when: Condition }
  | {
      readonly do: 'give';
      readonly artefact: Artefact;
      readonly files: readonly string[];
      readonly days: number;
      readonly when?: Condition;
      readonly mayFail?: boolean;
    }
  | { readonly do: 'attest'; readonly files: string }
  /** An action of somebody else, which `ci/actions.json` has to pin; only in jobs without a secret and an identity. */
  | {
      readonly do: 'action';
      readonly action: string;
      readonly settings: Readonly<Record<string, string | number | boolean>>;
      readonly mayFail?: boolean;
    }
  | Script;

export interface Script {
  readonly do: 'run';
  readonly title: string;
  readonly script: readonly string[];
  readonly values?: Readonly<Record<string, Value>>;
  /** Name under which its outputs are known. */
  readonly id?: string;
  readonly when?: Condition;
  readonly mayFail?: boolean;
}

/** What one job hands to another, by a name that is unique within the run. */
export interface Artefact {
  readonly name: readonly (string | Value)[];
  /** The very upload that a job before made, where that is known: a later one of the same name does not count. */
  readonly upload?: Value;
}

export interface Job {
  readonly id: string;
  readonly title: string;
  readonly needs?: readonly string[];
  readonly when?: Condition;
  readonly rights?: readonly Right[];
  /** Deployment environment: what its secrets, its reviewers and its subject come from. */
  readonly place?: Value | readonly (string | Value)[];
  /** The engine's newest runners, as a document of the system asks. @default those of a fixed version */
  readonly newest?: boolean;
  /** Its failure ends nothing else. @default false */
  readonly mayFail?: boolean;
  /** One after the other, nobody dropped: what changes the same states. */
  readonly queue?: readonly (string | Value)[];
  readonly minutes: number;
  /** Runs `shards` times for each entry of this list (JSON), at most `most` of them; steps know it by `entry`. @default 'environment' */
  readonly each?: { readonly list: Value; readonly most: number; readonly shards: number; readonly entry?: 'environment' | 'shard' };
  /** What later jobs may ask for: name, and the step's id it comes from. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** A part that other pipelines call, at the branch from which the system is applied. */
export interface Call {
  readonly id: string;
  readonly title: string;
  readonly needs?: readonly string[];
  readonly when?: Condition;
  readonly rights: readonly Right[];
  readonly calls: string;
  readonly repository: string;
  readonly branch: string;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly secrets: readonly string[];
}

/** What starts a pipeline. */
export type Trigger =
  | { readonly on: 'push'; readonly branches: readonly string[] }
  | { readonly on: 'tag'; readonly tags: string }
  | { readonly on: 'change'; readonly branches: readonly string[] }
  | { readonly on: 'time'; readonly cron: string }
  | { readonly on: 'person'; readonly inputs: readonly PersonInput[] }
  | {
      readonly on: 'call';
      readonly inputs: readonly CallInput[];
      readonly secrets: readonly string[];
      readonly outputs: Readonly<Record<string, Value>>;
    };

export interface PersonInput {
  readonly name: string;
  readonly about: string;
  /** One of these. @default any text */
  readonly choices?: readonly string[];
  readonly optional?: boolean;
}

export interface CallInput {
  readonly name: string;
  readonly type: 'string' | 'number';
  readonly about: string;
  readonly optional?: boolean;
}

/** One file of the engine. */
export interface Pipeline {
  /** Name of its file, without an ending. */
  readonly file: string;
  readonly title: string;
  /** What a reader should know first. */
  readonly about: readonly string[];
  readonly triggers: readonly Trigger[];
  readonly jobs: readonly (Job | Call)[];
}

export const input = (name: string): Value => ({ from: 'input', name });
export const output = (job: string, name: string): Value => ({ from: 'job', job, name });
export const found = (step: string, name: string): Value => ({ from: 'step', step, name });
export const secret = (name: string): Value => ({ from: 'secret', name });
export const setting = (name: string): Value => ({ from: 'setting', name });
export const text = (value: string): Value => ({ from: 'text', text: value });
export const run = (what: RunFact): Value => ({ from: 'run', what });
export const entry = (name: string): Value => ({ from: 'entry', name });
