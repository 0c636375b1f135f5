import { tux, usualValues, type TuxValues } from '../../../stacks/tux/system';
import { startSystem, type SystemRun } from '../system-run';

export { all } from '../system-run';

const account = '789012345678';

/** tux in a sandbox of its own. */
export type TuxRun = SystemRun<TuxValues>;

/** Starts a sandbox, synthesizes tux into a folder and makes the bucket, the key and the table of its states. */
export async function startTux(): Promise<TuxRun> {
  return startSystem({ name: 'tux', account, build: tux, values: usualValues });
}
