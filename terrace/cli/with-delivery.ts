import path from 'node:path';
import { setFlagsFromString } from 'node:v8';

import { earlierTimes } from '../delivery/report/earlier-times';
import { progress } from '../delivery/report/progress';
import type { DeliveryContext } from '../delivery/terraform/context';
import { createContext } from '../delivery/terraform/create-context';
import { eventWriter, toAll } from '../delivery/terraform/events';
import { sandboxHint } from './sandbox-hint';
import { formatProblems, type Problem } from '../base/errors';
import type { TerraformBinary } from '../terraform/binary';
import { listenForInterruption } from '../terraform/interruption';
import { malformedValue } from './usage-problems';

export interface RunFlags {
  readonly parallel?: string;
  /** File for events as JSON lines; `-` is stdout. */
  readonly events?: string;
  readonly json?: boolean;
}

/**
 * Runs with terraform, working files in `work`, progress on stderr, events where they are wanted, and a Ctrl-C that lets terraform end cleanly.
 * `terraform` is the search for the program, where it has been begun already.
 */
export async function withDelivery<T>(
  work: string,
  flags: RunFlags,
  run: (context: DeliveryContext) => Promise<T>,
  terraform?: Promise<TerraformBinary>,
): Promise<T> {
  // Most of the time is spent waiting for terraform: a small nursery costs nothing here and saves a quarter of the memory.
  for (const flag of ['--max-semi-space-size=4', '--semi-space-growth-factor=1']) setFlagsFromString(flag);
  const events = flags.events === undefined ? undefined : eventWriter(flags.events);
  const interruption = listenForInterruption({
    onFirst: () => process.stderr.write('\nInterrupted: waiting for terraform to end cleanly and to release its locks…\n'),
    onAgain: () => process.stderr.write('Still waiting: killing terraform would leave its locks held and could lose state.\n'),
  });
  const shown = progress({ times: earlierTimes(path.join(work, 'times.json')) });
  try {
    const context = await createContext({
      work,
      onEvent: toAll(shown.onEvent, events?.onEvent),
      signal: interruption.signal,
      ...(terraform === undefined ? {} : { terraform }),
      ...(flags.parallel === undefined ? {} : { parallel: positive(flags.parallel, '--parallel') }),
    });
    return await run(context);
  } finally {
    shown.close();
    interruption.dispose();
    await events?.close();
  }
}

/** A whole number from 1. Raises E0005. */
export function positive(text: string, flag: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw malformedValue(flag, text, 'a whole number from 1', `pass such a number with ${flag}`);
}

/** Prints problems that did not stop a command. */
export function printProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const hint = sandboxHint(problems, process.env, process.cwd());
  process.stderr.write(`\n${formatProblems(problems)}\n${hint === undefined ? '' : `\n${hint}\n`}`);
}
