import { type Condition, type Job, type Value } from '../../tree/ci-pipeline';
import { synthesizeAgain } from '../scripts';

/** Where the second synthesis stands. */
export interface AgainPlace {
  readonly id: string;
  readonly needs: readonly string[];
  readonly when: Condition;
  readonly system: Value;
  /** Digest of the tree that the first synthesis gave. */
  readonly tree: Value;
}

/** The commit synthesized a second time, by a job without credentials: it fails unless its digest is that of the tree that is applied. */
export function againJob({ id, needs, when, system, tree }: AgainPlace): Job {
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
      {
        do: 'run',
        title: 'Synthesize the commit again and compare',
        id: 'synth',
        values: { SYSTEM: system, TREE: tree },
        script: synthesizeAgain,
      },
    ],
  };
}
