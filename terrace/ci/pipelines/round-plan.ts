import { mostEntries, mostGates, type EnvironmentDelivery, type SystemDelivery } from '../delivery';
import {
  entry,
  found,
  input,
  output,
  run,
  text,
  type Condition,
  type Job,
  type Script,
  type Step,
  type Value,
} from '../../tree/ci-pipeline';
import { plan, planPart, showReview } from '../plan-scripts';
import { buildJudge, readAccepted } from '../scripts';
import { isGuarded } from '../stages';

import { artefact, operation, place, planIdentity, planPlace, type Shell } from './shared';

/** Column of the table that names the place of a gate. */
export const reviewPlace = (gate: number): string => (gate === 1 ? 'review' : `review_${gate}`);

/** Looks the target up in the table of the protected branch. */
export function placeJob(systems: readonly SystemDelivery[]): Job {
  const rows = systems.flatMap((system) => system.environments.map((environment) => [environment.path, row(system, environment)] as const));
  const names = Object.keys(rows[0]?.[1] ?? {});
  return {
    id: 'place',
    title: 'Place',
    minutes: 5,
    outputs: Object.fromEntries(names.map((name) => [name, 'row'])),
    steps: [
      {
        do: 'run',
        title: 'Look up the environment',
        id: 'row',
        values: { TARGET: input('target'), TABLE: text(`${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`) },
        script: [
          'jq --exit-status --raw-output --arg target "$TARGET" \'.[$target] // error("no environment \\($target)") | to_entries[] | "\\(.key) \\(.value)"\' <<< "$TABLE" > "$CI_TEMP/row"',
          'while read -r name value; do output "$name" "$value"; done < "$CI_TEMP/row"',
        ],
      },
    ],
  };
}

function row({ system }: SystemDelivery, environment: EnvironmentDelivery): Readonly<Record<string, string | number>> {
  const { ansible, stages } = environment;
  const services = stages.find((stage) => 'ecs' in stage);
  return {
    system,
    plan: environment.places.plan,
    plan_protected: environment.places.planProtected,
    writing: environment.writing.join(' '),
    shards: JSON.stringify(environment.runners === 1 ? [] : Array.from({ length: environment.runners }, (_, index) => index + 1)),
    waves: [...environment.waves, 'gone'].join(' '),
    ...Object.fromEntries(
      Array.from({ length: mostGates }, (_, index) => [
        reviewPlace(index + 1),
        `${environment.places.review}${index === 0 ? '' : `-${index + 1}`}`,
      ]),
    ),
    apply: environment.places.apply,
    approvals: environment.approvals,
    plan_role: environment.roles.plan,
    apply_role: environment.roles.apply,
    region: environment.accepted.region,
    bucket: environment.accepted.bucket,
    key: environment.accepted.key,
    name: environment.path.replace('/', '-'),
    address: environment.address ?? '',
    servers: ansible === undefined ? 'no' : 'yes',
    handover: ansible !== undefined || stages.some(isGuarded) ? 'yes' : 'no',
    ansible: ansible === undefined ? '' : `${environment.path}/artifacts/${ansible.folder}`,
    inventory: ansible?.inventory ?? '',
    playbook: ansible?.playbook ?? '',
    inventory_unit: ansible === undefined ? '' : `${environment.path}/${ansible.unit}`,
    states: JSON.stringify(Object.fromEntries(environment.states.map(({ unit, key, outputs }) => [unit, { key, outputs }]))),
    cluster: services?.ecs.cluster ?? '',
    services: services?.ecs.services.join(' ') ?? '',
  };
}

export function acceptedJob(): Job {
  return {
    id: 'accepted',
    title: 'Accepted',
    needs: ['place'],
    when: { is: input('round'), equal: '1' },
    rights: ['identity'],
    place: place('plan'),
    minutes: 5,
    outputs: { commit: 'read' },
    steps: [
      {
        do: 'run',
        title: 'Read which commit was applied last',
        id: 'read',
        values: { ...planIdentity, TARGET: input('target'), BUCKET: place('bucket'), KEY: place('key') },
        script: readAccepted,
      },
    ],
  };
}

export const judge = artefact('judge', place('name'));

export function judgeJob(branch: string): Job {
  return {
    id: 'judge',
    title: 'Judge',
    needs: ['place', 'accepted'],
    rights: ['source'],
    minutes: 15,
    outputs: { digest: 'build' },
    steps: [
      { do: 'source', history: true, into: 'source' },
      { do: 'runtime' },
      { do: 'terraform' },
      {
        do: 'run',
        title: 'Build the pinned program and the accepted policies',
        id: 'build',
        values: { SYSTEM: place('system'), ACCEPTED: output('accepted', 'commit'), COMMIT: run('commit'), BRANCH: text(branch) },
        script: [...buildJudge, 'printf "%s\\n" "$ACCEPTED" > accepted.txt', 'sha256sum judge.tar > judge.sha256'],
      },
      { do: 'give', artefact: judge, files: ['judge.tar', 'judge.sha256', 'accepted.txt'], days: 2 },
    ],
  };
}

/** Later rounds of a run take the judge of its first one. */
export const takeJudge: readonly Step[] = [
  { do: 'take', artefact: judge, into: '.' },
  {
    do: 'run',
    title: 'Take the judge of the first round',
    id: 'judge',
    values: { BUILT: output('judge', 'digest'), ROUND: input('round') },
    script: [
      'digest=$(cut -d " " -f 1 judge.sha256)',
      'if [ "$ROUND" = 1 ] && [ "$digest" != "$BUILT" ]; then echo "refused: this is not the judge that was built" >&2; exit 3; fi',
      'output digest "$digest"',
      'output accepted "$(cat accepted.txt)"',
    ],
  },
];
export const tree = artefact('tree', place('system'));
export const bundle = artefact('bundle', place('name'), input('round'));

/** True where the plan of some environment is shared out among runners. */
export function isShared(systems: readonly SystemDelivery[]): boolean {
  return systems.some(({ environments }) => environments.some(({ runners }) => runners > 1));
}

const sharedRound: Condition = { all: [operation('apply'), { is: place('shards'), equal: '[]', not: true }] };
const part = artefact('part', place('name'), input('round'));

/** One runner's part of a large environment's round. */
export function partJob({ values: shell, signIn }: Shell): Job {
  return {
    id: 'part',
    title: 'Plan part',
    needs: ['place', 'judge'],
    when: { all: ['though-skipped', sharedRound] },
    rights: ['identity'],
    place: planPlace,
    each: { list: place('shards'), most: mostEntries, shards: 1, entry: 'shard' },
    minutes: 60,
    steps: [
      { do: 'runtime' },
      ...takeJudge,
      { do: 'take', artefact: tree, into: '.' },
      {
        do: 'run',
        title: 'Plan one part',
        values: { ...planValues(shell), SHARD: entry('shard') },
        script: planPart(signIn),
      },
      {
        do: 'give',
        artefact: { name: [...part.name, '-', entry('shard')] },
        files: ['$CI_TEMP/bundle.tar.gz'],
        days: 2,
      },
    ],
  };
}

/** What a step that plans is told. */
function planValues(shell: Shell['values']): Readonly<Record<string, Value>> {
  return {
    ...planIdentity,
    JUDGE: found('judge', 'digest'),
    TREE: input('tree'),
    TARGET: input('target'),
    OPERATION: input('operation'),
    ROUND: input('round'),
    ACCEPTED: found('judge', 'accepted'),
    APPROVALS: place('approvals'),
    GATES: text(String(mostGates)),
    HANDOVER: place('handover'),
    WRITING: place('writing'),
    SHARDS: place('shards'),
    WAVES: place('waves'),
    APPLIES: { from: 'condition', condition: 'protected' },
    ...shell,
  };
}

export function planJob({ values: shell, signIn }: Shell, shared: boolean): Job {
  const planned: Script = {
    do: 'run',
    title: 'Plan',
    id: 'plan',
    values: { ...planValues(shell), ...(shared ? { SHARED: { from: 'condition', condition: sharedRound } } : {}) },
    script: plan(signIn, shared),
  };
  const isSealed: Condition = { is: found('plan', 'sealed'), equal: 'true' };
  const hasReview: Condition = { is: found('plan', 'sealed'), equal: '', not: true };
  return {
    id: 'plan',
    title: 'Plan',
    needs: ['place', 'judge', ...(shared ? ['part'] : [])],
    when: { all: ['though-skipped', operation('apply', 'destroy')] },
    rights: ['identity'],
    place: planPlace,
    minutes: 60,
    outputs: { hash: 'plan', changes: 'plan', left: 'plan', gates: 'plan', upload: '@bundle', judge: 'judge.digest' },
    steps: [
      { do: 'runtime' },
      ...takeJudge,
      { do: 'take', artefact: tree, into: '.' },
      ...(shared ? [{ do: 'take all', artefact: { name: [...part.name, '-'] }, into: 'parts', when: sharedRound } as const] : []),
      planned,
      { do: 'run', title: 'Show the review', when: { all: ['always', isSealed] }, script: showReview },
      {
        do: 'give',
        artefact: bundle,
        files: ['$CI_TEMP/bundle.tar.gz', '$CI_TEMP/review.html', '$CI_TEMP/review.md', '$CI_TEMP/plan.json'],
        days: 2,
        when: { all: ['always', hasReview] },
      },
    ],
  };
}
