import type { Host, Place } from './host';
import type { KeptScripts } from './kept-scripts';

export interface Repository {
  readonly name: string;
  /** A bare repository. */
  readonly origin: string;
  readonly places: Readonly<Record<string, Place>>;
  /** Variables of the whole repository. @default none */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface RunnerFacts {
  readonly repository: Repository;
  readonly host: Host;
  /** Folder of the runs. */
  readonly folder: string;
  /** Variables of every job: PATH, and what stands for the clouds' addresses. */
  readonly base: NodeJS.ProcessEnv;
  /** Variables of jobs that can prove who they are, beside those. */
  readonly cloud: NodeJS.ProcessEnv;
  /** Where scripts without credentials are looked up before they run. @default each runs */
  readonly kept?: KeptScripts;
}
