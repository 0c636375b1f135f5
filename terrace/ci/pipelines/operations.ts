import type { EnvironmentDelivery, SystemDelivery } from '../delivery';
import { input, output, text, type Call, type Condition, type Job, type Pipeline, type Value } from '../../tree/ci-pipeline';
import { synthesize } from '../scripts';

import { acts, artefact, roundRights, roundSecrets, treeOf, type Operation } from './shared';

/** Synthesizes the protected branch, without credentials, for what a round is asked to do with it. */
function detectJob(delivery: SystemDelivery, needs: readonly string[]): Job {
  return {
    id: 'detect',
    title: 'Synthesize',
    needs,
    when: { all: [acts(delivery), 'protected'] },
    rights: ['source'],
    minutes: 20,
    outputs: { tree: 'synth' },
    steps: [
      { do: 'source', history: false },
      { do: 'runtime' },
      {
        do: 'run',
        title: 'Synthesize',
        id: 'synth',
        values: { SYSTEM: text(delivery.system) },
        script: [...synthesize, 'output tree "$(sha256sum "$CI_TEMP/tree.tar" | cut -d " " -f 1)"'],
      },
      { do: 'give', artefact: treeOf(delivery), files: ['$CI_TEMP/tree.tar'], days: 2 },
    ],
  };
}

function call(
  delivery: SystemDelivery,
  environment: EnvironmentDelivery,
  secrets: readonly string[],
  asked: {
    readonly operation: Operation;
    readonly needs: readonly string[];
    readonly when: Condition;
    readonly inputs?: Readonly<Record<string, Value>>;
  },
): Call {
  return {
    id: environment.name,
    title: environment.name,
    needs: asked.needs,
    when: asked.when,
    rights: roundRights,
    calls: '_round',
    repository: delivery.repository.name,
    branch: delivery.branch,
    inputs: {
      target: text(environment.path),
      round: text('1'),
      tree: output('detect', 'tree'),
      operation: text(asked.operation),
      ...asked.inputs,
    },
    secrets,
  };
}

/** Looks every day whether what stands is what was applied; one issue for each environment, opened, written again, or closed. */
export function driftPipeline(delivery: SystemDelivery): Pipeline {
  const secrets = roundSecrets([delivery]);
  return {
    file: `${delivery.system}-drift`,
    title: `${delivery.system} drift`,
    about: ['Compares what exists with what was applied, using plans that write nothing.'],
    triggers: [
      { on: 'time', cron: delivery.drift },
      { on: 'person', inputs: [] },
    ],
    jobs: [
      detectJob(delivery, []),
      ...delivery.environments.flatMap((environment): readonly (Job | Call)[] => [
        call(delivery, environment, secrets, { operation: 'drift', needs: ['detect'], when: 'protected' }),
        {
          id: `issue-${environment.name}`,
          title: `Issue of ${environment.name}`,
          needs: [environment.name],
          when: 'protected',
          rights: ['issues'],
          minutes: 5,
          steps: [
            { do: 'take', artefact: artefact('drift', text(environment.path.replace('/', '-'))), into: '.' },
            {
              do: 'run',
              title: 'Open, update or close the issue',
              values: { TARGET: text(environment.path), DRIFTED: output(environment.name, 'drifted') },
              script: ['@issue'],
            },
          ],
        },
      ]),
    ],
  };
}

/** Destroys one environment: typed confirmation, a place of its own that persons open, then planned, reviewed and applied like any change. */
export function destroyPipeline(delivery: SystemDelivery): Pipeline {
  const secrets = roundSecrets([delivery]);
  return {
    file: `${delivery.system}-destroy`,
    title: `${delivery.system} destroy`,
    about: ['Destroys one environment, dependents first. Its states and their backend stay: use terrace backend destroy to remove them.'],
    triggers: [
      {
        on: 'person',
        inputs: [
          { name: 'environment', about: 'Environment to destroy', choices: delivery.environments.map(({ path }) => path) },
          { name: 'confirmation', about: 'Type: destroy <system>/<environment>' },
        ],
      },
    ],
    jobs: [
      {
        id: 'confirm',
        title: 'Confirm',
        when: { all: [acts(delivery), 'protected'] },
        minutes: 5,
        steps: [
          {
            do: 'run',
            title: 'Compare the confirmation',
            values: { ENVIRONMENT: input('environment'), CONFIRMATION: input('confirmation') },
            script: [
              'if [ "$CONFIRMATION" != "destroy $ENVIRONMENT" ]; then echo "refused: the confirmation is not \'destroy $ENVIRONMENT\'" >&2; exit 3; fi',
            ],
          },
        ],
      },
      detectJob(delivery, ['confirm']),
      ...delivery.environments.flatMap((environment): readonly (Job | Call)[] => {
        const when: Condition = { all: ['protected', { is: input('environment'), equal: environment.path }] };
        return [
          {
            id: `${environment.name}-destroy`,
            title: `Let ${environment.name} be destroyed`,
            needs: ['detect'],
            when,
            place: text(environment.places.destroy),
            minutes: 5,
            steps: [
              {
                do: 'run',
                title: 'List what will be destroyed, in order',
                values: { UNITS: text(environment.units.map((unit) => `- ${unit}\n`).join('')) },
                script: ['printf "%s" "$UNITS" | summary'],
              },
            ],
          },
          call(delivery, environment, secrets, { operation: 'destroy', needs: ['detect', `${environment.name}-destroy`], when }),
        ];
      }),
    ],
  };
}

/** Lists the locks of one environment; releases one of them by its id, after a review. */
export function unlockPipeline(delivery: SystemDelivery): Pipeline {
  const secrets = roundSecrets([delivery]);
  return {
    file: `${delivery.system}-unlock`,
    title: `${delivery.system} unlock`,
    about: ['Lists the locks of one environment. Given a unit and the id of its lock, releases that lock after a review.'],
    triggers: [
      {
        on: 'person',
        inputs: [
          { name: 'environment', about: 'Environment whose locks to list', choices: delivery.environments.map(({ path }) => path) },
          { name: 'unit', about: 'Unit whose lock to release; leave empty to list only', optional: true },
          { name: 'lock', about: 'Exact id of the lock', optional: true },
        ],
      },
    ],
    jobs: [
      detectJob(delivery, []),
      ...delivery.environments.map((environment) =>
        call(delivery, environment, secrets, {
          operation: 'unlock',
          needs: ['detect'],
          when: { all: ['protected', { is: input('environment'), equal: environment.path }] },
          inputs: { unit: input('unit'), lock: input('lock') },
        }),
      ),
    ],
  };
}
