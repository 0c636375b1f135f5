import { type Condition, type Job, type Value } from '../../tree/ci-pipeline';
import { synthesize } from '../scripts';

/** Where the second synthesis stands. */
export interface AgainPlace {
  readonly id: string;
  readonly needs: readonly string[];
  readonly when: Condition;
  readonly system: Value;
}

/** The commit synthesized a second time, by a job without credentials: its digest has to be that of the tree that is applied. */
export function againJob({ id, needs, when, system }: AgainPlace): Job {
  return {
    id,
    title: 'Synthesize again',
    needs,
    when,
    rights: ['source'],
    minutes: 15,
    outputs: { digest: 'synth' },
    steps: [
      { do: 'source', history: false },
      { do: 'runtime' },
      { do: 'run', title: 'Synthesize the commit once more', id: 'synth', values: { SYSTEM: system }, script: synthesize },
    ],
  };
}
