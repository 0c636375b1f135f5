import type { EnvironmentDelivery, SystemDelivery } from '../delivery';
import { entry, output, run, secret, text, type Call, type Condition, type Job, type Pipeline } from '../job';
import { askAddress, synthesize, unpack } from '../scripts';

import { artefact, roundSecrets } from './shared';

/**
 * The way of one system from a change to what stands: detect, validate, and for each environment its rounds. A change is planned and
 * commented, no more; a commit of the protected branch goes through to the apply.
 */
export function systemPipeline(delivery: SystemDelivery, all: readonly SystemDelivery[]): Pipeline {
  const checks = delivery.checks.map((check) => checkJobs[check](delivery));
  const validated = checks.flat().map(({ id }) => id);
  const rounds = delivery.environments.flatMap((environment) => roundCalls(delivery, environment, validated, roundSecrets(all)));
  const first = delivery.environments.map(({ name }) => roundId(name, 1));
  return {
    file: delivery.system,
    title: delivery.system,
    about: [
      'Detect, validate, plan, review, apply. The code of a change runs in jobs without any credential; what plans and applies is',
      'the program of the protected branch, in the rounds of _round.yml.',
    ],
    triggers: [
      { on: 'push', branch: delivery.branch },
      { on: 'change', branch: delivery.branch },
    ],
    jobs: [detectJob(delivery), ...checks.flat(), ...rounds, ...monitorJobs(delivery), commentJob(delivery, first)],
  };
}

export const roundId = (environment: string, round: number): string => `${environment}-${round}`;

/** Synthesizes the change, and says which environments it affects. Its code runs here, without any credential. */
function detectJob(delivery: SystemDelivery): Job {
  return {
    id: 'detect',
    title: delivery.titles.detect ?? 'Detect changes',
    // A copy of the repository under another name has neither the places nor the roles.
    when: { is: run('repository'), equal: delivery.repository.name },
    rights: ['source'],
    minutes: 20,
    outputs: { tree: 'synth', affected: 'affected', environments: 'affected' },
    steps: [
      { do: 'source', history: true },
      { do: 'runtime' },
      {
        do: 'run',
        title: 'Synthesize',
        id: 'synth',
        values: { SYSTEM: text(delivery.system) },
        script: [...synthesize, 'output tree "$(sha256sum "$CI_TEMP/tree.tar" | cut -d " " -f 1)"'],
      },
      {
        do: 'run',
        title: 'Say what the change affects',
        id: 'affected',
        values: { SYSTEM: text(delivery.system), BASE: run('target-branch'), BRANCH: text(delivery.branch), BEFORE: run('before') },
        script: [
          'base="refs/remotes/origin/$BASE"',
          'if [ -z "$BASE" ]; then base="${BEFORE:-HEAD^}"; fi',
          'if ! git cat-file -e "$base^{commit}"; then base=$(git rev-list --max-parents=0 HEAD | tail -n 1); fi',
          'node node_modules/terrace/bin/terrace.js affected "$SYSTEM" --base "$base" --head HEAD --allow-empty > "$CI_TEMP/affected.txt"',
          '{ printf "### What the change affects\\n\\n\\`\\`\\`\\n"; cat "$CI_TEMP/affected.txt"; printf "\\`\\`\\`\\n"; } | summary',
          'output environments "$(jq --compact-output --arg system "$SYSTEM" \'[.units[] | select(.system == $system and (.bootstrap | not)) | .environment] | unique\' "$CI_TEMP/tree/synth.json")"',
        ],
      },
      { do: 'give', artefact: { name: [`tree-${delivery.system}`] }, files: ['$CI_TEMP/tree.tar'], days: 2 },
    ],
  };
}

const treeOf = (delivery: SystemDelivery) => ({ name: [`tree-${delivery.system}`] });

/** What a change goes through before it is planned: side by side, without credentials. */
const checkJobs: Readonly<Record<SystemDelivery['checks'][number], (delivery: SystemDelivery) => readonly Job[]>> = {
  format: () => [
    {
      id: 'format',
      title: 'Format and lint',
      needs: ['detect'],
      rights: ['source'],
      minutes: 15,
      steps: [
        { do: 'source', history: false },
        { do: 'runtime' },
        {
          do: 'run',
          title: 'Check format and lint',
          script: ['npm ci --ignore-scripts --no-audit --no-fund', 'npm run check:format', 'npm run check:lint'],
        },
      ],
    },
  ],
  validate: (delivery) => [
    {
      id: 'validate',
      title: 'Validate',
      needs: ['detect'],
      minutes: 45,
      each: { list: output('detect', 'environments'), most: delivery.environments.length },
      steps: [
        { do: 'terraform' },
        { do: 'take', artefact: treeOf(delivery), into: '.' },
        {
          do: 'run',
          title: 'Validate every unit',
          values: { TREE: output('detect', 'tree'), SYSTEM: text(delivery.system), ENVIRONMENT: entry('environment') },
          script: [
            ...unpack('tree.tar', 'TREE', 'tree', 'the tree is not the one that was synthesized'),
            'export TF_PLUGIN_CACHE_DIR="$CI_TEMP/plugins"',
            'mkdir -p "$TF_PLUGIN_CACHE_DIR"',
            'failed=0',
            'while read -r unit; do',
            '  if terraform -chdir="$unit" init -backend=false -input=false -no-color > "$CI_TEMP/log" 2>&1 && terraform -chdir="$unit" validate -no-color > "$CI_TEMP/log" 2>&1; then',
            '    echo "valid  $unit"',
            '  else',
            '    failed=1; echo "not valid  $unit"; cat "$CI_TEMP/log"',
            '  fi',
            'done < <(find "tree/$SYSTEM/$ENVIRONMENT" -name main.tf.json -printf "%h\\n" | sort)',
            'exit "$failed"',
          ],
        },
      ],
    },
  ],
  security: (delivery) => [
    {
      id: 'security',
      title: 'Security',
      needs: ['detect'],
      rights: ['source'],
      minutes: 30,
      steps: [
        { do: 'source', history: false },
        { do: 'runtime' },
        { do: 'take', artefact: treeOf(delivery), into: '.' },
        {
          do: 'run',
          title: 'Run Checkov',
          values: { TREE: output('detect', 'tree') },
          script: [
            ...unpack('tree.tar', 'TREE', '"$CI_TEMP/checked"', 'the tree is not the one that was synthesized'),
            'npm ci --ignore-scripts --no-audit --no-fund',
            'python3 -m venv "$CI_TEMP/checkov"',
            '"$CI_TEMP/checkov/bin/pip" install --quiet --no-deps --require-hashes --disable-pip-version-check --requirement scripts/tools/checkov.txt',
            'PATH="$CI_TEMP/checkov/bin:$PATH" node scripts/checkov.js "$CI_TEMP/checked"',
          ],
        },
      ],
    },
  ],
  costs: (delivery) => [
    {
      id: 'costs-tool',
      title: 'Build Infracost',
      needs: ['detect'],
      minutes: 20,
      outputs: { digest: 'build' },
      steps: [
        {
          do: 'run',
          title: 'Build it, checked by the database of Go modules',
          id: 'build',
          script: [
            'GOBIN="$PWD" GOFLAGS=-mod=readonly go install github.com/infracost/infracost/cmd/infracost@v0.10.44',
            'output digest "$(sha256sum infracost | cut -d " " -f 1)"',
          ],
        },
        { do: 'give', artefact: { name: ['infracost'] }, files: ['infracost'], days: 2 },
      ],
    },
    {
      id: 'costs',
      title: 'Costs',
      needs: ['detect', 'costs-tool'],
      when: 'trusted',
      place: text('costs'),
      minutes: 20,
      steps: [
        { do: 'take', artefact: treeOf(delivery), into: '.' },
        { do: 'take', artefact: { name: ['infracost'] }, into: '.' },
        {
          do: 'run',
          title: 'Estimate the costs',
          values: { INFRACOST_API_KEY: secret('INFRACOST_API_KEY'), TREE: output('detect', 'tree'), TOOL: output('costs-tool', 'digest') },
          script: [
            'if [ -z "$INFRACOST_API_KEY" ]; then echo "no key of Infracost is set: no estimate" | summary; exit 0; fi',
            ...unpack('tree.tar', 'TREE', 'tree', 'the tree is not the one that was synthesized'),
            'printf "%s  infracost\\n" "$TOOL" | sha256sum --check --quiet',
            'chmod u+x infracost',
            './infracost breakdown --path tree --format table --no-color --out-file "$CI_TEMP/costs.txt"',
            '{ printf "### Costs\\n\\n\\`\\`\\`\\n"; cat "$CI_TEMP/costs.txt"; printf "\\`\\`\\`\\n"; } | summary',
          ],
        },
      ],
    },
  ],
  tests: (delivery) => [
    {
      id: 'test',
      title: delivery.titles.tests ?? 'Tests',
      needs: ['detect'],
      rights: ['source'],
      minutes: 45,
      steps: [
        { do: 'source', history: false },
        { do: 'runtime' },
        { do: 'terraform' },
        {
          do: 'run',
          title: 'Test',
          values: { CI: text('true'), SYSTEM: text(delivery.system) },
          script: [
            'npm ci --ignore-scripts --no-audit --no-fund',
            'PATH="$(scripts/setup-ci.sh):$PATH"',
            'npx jest "test/stacks/$SYSTEM" "test/e2e/$SYSTEM"',
          ],
        },
      ],
    },
  ],
};

function roundCalls(
  delivery: SystemDelivery,
  environment: EnvironmentDelivery,
  validated: readonly string[],
  secrets: readonly string[],
): readonly (Call | Job)[] {
  const before = delivery.environments.find(({ name }) => name === environment.after);
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
      rights: ['source', 'identity', 'runs'],
      calls: '_round',
      repository: delivery.repository.name,
      branch: delivery.branch,
      inputs: { target: text(environment.path), round: text(String(round)), tree: output('detect', 'tree'), operation: text('apply') },
      secrets,
    };
  });
  return [...rounds, ...(environment.trial === undefined ? [] : [trialJob(environment, environment.trial)])];
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

/** Asks the last environment's public address once everything is applied. */
function monitorJobs(delivery: SystemDelivery): readonly Job[] {
  const last = delivery.environments.at(-1);
  if (last?.address === undefined) return [];
  return [
    {
      id: 'monitor',
      title: delivery.titles.monitor ?? 'Monitor',
      needs: ['detect', ...lastRounds(last)],
      when: { all: ['though-skipped', detected, 'protected'] },
      minutes: 10,
      steps: [{ do: 'run', title: 'Ask the public address', values: { ADDRESS: text(last.address) }, script: askAddress }],
    },
  ];
}

/** One comment on the change, with every environment's plan; written again when the change grows. */
function commentJob(delivery: SystemDelivery, planned: readonly string[]): Job {
  return {
    id: 'comment',
    title: 'Comment',
    needs: ['detect', ...planned],
    when: { all: ['always', detected, 'own-change'] },
    rights: ['comment'],
    minutes: 5,
    steps: [
      ...delivery.environments.map((environment): Job['steps'][number] => ({
        do: 'take',
        artefact: artefact('bundle', text(environment.path.replace('/', '-')), text('1')),
        into: `reviews/${environment.name}`,
        mayFail: true,
      })),
      {
        do: 'run',
        title: 'Write the comment',
        values: { SYSTEM: text(delivery.system), ENVIRONMENTS: text(delivery.environments.map(({ name }) => name).join(' ')) },
        script: ['@comment'],
      },
    ],
  };
}
