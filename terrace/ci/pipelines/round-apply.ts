import { mostGates } from '../delivery';
import { found, input, output, run, secret, text, type Condition, type Job } from '../../tree/ci-pipeline';
import { apply, readPersons } from '../scripts';

import { bundle, judge, reviewPlace, tree } from './round-plan';
import { applyIdentity, artefact, changed, place, type Shell } from './shared';

/** One gate for each person: an approval opens one of them, whoever else approves. */
export function gateJobs(): readonly Job[] {
  return Array.from({ length: mostGates }, (_, index): Job => {
    const number = index + 1;
    const before = index === 0 ? [] : [index === 1 ? 'review' : `review-${index}`];
    return {
      id: number === 1 ? 'review' : `review-${number}`,
      title: number === 1 ? 'Review' : `Review ${number}`,
      needs: ['place', 'plan', 'again', ...before],
      when: { all: ['though-skipped', 'protected', changed, atLeast(number)] },
      place: place(reviewPlace(number)),
      minutes: 5,
      steps: [
        {
          do: 'run',
          title: 'Note what was approved',
          values: { HASH: output('plan', 'hash'), TARGET: input('target'), GATE: text(String(number)) },
          script: ['printf "%s: bundle %s was approved at gate %s.\\n" "$TARGET" "$HASH" "$GATE" | summary'],
        },
      ],
    };
  });
}

function atLeast(number: number): Condition {
  return {
    any: Array.from({ length: mostGates - number + 1 }, (_, index): Condition => ({
      is: output('plan', 'gates'),
      equal: `${number + index}`,
    })),
  };
}

/** A state that could not be uploaded is taken up by a person: two weeks away are none too many. */
const keptDays = 30;

export function applyJob({ values: shell, signIn }: Shell): Job {
  return {
    id: 'apply',
    title: 'Apply',
    needs: ['place', 'plan', 'again', ...gateJobs().map(({ id }) => id)],
    when: { all: ['though-skipped', 'protected', changed] },
    rights: ['identity', 'runs', 'proposals'],
    place: place('apply'),
    queue: ['apply-', place('name')],
    minutes: 120,
    outputs: { applied: 'apply' },
    steps: [
      { do: 'runtime' },
      { do: 'take', artefact: judge, into: '.' },
      { do: 'take', artefact: tree, into: '.' },
      { do: 'take', artefact: { ...bundle, upload: output('plan', 'upload') }, into: '.' },
      {
        do: 'run',
        title: 'Read who reviewed and who proposed the change',
        values: { COMMIT: run('commit'), JUDGE: output('plan', 'judge'), GATES: output('plan', 'gates') },
        script: readPersons,
      },
      {
        do: 'run',
        title: 'Apply the reviewed bundle',
        id: 'apply',
        values: {
          ...applyIdentity,
          ATTEMPT: run('attempt'),
          COMMIT: run('commit'),
          JUDGE: output('plan', 'judge'),
          TREE: input('tree'),
          AGAIN: output('again', 'digest'),
          HASH: output('plan', 'hash'),
          REVIEW: place('review'),
          APPROVALS: place('approvals'),
          GATES: output('plan', 'gates'),
          SIGNING_KEY: secret('TERRACE_SIGNING_KEY'),
          AGE_IDENTITY: secret('TERRACE_AGE_IDENTITY'),
          ...shell,
        },
        script: [...apply(signIn), 'output applied true'],
      },
      {
        do: 'give',
        artefact: artefact('kept', place('name'), input('round')),
        files: ['$CI_TEMP/kept'],
        days: keptDays,
        when: { all: ['always', { is: found('apply', 'kept'), equal: 'true' }] },
      },
    ],
  };
}
