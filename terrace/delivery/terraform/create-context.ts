import path from 'node:path';

import { findTerraform, type TerraformBinary } from '../../terraform/binary';
import { runTerraform } from '../../terraform/run';

import { accountsFrom } from './accounts';
import type { DeliveryContext } from './context';
import type { OnEvent } from './events';
import { noGrants, type GrantsOf } from './grants';
import { atMost, defaultParallelism } from './pool';
import { awsStates } from '../record/states';

export interface ContextOptions {
  /** Folder of working files: workspaces, kept inits, installed providers, logs. */
  readonly work: string;
  /** Variables of the shell. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** @default nobody listens */
  readonly onEvent?: OnEvent;
  /** @default never aborts */
  readonly signal?: AbortSignal;
  /** Folder of the units' logs. @default `<work>/logs` */
  readonly logs?: string;
  /** terraform processes at once. @default one for each core */
  readonly parallel?: number;
  /** The program, where somebody looks for it already. @default looked for in the shell */
  readonly terraform?: Promise<TerraformBinary>;
  /** @default nothing */
  readonly grants?: GrantsOf;
}

/** The real thing: terraform on PATH, states in S3, the clock. Raises E8001 to E8003. */
export async function createContext(options: ContextOptions): Promise<DeliveryContext> {
  const env = options.env ?? process.env;
  const binary = await (options.terraform ?? findTerraform(env));
  const parallel = options.parallel ?? defaultParallelism;
  const inTurn = atMost(parallel);
  return {
    binary,
    // Whatever it does: a closed pipe would take it down with its lock held where Terrace is killed.
    run: (run) => inTurn(() => runTerraform(binary, { outlives: run.cwd, ...run })),
    env,
    accounts: accountsFrom(env),
    states: awsStates,
    onEvent: options.onEvent ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
    work: options.work,
    logs: options.logs ?? path.join(options.work, 'logs'),
    parallel,
    now: () => new Date(),
    grants: options.grants ?? noGrants,
  };
}
