import { found, input, type Condition, type Job } from '../../tree/ci-pipeline';
import { awaitServices, drift, listLocks, readOutputs, releaseLock } from '../scripts';

import { takeJudge, tree } from './round-plan';
import { applyIdentity, artefact, operation, place, planIdentity, planPlace, type Shell } from './shared';

const opened = { JUDGE: found('judge', 'digest'), TREE: input('tree'), TARGET: input('target') } as const;
const takeBoth = [{ do: 'runtime' }, ...takeJudge, { do: 'take', artefact: tree, into: '.' }] as const;
const hasLock: Condition = { is: input('lock'), equal: '', not: true };

export function driftJob({ values: shell, signIn }: Shell): Job {
  return {
    id: 'drift',
    title: 'Drift',
    needs: ['place', 'judge'],
    when: operation('drift'),
    rights: ['identity'],
    place: planPlace,
    minutes: 60,
    outputs: { drifted: 'compare' },
    steps: [
      ...takeBoth,
      { do: 'run', title: 'Look for drift', id: 'compare', values: { ...planIdentity, ...opened, ...shell }, script: drift(signIn) },
      { do: 'give', artefact: artefact('drift', place('name')), files: ['$CI_TEMP/drift.md'], days: 7 },
    ],
  };
}

export function locksJob(): Job {
  return {
    id: 'locks',
    title: 'Locks',
    needs: ['place', 'judge'],
    when: operation('unlock'),
    rights: ['identity'],
    place: place('plan'),
    minutes: 15,
    steps: [...takeBoth, { do: 'run', title: 'List the locks', values: { ...planIdentity, ...opened }, script: listLocks }],
  };
}

/** Who releases a lock says that its holder is dead: that is reviewed like an apply. */
export function unlockGate(): Job {
  return {
    id: 'unlock-review',
    title: 'Review the release',
    needs: ['place', 'locks'],
    when: { all: ['protected', operation('unlock'), hasLock] },
    place: place('review'),
    minutes: 5,
    steps: [
      {
        do: 'run',
        title: 'Note what was approved',
        values: { UNIT: input('unit'), LOCK: input('lock') },
        script: ['printf "Lock %s of %s may be released.\\n" "$LOCK" "$UNIT" | summary'],
      },
    ],
  };
}

export function unlockJob(): Job {
  return {
    id: 'unlock',
    title: 'Release the lock',
    needs: ['place', 'judge', 'unlock-review'],
    when: { all: ['protected', operation('unlock'), hasLock] },
    rights: ['identity'],
    place: place('apply'),
    minutes: 15,
    steps: [
      ...takeBoth,
      {
        do: 'run',
        title: 'Release the lock',
        values: { ...applyIdentity, ...opened, UNIT: input('unit'), LOCK: input('lock') },
        script: releaseLock,
      },
    ],
  };
}

/** Reads what an environment gives to what follows terraform; only what is not sensitive leaves the job. */
export function outputsJob(): Job {
  return {
    id: 'outputs',
    title: 'Outputs',
    needs: ['place'],
    when: { all: ['protected', operation('outputs')] },
    rights: ['identity'],
    place: place('plan'),
    minutes: 10,
    steps: [
      {
        do: 'run',
        title: 'Read the outputs of applied units',
        values: { ...planIdentity, BUCKET: place('bucket'), STATES: place('states') },
        script: readOutputs,
      },
      { do: 'give', artefact: artefact('outputs', place('name')), files: ['outputs.json'], days: 2 },
    ],
  };
}

/** Waits for services that terraform has deployed. */
export function servicesJob(): Job {
  return {
    id: 'services',
    title: 'Services',
    needs: ['place'],
    when: { all: ['protected', operation('services')] },
    rights: ['identity'],
    place: place('plan'),
    minutes: 20,
    steps: [
      {
        do: 'run',
        title: 'Wait until the services run what was applied',
        values: { ...planIdentity, CLUSTER: place('cluster'), SERVICES: place('services') },
        script: awaitServices,
      },
    ],
  };
}
