import { run, secret, setting, text, type Condition, type Job, type Pipeline, type Step } from 'terrace/ci';

/** Its pipelines act only where this variable of the repository is `true`. */
export const enabledBy = 'ASTRALER_ENABLED';
export const enabled: Condition = { is: setting(enabledBy), equal: 'true' };

const source: Step = { do: 'source', history: false };
const install = 'corepack enable && pnpm install --frozen-lockfile --ignore-scripts';

/** A job that runs a change's code, without anything that it could steal. */
function checkJob(id: string, command: string, { steps = [], ...more }: Partial<Job> = {}): Job {
  return {
    id,
    title: id,
    rights: ['source'],
    newest: true,
    minutes: 15,
    ...more,
    steps: [source, { do: 'run', title: `Run ${id}`, script: [install, command] }, ...steps],
  };
}

const coverage = { name: ['astraler-coverage'] } as const;
const modules = { name: ['astraler-workers'] } as const;
const deployScript = { name: ['astraler-deploy-script'] } as const;

/** The Workers of an environment: what was built, put there by the script of the branch that it goes to. */
function deployJob(environment: string, when: Condition): Job {
  return {
    id: `deploy-${environment}`,
    title: `deploy-${environment}`,
    needs: ['build', 'deploy-script'],
    when,
    place: text(`astraler-${environment}`),
    queue: [`astraler-deploy-${environment}`],
    newest: true,
    minutes: 15,
    steps: [
      { do: 'take', artefact: modules, into: 'modules' },
      { do: 'take', artefact: deployScript, into: 'pipeline' },
      {
        do: 'run',
        title: 'Deploy',
        values: { CLOUDFLARE_ACCOUNT_ID: setting('CLOUDFLARE_ACCOUNT_ID'), CLOUDFLARE_API_TOKEN: secret('CLOUDFLARE_API_TOKEN') },
        script: [`bash pipeline/deploy-workers.sh ${environment} modules`],
      },
    ],
  };
}

const branch = (name: string): Condition => ({ is: run('ref'), equal: `refs/heads/${name}` });

/** The application's way from a change to production, with the jobs of the system's document. */
export const applicationPipeline: Pipeline = {
  file: 'ci',
  title: 'CI/CD Pipeline (astraler)',
  about: [
    'The way of astraler’s application from a change to production, with the jobs of the system’s document: lint and typecheck, test, build,',
    `then the environment of the event. Does nothing unless the repository variable ${enabledBy} is \`true\`, in the application’s repository.`,
    'The code of a change runs in jobs without secrets; what they built is handed on to the deploying job, in which one step alone has the',
    'token. The document’s actions/checkout@v4 and codecov/codecov-action@v3 need runtimes that runners no longer have (node20, node16).',
  ],
  triggers: [
    { on: 'push', branches: ['main', 'develop'] },
    { on: 'change', branches: ['main', 'develop'] },
  ],
  jobs: [
    checkJob('lint', 'pnpm lint', { when: enabled }),
    checkJob('typecheck', 'pnpm typecheck', { when: enabled }),
    checkJob('test', 'pnpm test:ci', {
      needs: ['lint', 'typecheck'],
      minutes: 30,
      steps: [
        { do: 'give', artefact: coverage, files: ['coverage/coverage-summary.json'], days: 7, mayFail: true },
        { do: 'action', action: 'codecov/codecov-action', settings: { fail_ci_if_error: false }, mayFail: true },
      ],
    }),
    {
      id: 'coverage',
      title: 'coverage',
      needs: ['test'],
      newest: true,
      // A warning, never a gate.
      mayFail: true,
      minutes: 5,
      steps: [
        { do: 'take', artefact: coverage, into: '.' },
        {
          do: 'run',
          title: 'Compare with 70 %',
          script: [
            "lines=$(jq --exit-status '.total.lines.pct' coverage-summary.json)",
            'if jq --null-input --exit-status --argjson lines "$lines" \'$lines > 70\' > /dev/null; then',
            '  echo "coverage: $lines %"',
            'else',
            '  warning coverage "$lines % of the lines, expected more than 70 %"',
            'fi',
          ],
        },
      ],
    },
    checkJob('build', 'pnpm build', {
      needs: ['test'],
      minutes: 30,
      steps: [{ do: 'give', artefact: modules, files: ['dist/api.mjs', 'dist/auth.mjs', 'dist/webhooks.mjs'], days: 30 }],
    }),
    // What has the token runs this script alone; for a pull request, that of the branch it goes to.
    {
      id: 'deploy-script',
      title: 'deploy-script',
      when: enabled,
      rights: ['source'],
      newest: true,
      minutes: 5,
      steps: [
        { do: 'source', history: false, commit: run('base') },
        { do: 'give', artefact: deployScript, files: ['stacks/astraler/pipeline/deploy-workers.sh'], days: 30 },
      ],
    },
    deployJob('preview', 'own-change'),
    deployJob('staging', branch('develop')),
    {
      id: 'e2e-staging',
      title: 'e2e-staging',
      needs: ['deploy-staging'],
      rights: ['source'],
      newest: true,
      minutes: 30,
      steps: [
        source,
        {
          do: 'run',
          title: 'Try it out',
          values: { APP_URL: text('https://staging.astraler.com') },
          script: [install, 'pnpm test:e2e'],
        },
      ],
    },
    deployJob('production', branch('main')),
  ],
};
