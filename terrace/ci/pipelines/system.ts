import type { EnvironmentDelivery, SystemDelivery } from '../delivery';
import { output, run, text, type Call, type Condition, type Job, type Pipeline } from '../../tree/ci-pipeline';
import { askAddress, requireSetUp, synthesize } from '../scripts';

import { checkJobs } from './checks';
import { acts, artefact, roundRights, roundSecrets, treeOf, type SystemPart } from './shared';
import { stageJobs } from './stages';

/** The pipelines of a system, one for each file that its environments name. */
export function systemPipelines(delivery: SystemDelivery): readonly Pipeline[] {
  const files = [...new Set([...delivery.environments, ...delivery.planned].map(({ file }) => file))];
  return files.map((file) => {
    const environments = delivery.environments.filter((one) => one.file === file);
    const planned = delivery.planned.filter((one) => one.file === file);
    const title = files.length === 1 ? delivery.system : [delivery.system, ...environments.map(({ name }) => name)].join(' ');
    return systemPipeline({ ...delivery, file, title, environments, planned });
  });
}

/**
 * The way from a change to what stands: detect, validate, and for each environment its rounds. A change is planned and commented, no more;
 * a commit of the protected branch goes through to the apply.
 */
function systemPipeline(part: SystemPart): Pipeline {
  const checks = part.checks.flatMap((check) => checkJobs[check](part));
  const validated = checks.map(({ id }) => id);
  return {
    file: part.file,
    title: part.title,
    about: [
      'Detect, validate, plan, review, apply. The code of a change runs in jobs without any credential; the program of the protected',
      'branch plans and applies, in the rounds of _round.yml.',
      ...(part.enabledBy === undefined ? [] : [`Does nothing unless the repository variable ${part.enabledBy} is \`true\`.`]),
    ],
    triggers: [
      { on: 'push', branches: [part.branch] },
      { on: 'change', branches: [part.branch] },
    ],
    jobs: [
      detectJob(part),
      ...checks,
      ...part.environments.flatMap((environment) => environmentJobs(part, environment, validated)),
      ...part.planned.map((environment) => plannedJob(part, environment)),
      ...monitorJobs(part),
      commentJob(part),
    ],
  };
}

const roundId = (environment: string, round: number): string => `${environment}-${round}`;

/** Synthesizes the change, and says which environments it has. Its code runs here, without any credential. */
function detectJob(part: SystemPart): Job {
  return {
    id: 'detect',
    title: part.titles.detect ?? 'Detect changes',
    when: acts(part),
    rights: ['source'],
    minutes: 20,
    outputs: { tree: 'synth', environments: 'affected' },
    steps: [
      { do: 'source', history: true },
      { do: 'runtime' },
      {
        do: 'run',
        title: 'Synthesize',
        id: 'synth',
        values: { SYSTEM: text(part.system) },
        script: [...synthesize, 'output tree "$(sha256sum "$CI_TEMP/tree.tar" | cut -d " " -f 1)"'],
      },
      {
        do: 'run',
        title: 'Show what the change affects',
        id: 'affected',
        values: {
          SYSTEM: text(part.system),
          ENVIRONMENTS: text(JSON.stringify([...part.environments, ...part.planned].map(({ name }) => name))),
          BASE: run('target-branch'),
          BEFORE: run('before'),
        },
        script: [
          'base="refs/remotes/origin/$BASE"',
          'if [ -z "$BASE" ]; then base="${BEFORE:-HEAD^}"; fi',
          'if ! git cat-file -e "$base^{commit}"; then base=$(git rev-list --max-parents=0 HEAD | tail -n 1); fi',
          'node node_modules/terrace/bin/terrace.js affected "$SYSTEM" --base "$base" --allow-empty > "$CI_TEMP/affected.txt"',
          '{ printf "### What the change affects\\n\\n\\`\\`\\`\\n"; cat "$CI_TEMP/affected.txt"; printf "\\`\\`\\`\\n"; } | summary',
          'environments=$(jq --compact-output --arg system "$SYSTEM" --argjson asked "$ENVIRONMENTS" \'[.units[] | select(.system == $system and (.bootstrap | not) and (.environment | IN($asked[]))) | .environment] | unique\' "$CI_TEMP/tree/synth.json")',
          'output environments "$environments"',
        ],
      },
      { do: 'run', title: 'Check that the pipeline is set up', script: requireSetUp },
      { do: 'give', artefact: treeOf(part), files: ['$CI_TEMP/tree.tar'], days: 2 },
    ],
  };
}

function environmentJobs(part: SystemPart, environment: EnvironmentDelivery, validated: readonly string[]): readonly (Call | Job)[] {
  const secrets = roundSecrets([part]);
  const before = part.environments.find(({ name }) => name === environment.after);
  const gate = before?.trial === undefined ? [] : [before.trial];
  const rounds = Array.from({ length: environment.rounds }, (_, index): Call => {
    const round = index + 1;
    const previous = roundId(environment.name, round - 1);
    const isLater: Condition = { all: ['though-skipped', 'protected', { is: output(previous, 'left'), equal: 'true' }] };
    return {
      id: roundId(environment.name, round),
      title: round === 1 ? environment.title : `${environment.title}, round ${round}`,
      needs: ['detect', ...(round === 1 ? [...validated, ...lastRounds(before), ...gate] : [previous])],
      when: round === 1 ? firstRound(before !== undefined) : isLater,
      rights: roundRights,
      calls: '_round',
      repository: part.repository.name,
      branch: part.branch,
      inputs: { target: text(environment.path), round: text(String(round)), tree: output('detect', 'tree'), operation: text('apply') },
      secrets,
    };
  });
  return [
    ...rounds,
    ...stageJobs(part, environment, lastRounds(environment)),
    ...(environment.trial === undefined ? [] : [trialJob(environment, environment.trial)]),
  ];
}

const detected: Condition = { is: output('detect', '@result'), equal: 'success' };

/** A change is planned everywhere at once; what is applied waits for the environment before. */
function firstRound(waits: boolean): Condition {
  return waits ? { all: ['though-skipped', detected, 'trusted'] } : 'trusted';
}

function lastRounds(environment: EnvironmentDelivery | undefined): readonly string[] {
  return environment === undefined ? [] : Array.from({ length: environment.rounds }, (_, index) => roundId(environment.name, index + 1));
}

/** Persons try an environment out, and say that they are content. */
function trialJob(environment: EnvironmentDelivery, trial: string): Job {
  return {
    id: trial,
    title: titleOf(trial),
    needs: ['detect', ...lastRounds(environment)],
    when: { all: ['though-skipped', detected, 'protected'] },
    place: text(`${environment.places.apply.slice(0, environment.places.apply.length - environment.name.length)}${trial}`),
    minutes: 5,
    steps: [
      {
        do: 'run',
        title: 'Note that it was tried out',
        values: { COMMIT: run('commit'), ENVIRONMENT: text(environment.path) },
        script: ['printf "%s was tried out at %s.\\n" "$ENVIRONMENT" "$COMMIT" | summary'],
      },
    ],
  };
}

const titleOf = (id: string): string =>
  id
    .split('-')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join(' ');

/** Where a planned environment will be deployed: off for as long as the tree has no unit of it. */
function plannedJob(part: SystemPart, { name, title, after }: SystemPart['planned'][number]): Job {
  const before = part.environments.find((one) => one.name === after);
  return {
    id: name,
    title: `${title} (planned)`,
    needs: ['detect', ...lastRounds(before)],
    when: { all: ['protected', { has: name, list: output('detect', 'environments') }] },
    minutes: 5,
    steps: [
      {
        do: 'run',
        title: 'Ask for its pipeline',
        values: { ENVIRONMENT: text(`${part.system}/${name}`) },
        script: ['echo "$ENVIRONMENT is no longer planned: run terrace ci generate" >&2', 'exit 1'],
      },
    ],
  };
}

/** Asks the last environment's public address once everything is applied. */
function monitorJobs(part: SystemPart): readonly Job[] {
  const last = part.environments.at(-1);
  if (last?.address === undefined) return [];
  return [
    {
      id: 'monitor',
      title: part.titles.monitor ?? 'Monitor',
      needs: ['detect', ...lastRounds(last)],
      when: { all: ['though-skipped', detected, 'protected'] },
      minutes: 10,
      steps: [{ do: 'run', title: 'Request the public address', values: { ADDRESS: text(last.address) }, script: askAddress }],
    },
  ];
}

/** One comment on the change, with every environment's plan; written again when the change grows. */
function commentJob(part: SystemPart): Job {
  return {
    id: 'comment',
    title: 'Comment',
    needs: ['detect', ...part.environments.map(({ name }) => roundId(name, 1))],
    when: { all: ['always', detected, 'own-change'] },
    rights: ['comment'],
    minutes: 5,
    steps: [
      ...part.environments.map((environment): Job['steps'][number] => ({
        do: 'take',
        artefact: artefact('bundle', text(environment.path.replace('/', '-')), text('1')),
        into: `reviews/${environment.name}`,
        mayFail: true,
      })),
      {
        do: 'run',
        title: 'Write the comment',
        values: {
          SYSTEM: text(part.system),
          MARKER: text(part.file),
          ENVIRONMENTS: text(part.environments.map(({ name }) => name).join(' ')),
        },
        script: ['@comment'],
      },
    ],
  };
}
