import type { Artefact, Call, Condition, Job, Pipeline, Right, Step, Trigger, Value } from '../../tree/ci-pipeline';

import { condition, expression, interpolated } from './expressions';
import { asksGithub, shellScript } from './natives';
import { Remarked, yaml, type Yaml } from './yaml';

/** What a renderer needs beside the pipeline. */
export interface GithubFacts {
  /** The branch from which systems are applied. */
  readonly branch: string;
  /** `uses:` of an action by its name. */
  readonly action: (name: string) => Remarked;
  readonly terraformVersion: string;
  readonly nodeVersion: string;
  /** True in the repository of the tool itself, which has checks and releases of its own. */
  readonly own: boolean;
}

type Fields = Readonly<Record<string, Yaml | undefined>>;

/** One workflow file. The same pipeline gives the same bytes. */
export function workflow(pipeline: Pipeline, facts: GithubFacts): string {
  const head = [...pipeline.about, 'Made by `terrace ci generate`; `--check` compares it with the tree. Change the source, not this file.'];
  const body: Yaml = {
    name: pipeline.title,
    on: Object.assign({}, ...pipeline.triggers.map((trigger) => triggerYaml(trigger, facts))) as Fields,
    permissions: {},
    ...concurrencyOf(pipeline),
    defaults: { run: { shell: 'bash' } },
    jobs: Object.fromEntries(pipeline.jobs.map((job) => [job.id, 'calls' in job ? callYaml(job, facts) : jobYaml(job, facts)])),
  };
  return `${head.map((line) => `# ${line}\n`).join('')}${yaml(body)
    .replace(/\n(?=(?:on|permissions|concurrency|defaults|jobs):|  [a-z0-9-]+:\n    (?:name|if|needs):)/g, '\n\n')
    .replace('jobs:\n\n', 'jobs:\n')}`;
}

/** Plans of a change that grew are of no use any more; what may apply is never ended. */
function concurrencyOf(pipeline: Pipeline): Fields {
  if (!pipeline.triggers.some(({ on }) => on === 'change')) return {};
  return {
    concurrency: {
      group: '${{ github.workflow }}-${{ github.event.pull_request.number || github.run_id }}',
      'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
    },
  };
}

function triggerYaml(trigger: Trigger, { branch }: GithubFacts): Fields {
  switch (trigger.on) {
    case 'push':
      return { push: { branches: trigger.branches } };
    case 'tag':
      return { push: { tags: [trigger.tags] } };
    case 'change':
      return { pull_request: { branches: trigger.branches } };
    case 'time':
      return { schedule: [{ cron: trigger.cron }] };
    case 'person':
      return {
        workflow_dispatch:
          trigger.inputs.length === 0
            ? {}
            : {
                inputs: Object.fromEntries(
                  trigger.inputs.map(({ name, about, choices, optional }) => [
                    name,
                    {
                      description: about,
                      required: optional !== true,
                      ...(choices === undefined ? { type: 'string' } : { type: 'choice', options: choices }),
                      ...(optional === true ? { default: '' } : {}),
                    },
                  ]),
                ),
              },
      };
    case 'call':
      return {
        workflow_call: {
          inputs: Object.fromEntries(
            trigger.inputs.map(({ name, type, about, optional }) => [
              name,
              { description: about, type, required: optional !== true, ...(optional === true ? { default: '' } : {}) },
            ]),
          ),
          secrets: Object.fromEntries(
            trigger.secrets.map((name) => [name, { description: 'of the deployment environment', required: false }]),
          ),
          outputs: Object.fromEntries(
            Object.entries(trigger.outputs).map(([name, value]) => [
              name,
              {
                description: `${name} of the round`,
                value: `\${{ ${expression(value, branch).replace(/^needs\./, 'jobs.')} }}`,
              },
            ]),
          ),
        },
      };
  }
}

const permissions: Readonly<Record<Right, readonly (readonly [string, string, string])[]>> = {
  source: [['contents', 'read', 'checks the source out']],
  identity: [['id-token', 'write', 'proves to the cloud which job it is']],
  runs: [['actions', 'read', 'reads who reviewed this run']],
  proposals: [['pull-requests', 'read', 'reads who proposed what is applied']],
  comment: [['pull-requests', 'write', 'writes the comment']],
  issues: [['issues', 'write', 'keeps the issue']],
  release: [['contents', 'write', 'attaches the files to the release']],
  attest: [
    ['id-token', 'write', 'signs as this workflow'],
    ['attestations', 'write', 'keeps the attestation'],
  ],
};

function permissionsYaml(rights: readonly Right[] = []): Fields {
  return Object.fromEntries(rights.flatMap((right) => permissions[right]).map(([name, level, why]) => [name, new Remarked(level, why)]));
}

/** A commit would let a change choose an older, weaker round; roles trust this file at this branch. */
const calledAtBranch = 'zizmor: ignore[unpinned-uses] the protected branch decides what plans and applies; roles trust this file there';

function callYaml(call: Call, { branch }: GithubFacts): Yaml {
  return {
    name: call.title,
    ...needsYaml(call.needs),
    ...ifYaml(call.when, branch),
    permissions: permissionsYaml(call.rights),
    uses: new Remarked(`${call.repository}/.github/workflows/${call.calls}.yml@${call.branch}`, calledAtBranch),
    with: Object.fromEntries(
      Object.entries(call.inputs).map(([name, value]) => [
        name,
        name === 'round' ? Number(interpolated(value, branch)) : interpolated(value, branch),
      ]),
    ),
    ...(call.secrets.length === 0 ? {} : { secrets: Object.fromEntries(call.secrets.map((name) => [name, `\${{ secrets.${name} }}`])) }),
  };
}

/** The entries of a matrix: as they are where they are known already. */
function entriesYaml(list: Value, branch: string): Yaml {
  return list.from === 'text' ? (JSON.parse(list.text) as readonly string[]) : `\${{ fromJSON(${expression(list, branch)}) }}`;
}

/** Which part of an environment a runner has. */
const shardName = ` \${{ matrix.shard }}`;

function jobYaml(job: Job, facts: GithubFacts): Yaml {
  const { branch } = facts;
  return {
    name:
      job.each === undefined
        ? job.title
        : `${job.title} \${{ matrix.${job.each.entry ?? 'environment'} }}${job.each.shards === 1 ? '' : shardName}`,
    ...needsYaml(job.needs),
    ...ifYaml(job.when, branch),
    'runs-on': job.newest === true ? 'ubuntu-latest' : 'ubuntu-24.04',
    ...(job.mayFail === true ? { 'continue-on-error': true } : {}),
    'timeout-minutes': job.minutes,
    ...(job.place === undefined
      ? {}
      : {
          environment: [job.place]
            .flat()
            .map((item) => interpolated(item, branch))
            .join(''),
        }),
    permissions: permissionsYaml(job.rights),
    ...(job.queue === undefined
      ? {}
      : {
          concurrency: { group: job.queue.map((item) => interpolated(item, branch)).join(''), 'cancel-in-progress': false, queue: 'max' },
        }),
    ...(job.each === undefined
      ? {}
      : {
          strategy: {
            'fail-fast': false,
            matrix: {
              [job.each.entry ?? 'environment']: entriesYaml(job.each.list, branch),
              ...(job.each.shards === 1 ? {} : { shard: Array.from({ length: job.each.shards }, (_, index) => index + 1) }),
            },
          },
        }),
    ...(job.outputs === undefined
      ? {}
      : { outputs: Object.fromEntries(Object.entries(job.outputs).map(([name, from]) => [name, outputYaml(name, from)])) }),
    steps: job.steps.map((step) => stepYaml(step, facts)),
  };
}

/** `step`, `step.output`, or `@upload` for the id that an upload got. */
function outputYaml(name: string, from: string): string {
  if (from.startsWith('@')) return `\${{ steps.${from.slice(1)}.outputs.artifact-id }}`;
  const [step, output = name] = from.split('.');
  return `\${{ steps.${step}.outputs.${output} }}`;
}

function needsYaml(needs: readonly string[] | undefined): Fields {
  return needs === undefined || needs.length === 0 ? {} : { needs: needs.length === 1 ? needs[0] : needs };
}

function ifYaml(when: Condition | undefined, branch: string): Fields {
  if (when === undefined) return {};
  const text = condition(when, branch);
  // A plain `!` would be a tag of YAML.
  return { if: text.startsWith('!') ? `\${{ ${text} }}` : text };
}

function stepYaml(step: Step, facts: GithubFacts): Yaml {
  const { branch, action } = facts;
  switch (step.do) {
    case 'source':
      return {
        uses: action('actions/checkout'),
        with: {
          'persist-credentials': false,
          ...(step.history ? { 'fetch-depth': 0 } : {}),
          ...(step.commit === undefined ? {} : { ref: interpolated(step.commit, branch) }),
          ...(step.into === undefined ? {} : { path: step.into }),
        },
      };
    case 'action':
      return {
        uses: action(step.action),
        ...(step.mayFail === true ? { 'continue-on-error': true } : {}),
        with: step.settings,
      };
    case 'runtime':
      return { uses: action('actions/setup-node'), with: { 'node-version': facts.nodeVersion, 'package-manager-cache': false } };
    case 'terraform':
      return {
        uses: action('hashicorp/setup-terraform'),
        with: { terraform_version: facts.terraformVersion, terraform_wrapper: false },
      };
    case 'take':
      return {
        uses: action('actions/download-artifact'),
        ...(step.mayFail === true ? { 'continue-on-error': true } : {}),
        with: {
          ...(step.artefact.upload === undefined
            ? { name: nameOf(step.artefact, branch) }
            : { 'artifact-ids': interpolated(step.artefact.upload, branch) }),
          path: step.into,
        },
      };
    case 'take all':
      return {
        ...ifYaml(step.when, branch),
        uses: action('actions/download-artifact'),
        with: { pattern: `${nameOf(step.artefact, branch)}*`, path: step.into },
      };
    case 'give':
      return {
        id: String(step.artefact.name[0]).split('-')[0],
        ...ifYaml(step.when, branch),
        ...(step.mayFail === true ? { 'continue-on-error': true } : {}),
        uses: action('actions/upload-artifact'),
        with: {
          name: nameOf(step.artefact, branch),
          path: step.files.map((file) => file.replace('$CI_TEMP', '${{ runner.temp }}')).join('\n') + (step.files.length > 1 ? '\n' : ''),
          'if-no-files-found': 'error',
          'retention-days': step.days,
          overwrite: true,
        },
      };
    case 'attest':
      return { uses: action('actions/attest-build-provenance'), with: { 'subject-checksums': step.files } };
    case 'run': {
      const native = asksGithub(step.script);
      const values = {
        ...Object.fromEntries(Object.entries(step.values ?? {}).map(([name, value]) => [name, interpolated(value, branch)])),
        ...(native ? { GITHUB_TOKEN: '${{ github.token }}' } : {}),
        ...(step.script.includes('@comment') ? { CHANGE: '${{ github.event.pull_request.number }}' } : {}),
      };
      return {
        name: step.title,
        ...(step.id === undefined ? {} : { id: step.id }),
        ...ifYaml(step.when, branch),
        ...(step.mayFail === true ? { 'continue-on-error': true } : {}),
        ...(Object.keys(values).length === 0 ? {} : { env: values }),
        run: shellScript(step.script),
      };
    }
  }
}

function nameOf(artefact: Artefact, branch: string): string {
  return artefact.name.map((part) => interpolated(part, branch)).join('');
}
