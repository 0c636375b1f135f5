import type { CiStage, CiTaken } from '../../tree/ci-values';
import type { EnvironmentDelivery } from '../delivery';
import { output, secret, setting, text, type Call, type Condition, type Job, type Script, type Value } from '../../tree/ci-pipeline';
import { installAnsible, reachServers, reviewedArtifacts, unpack } from '../scripts';
import { isGuarded, takenOutputs } from '../stages';

import { againJob } from './again';
import { artefact, roundRights, treeOf, type Operation, type SystemPart } from './shared';

type RunStage = Extract<CiStage, { readonly run: readonly string[] }>;

/** What is handed to stages of an environment: outputs of states, and Ansible. */
const outputsOf = ({ path }: EnvironmentDelivery) => artefact('outputs', text(path.replace('/', '-')));
/** What was reviewed in the first round. */
const bundleOf = ({ path }: EnvironmentDelivery) => artefact('bundle', text(path.replace('/', '-')), text('1'));
const ansibleOf = ({ path }: EnvironmentDelivery) => artefact('ansible', text(path.replace('/', '-')));

/**
 * What follows the rounds of an environment, one after the other, at a commit of the protected branch. Each runs files of the tree that
 * two jobs without credentials synthesized alike; what needs a role is a call of the round's file, which roles trust.
 */
export function stageJobs(part: SystemPart, environment: EnvironmentDelivery, rounds: readonly string[]): readonly (Job | Call)[] {
  const { name, stages, states } = environment;
  if (stages.length === 0) return [];
  const after: Condition = { all: ['though-skipped', 'protected', { is: output('detect', '@result'), equal: 'success' }] };
  const asked = (id: string, title: string, operation: Operation, needs: readonly string[]): Call => ({
    id,
    title,
    needs,
    when: after,
    rights: roundRights,
    calls: '_round',
    repository: part.repository.name,
    branch: part.branch,
    inputs: { target: text(environment.path), round: text('1'), tree: output('detect', 'tree'), operation: text(operation) },
    secrets: [],
  });
  const runs = stages.filter((stage) => 'run' in stage);
  const again = `${name}-again`;
  const outputs = `${name}-outputs`;
  const ansible = `${name}-ansible`;
  const before = [
    ...(runs.length === 0 ? [] : [again]),
    ...(states.length === 0 ? [] : [outputs]),
    ...(runs.some(({ tool }) => tool === 'ansible') ? [ansible] : []),
  ];
  const first = ['detect', ...rounds];
  const prepare: readonly (Job | Call)[] = [
    againJob({ id: again, needs: first, when: after, system: text(part.system), tree: output('detect', 'tree') }),
    asked(outputs, 'Outputs', 'outputs', first),
    {
      id: ansible,
      title: 'Install Ansible',
      needs: first,
      when: after,
      rights: ['source'],
      minutes: 15,
      outputs: { digest: 'install' },
      steps: [
        { do: 'source', history: false },
        { do: 'run', title: 'Install it and verify every package', id: 'install', script: installAnsible },
        { do: 'give', artefact: ansibleOf(environment), files: ['ansible.tar'], days: 2 },
      ],
    },
  ];
  return [
    ...prepare.filter(({ id }) => before.includes(id)),
    ...stages.map((stage, index): Job | Call => {
      const needs = [...first, ...before, ...stages.slice(0, index).map(({ id }) => id)];
      if ('ecs' in stage) return asked(stage.id, stage.title, 'services', needs);
      return stageJob(part, environment, stage, { needs, when: after, again, ansible });
    }),
  ];
}

function stageJob(
  part: SystemPart,
  environment: EnvironmentDelivery,
  stage: RunStage,
  from: { readonly needs: readonly string[]; readonly when: Condition; readonly again: string; readonly ansible: string },
): Job {
  const outputs = takenOutputs(stage);
  const usesAnsible = stage.tool === 'ansible';
  const guarded = isGuarded(stage);
  const first = `${environment.name}-1`;
  const run: Script = {
    do: 'run',
    title: stage.title,
    values: {
      ...Object.fromEntries(
        Object.entries(stage.takes ?? {}).flatMap(([variable, taken]) => {
          const value = stored(taken);
          return value === undefined ? [] : [[variable, value] as const];
        }),
      ),
      TREE: output('detect', 'tree'),
      AGAIN: output(from.again, 'digest'),
      ...(guarded ? { TARGET: text(environment.path), HASH: output(first, 'hash') } : {}),
      ...(usesAnsible
        ? {
            ANSIBLE: output(from.ansible, 'digest'),
            SSH_IDENTITY: secret('ANSIBLE_SSH_IDENTITY'),
            SSH_KNOWN_HOSTS: setting('SSH_KNOWN_HOSTS'),
          }
        : {}),
    },
    script: [
      'if [ "$AGAIN" != "$TREE" ]; then echo "refused: these are not the artifacts of the commit" >&2; exit 3; fi',
      'umask 077',
      ...unpack('tree.tar', 'TREE', 'tree', 'this is not the tree that was synthesized'),
      ...(guarded ? reviewedArtifacts : []),
      ...(usesAnsible ? [...unpack('ansible.tar', 'ANSIBLE', 'ansible', 'Ansible is not what was installed'), ...reachServers] : []),
      ...outputs.flatMap(({ variable, unit, output: name }) => [
        `${variable}=$(jq --exit-status --raw-output '."${unit}".${name}' outputs.json)`,
        `export ${variable}`,
      ]),
      // An environment may hand nothing to other tools.
      `mkdir -p tree/${environment.path}/artifacts`,
      `cd tree/${environment.path}/artifacts`,
      ...stage.run,
    ],
  };
  return {
    id: stage.id,
    title: stage.title,
    needs: from.needs,
    // What is kept back goes to what was reviewed alone: nothing where no bundle was made. Without that, a stage needs no door.
    when: guarded ? { all: [from.when, { is: output(first, 'changes'), equal: 'true' }] } : from.when,
    ...(guarded ? { place: text(environment.places.apply) } : {}),
    minutes: 60,
    steps: [
      { do: 'take', artefact: treeOf(part), into: '.' },
      ...(guarded ? [{ do: 'take', artefact: { ...bundleOf(environment), upload: output(first, 'upload') }, into: '.' } as const] : []),
      ...(outputs.length === 0 ? [] : [{ do: 'take', artefact: outputsOf(environment), into: '.' } as const]),
      ...(usesAnsible ? [{ do: 'take', artefact: ansibleOf(environment), into: '.' } as const] : []),
      run,
    ],
  };
}

function stored(taken: CiTaken): Value | undefined {
  if ('secret' in taken) return secret(taken.secret);
  return 'setting' in taken ? setting(taken.setting) : undefined;
}
