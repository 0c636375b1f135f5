import type { SystemDelivery } from '../delivery';
import { input, output, type Pipeline } from '../../tree/ci-pipeline';

import { againJob } from './again';
import { applyJob, gateJobs } from './round-apply';
import { driftJob, locksJob, outputsJob, servicesJob, unlockGate, unlockJob } from './round-other';
import { acceptedJob, isShared, judgeJob, partJob, placeJob, planJob } from './round-plan';
import { ansibleJob, answerJob, configureJob, notifyJob } from './round-after';
import { changed, place, roundSecrets, shellOf } from './shared';

/**
 * One round of one environment, as a part that pipelines call at the protected branch: what it does, and for which environment which role
 * is taken, is that branch's word and not the change's. Callers name the target only.
 */
export function roundPipeline(systems: readonly SystemDelivery[], branch: string): Pipeline {
  const shell = shellOf(systems);
  const secrets = roundSecrets(systems);
  const shared = isShared(systems);
  const stages = systems.flatMap(({ environments }) => environments.flatMap((environment) => environment.stages));
  return {
    file: '_round',
    title: 'round',
    about: [
      'One round of one environment: what was accepted last, the judge, the plan, the review, the apply.',
      'Called at the protected branch, so that a change decides neither what runs here nor which role it gets.',
    ],
    triggers: [
      {
        on: 'call',
        inputs: [
          { name: 'target', type: 'string', about: '<system>/<environment>' },
          { name: 'round', type: 'number', about: 'number of the round within its environment, from 1' },
          { name: 'tree', type: 'string', about: 'digest of the tree that was synthesized' },
          { name: 'operation', type: 'string', about: 'apply, destroy, drift, unlock, outputs or services' },
          { name: 'unit', type: 'string', about: 'for unlock: the unit whose lock to release', optional: true },
          { name: 'lock', type: 'string', about: 'for unlock: the id of the lock', optional: true },
        ],
        secrets,
        outputs: {
          left: output('plan', 'left'),
          hash: output('plan', 'hash'),
          changes: output('plan', 'changes'),
          upload: output('plan', 'upload'),
          drifted: output('drift', 'drifted'),
        },
      },
    ],
    jobs: [
      placeJob(systems),
      acceptedJob(),
      judgeJob(branch),
      ...(shared ? [partJob(shell)] : []),
      planJob(shell, shared),
      againJob({
        id: 'again',
        needs: ['place', 'plan'],
        when: { all: ['though-skipped', 'protected', changed] },
        system: place('system'),
        tree: input('tree'),
      }),
      ...gateJobs(),
      applyJob(shell),
      ...(secrets.includes('ANSIBLE_VAULT') ? [ansibleJob(), configureJob()] : []),
      answerJob(),
      notifyJob(),
      driftJob(shell),
      locksJob(),
      unlockGate(),
      unlockJob(),
      ...(stages.some((stage) => 'run' in stage) ? [outputsJob()] : []),
      ...(stages.some((stage) => 'ecs' in stage) ? [servicesJob()] : []),
    ],
  };
}
