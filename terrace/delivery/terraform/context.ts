import type { TerraformBinary } from '../../terraform/binary';
import type { TerraformResult, TerraformRun } from '../../terraform/run';

import type { Accounts } from './accounts';
import type { OnEvent } from './events';
import type { GrantsOf } from './grants';
import type { States } from '../record/states';

/** What every step of the delivery works with; tests replace its parts. */
export interface DeliveryContext {
  readonly binary: TerraformBinary;
  readonly run: (run: TerraformRun) => Promise<TerraformResult>;
  /** Variables of the shell. */
  readonly env: NodeJS.ProcessEnv;
  readonly accounts: Accounts;
  readonly states: States;
  readonly onEvent: OnEvent;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  /** Folder of working files, the project's `.terrace` for instance. */
  readonly work: string;
  /** Folder of the units' logs, without secrets: `<logs>/<unit>.log`. */
  readonly logs: string;
  readonly parallel: number;
  readonly now: () => Date;
  /** What the facts of environments let their terraform have. */
  readonly grants: GrantsOf;
}
