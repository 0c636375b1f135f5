import { setTimeout as wait } from 'node:timers/promises';

/** Waits until a condition holds, for half a minute at most; fails where it never does. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await condition()) return;
    await wait(50);
  }
  throw new Error('never became true');
}
