import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';

import type { TerraformResult, TerraformRun } from '../../terraform/run';

import type { DeliveryContext } from './context';

/** What terraform says of a resource that it works on, and when it is done with it. */
const begins = /^(\S.*?): (Creating|Modifying|Destroying|Reading|Refreshing state)\.\.\./;
const ends = /^(\S.*?): (?:Creation|Modifications|Destruction|Read) complete|^(\S.*?): (?:Creating|Modifying|Destroying) errored/;

const words: Readonly<Record<string, string>> = {
  Creating: 'creating',
  Modifying: 'changing',
  Destroying: 'destroying',
  Reading: 'reading',
  'Refreshing state': 'refreshing',
};

/** The resource that terraform has worked on longest, and what it does with it. */
export interface Busy {
  readonly resource: string;
  readonly doing: string;
}

/** Follows the lines of one terraform. Keys of instances are left out: they may be values. */
export function busyReader(): { add(text: string): void; now(): Busy | undefined } {
  const running = new Map<string, string>();
  let rest = '';
  return {
    add: (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [, begun, doing = ''] = begins.exec(line) ?? [];
        // Of what is only refreshed terraform says no end: the last one stands for all.
        if (doing === 'Refreshing state') for (const [name, word] of running) if (word === 'refreshing') running.delete(name);
        if (begun !== undefined) running.set(begun, words[doing] ?? doing);
        const [, done, failed] = ends.exec(line) ?? [];
        running.delete(done ?? failed ?? '');
      }
    },
    now: () => {
      const [first] = running;
      return first === undefined ? undefined : { resource: first[0].replaceAll(/\[[^\]]*\]/g, ''), doing: first[1] };
    },
  };
}

/** Milliseconds between two looks at what terraform wrote. */
const interval = 500;

/** Runs a terraform that writes its output to a file, and says while it runs what it is busy with. */
export async function runWatched(
  context: Pick<DeliveryContext, 'run' | 'onEvent'>,
  unit: string,
  run: TerraformRun,
): Promise<TerraformResult> {
  const reader = busyReader();
  let at = 0;
  let said = '';
  const look = (): void => {
    const text = readFrom(path.join(run.outlives ?? run.cwd, 'terraform.out'), at);
    at += text.length;
    reader.add(text.toString('utf8'));
    const busy = reader.now();
    const now = busy === undefined ? '' : `${busy.doing} ${busy.resource}`;
    if (now === said || busy === undefined) return;
    said = now;
    context.onEvent({ type: 'busy', unit, ...busy });
  };
  const timer = setInterval(look, interval);
  timer.unref();
  try {
    return await context.run(run);
  } finally {
    clearInterval(timer);
  }
}

/** What a file holds from a byte on, at most 64 KiB; nothing where it cannot be read. */
function readFrom(file: string, position: number): Buffer {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(65_536);
      return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, position));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
