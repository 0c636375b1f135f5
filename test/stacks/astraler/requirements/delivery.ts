import { parse } from 'yaml';

import { at, bucketName, end, follow, lasting, resources, workersOf, type AstralerTree, type Json } from '../astraler-tree';
import { changed, gone, having, holds, rewritten, same, type Requirement } from '../requirement';

const pipeline = 'ci.yml';

interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly 'continue-on-error'?: boolean;
  readonly 'runs-on': string;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflowOf = (tree: AstralerTree, file: string): Workflow => parse(tree.files[file] ?? '{ on: {}, jobs: {} }') as Workflow;
const commands = (job: Job | undefined): string => (job?.steps ?? []).map(({ run, uses }) => run ?? uses ?? '').join('\n');

/** A secret of GitHub's environment for backups, by its name, with where its value comes from. */
function secretEnd(tree: AstralerTree, environment: string, name: string): string {
  const found = resources(tree, `${environment}/global/backup/`, 'github_actions_environment_secret').find(
    ({ body }) => body['secret_name'] === name,
  );
  const value = String(found?.body['plaintext_value']);
  const inner = /^\$\{sha256\((.*)\)\}$/.exec(value);
  return inner === null ? end(tree, found?.unit ?? '', value) : `sha256 ${end(tree, found?.unit ?? '', `\${${inner[1]}}`)}`;
}

/** What a bucket of backups is: its ages by prefix, and its locks in days. */
function keeping(tree: AstralerTree, unit: string) {
  const rules = at<readonly Json[]>(resources(tree, unit, 'cloudflare_r2_bucket_lifecycle')[0]?.body, 'rules') ?? [];
  const locks = at<readonly Json[]>(resources(tree, unit, 'cloudflare_r2_bucket_lock')[0]?.body, 'rules') ?? [];
  return {
    ages: rules.flatMap((rule) => {
      const age = at<number>(rule, 'delete_objects_transition', 'condition', 'max_age');
      return age === undefined ? [] : [[at(rule, 'conditions', 'prefix'), age / 86_400]];
    }),
    locks: locks.map((rule) => [rule['prefix'], (at<number>(rule, 'condition', 'max_age_seconds') ?? 0) / 86_400]),
  };
}

export const deliveryRequirements: Readonly<Record<string, Requirement>> = {
  'S-07': {
    title: 'the pipeline has the jobs, the order and the conditions of the document',
    check: (tree) => {
      const { on, jobs } = workflowOf(tree, pipeline);
      return [
        ...same('events', on, { push: { branches: ['main', 'develop'] }, pull_request: { branches: ['main', 'develop'] } }),
        ...same('needs', Object.fromEntries(Object.entries(jobs).map(([name, { needs }]) => [name, [needs ?? []].flat()])), {
          lint: [],
          typecheck: [],
          test: ['lint', 'typecheck'],
          coverage: ['test'],
          build: ['test'],
          'deploy-script': [],
          'deploy-preview': ['build', 'deploy-script'],
          'deploy-staging': ['build', 'deploy-script'],
          'e2e-staging': ['deploy-staging'],
          'deploy-production': ['build', 'deploy-script'],
        }),
        ...holds('preview for anything', jobs['deploy-preview']?.if?.startsWith("github.event_name == 'pull_request'") === true),
        ...same(
          'conditions',
          [jobs['deploy-staging']?.if, jobs['deploy-production']?.if],
          ["github.ref == 'refs/heads/develop'", "github.ref == 'refs/heads/main'"],
        ),
        ...same(
          'environments',
          ['preview', 'staging', 'production'].map((name) => jobs[`deploy-${name}`]?.environment),
          ['astraler-preview', 'astraler-staging', 'astraler-production'],
        ),
        ...(
          [
            ['lint', 'pnpm lint'],
            ['typecheck', 'pnpm typecheck'],
            ['test', 'pnpm test:ci'],
            ['test', 'codecov/codecov-action@'],
            ['build', 'pnpm build'],
            ['deploy-production', 'deploy-workers.sh production'],
          ] as const
        ).flatMap(([job, command]) => holds(`${job} does not run ${command}`, commands(jobs[job]).includes(command))),
        ...same('runners', [...new Set(Object.values(jobs).map((job) => job['runs-on']))], ['ubuntu-latest']),
        ...same(
          'switch',
          [jobs['lint']?.if, jobs['typecheck']?.if],
          ["vars.ASTRALER_ENABLED == 'true'", "vars.ASTRALER_ENABLED == 'true'"],
        ),
      ];
    },
    mutations: [
      rewritten('a build before the tests', pipeline, /(\n {2}build:\n(?: {4}.*\n)*? {4}needs: )test\n/, '$1lint\n'),
      rewritten('production from any branch', pipeline, "if: github.ref == 'refs/heads/main'", 'if: always()'),
      rewritten('no type check', pipeline, 'pnpm typecheck', 'true'),
      rewritten('staging with the secrets of production', pipeline, 'environment: astraler-staging', 'environment: astraler-production'),
    ],
  },
  'S-08': {
    title: 'branches wait for every gate but coverage, which only warns',
    check: (tree) => {
      const contexts = resources(tree, 'production/', 'github_branch_protection').map(({ body }) => [
        body['pattern'],
        body['enforce_admins'],
        at(body, 'required_status_checks', 0, 'strict'),
        at(body, 'required_status_checks', 0, 'contexts'),
      ]);
      const { jobs } = workflowOf(tree, pipeline);
      return [
        ...same('checks', contexts, [
          ['develop', true, true, ['lint', 'typecheck', 'test', 'build']],
          ['main', true, true, ['lint', 'typecheck', 'test', 'build', 'e2e-staging']],
        ]),
        ...same(
          'coverage',
          [jobs['coverage']?.['continue-on-error'], Object.values(jobs).some(({ needs }) => [needs ?? []].flat().includes('coverage'))],
          [true, false],
        ),
        ...holds('coverage is not compared with 70', commands(jobs['coverage']).includes('> 70')),
        ...same(
          'blocking',
          Object.entries(jobs)
            .filter(([name, job]) => name !== 'coverage' && job['continue-on-error'] === true)
            .map(([name]) => name),
          [],
        ),
        ...holds('no tests against staging', commands(jobs['e2e-staging']).includes('pnpm test:e2e')),
      ];
    },
    mutations: [
      changed(
        'main without tests against staging',
        'production/',
        'github_branch_protection',
        ['required_status_checks', 0, 'contexts'],
        ['lint'],
        having('pattern', 'main'),
      ),
      changed('administrators may pass', 'production/', 'github_branch_protection', ['enforce_admins'], false),
      rewritten('coverage blocks', pipeline, 'continue-on-error: true\n    timeout', 'continue-on-error: false\n    timeout'),
    ],
  },
  'S-17': {
    title: 'the database is dumped daily into a bucket of its own, and dumps are kept and locked',
    check: (tree) => {
      const workflow = workflowOf(tree, 'astraler-backup-database.yml');
      const text = tree.files['astraler-backup-database.yml'] ?? '';
      return [
        ...same('daily', workflow.on['schedule'], [{ cron: '17 2 * * *' }]),
        ...holds(
          'no dump',
          commands(workflow.jobs['backup']).includes('backup-database.sh') &&
            text.includes('environment: astraler-${{ matrix.environment }}-backup'),
        ),
        ...holds('not both environments', text.includes('environment: [production, staging]')),
        ...lasting.flatMap((environment) => {
          const unit = `${environment}/global/backup/database`;
          const [bucket] = resources(tree, unit, 'cloudflare_r2_bucket');
          const { ages, locks } = keeping(tree, unit);
          const [token] = resources(tree, unit, 'cloudflare_account_token');
          return [
            ...same(`${environment}: bucket`, bucket?.body['name'], `astraler-${environment}-backup-database`),
            ...same(`${environment}: ages`, ages, [
              ['daily/', 7],
              ['weekly/', 30],
            ]),
            ...same(`${environment}: locks`, locks, [
              ['daily/', 6],
              ['weekly/', 28],
            ]),
            ...same(
              `${environment}: key`,
              [secretEnd(tree, environment, 'DUMP_ACCESS_KEY_ID'), secretEnd(tree, environment, 'DUMP_SECRET_ACCESS_KEY')],
              ['cloudflare_account_token.id', 'sha256 cloudflare_account_token.value'],
            ),
            ...holds(
              `${environment}: the key opens more than the bucket`,
              /r2\.bucket\.\$\{var\.cloudflare_account_id\}_default_\$\{cloudflare_r2_bucket\.[\w-]+\.name\}/.test(
                String(at(token?.body, 'policies', 0, 'resources')),
              ),
            ),
          ];
        }),
      ];
    },
    mutations: [
      rewritten('weekly', 'astraler-backup-database.yml', '17 2 * * *', '17 2 * * 0'),
      changed(
        'dumps for a day',
        'production/global/backup/database',
        'cloudflare_r2_bucket_lifecycle',
        ['rules', 1, 'delete_objects_transition', 'condition', 'max_age'],
        86_400,
      ),
      gone('nothing locked', 'staging/global/backup/database', 'cloudflare_r2_bucket_lock'),
      changed(
        'a key for the account',
        'production/global/backup/database',
        'cloudflare_account_token',
        ['policies', 0, 'resources'],
        '{"com.cloudflare.api.account.*":"*"}',
      ),
      gone('a workflow without its key', 'staging/', 'github_actions_environment_secret', having('secret_name', 'DUMP_ACCESS_KEY_ID')),
    ],
  },
  'S-18': {
    title: 'files are copied in real time to a bucket on another continent: event, queue, consumer',
    check: (tree) =>
      lasting.flatMap((environment) => {
        const unit = `${environment}/global/backup/files`;
        const [replica] = resources(tree, unit, 'cloudflare_r2_bucket');
        const [files] = resources(tree, `${environment}/global/data/storage`, 'cloudflare_r2_bucket');
        const [notification] = resources(tree, unit, 'cloudflare_r2_bucket_event_notification');
        const [consumer] = resources(tree, unit, 'cloudflare_queue_consumer');
        const worker = workersOf(tree, environment)['consumer'];
        const events = follow(tree, unit, notification?.body['queue_id'])?.name;
        const bucket = (name: string): unknown =>
          bucketName(tree, unit, at<readonly Json[]>(worker?.body, 'bindings')?.find((one) => one['name'] === name)?.['bucket_name']);
        return [
          ...same(`${environment}: places`, [files?.body['location'], replica?.body['location']], ['apac', 'weur']),
          ...same(`${environment}: source`, bucketName(tree, unit, notification?.body['bucket_name']), `astraler-${environment}-files`),
          ...same(
            `${environment}: events`,
            (at<readonly Json[]>(notification?.body, 'rules') ?? []).flatMap((rule) => rule['actions']),
            ['PutObject', 'CopyObject', 'CompleteMultipartUpload', 'DeleteObject', 'LifecycleDeletion'],
          ),
          ...holds(
            `${environment}: the queue is another`,
            events !== undefined && events === follow(tree, unit, consumer?.body['queue_id'])?.name,
          ),
          ...same(`${environment}: who copies`, follow(tree, unit, consumer?.body['script_name'])?.name, worker?.name),
          ...same(
            `${environment}: from, to`,
            [bucket('SOURCE'), bucket('REPLICA')],
            [`astraler-${environment}-files`, `astraler-${environment}-replica`],
          ),
          ...holds(`${environment}: failed events are lost`, consumer?.body['dead_letter_queue'] !== undefined),
        ];
      }),
    mutations: [
      changed('a replica beside the source', 'production/global/backup/files', 'cloudflare_r2_bucket', ['location'], 'apac'),
      changed('events of the replica', 'staging/', 'cloudflare_r2_bucket_event_notification', ['bucket_name'], 'astraler-staging-replica'),
      gone('nobody takes the events', 'production/', 'cloudflare_queue_consumer'),
      changed(
        'multipart uploads forgotten',
        'production/',
        'cloudflare_r2_bucket_event_notification',
        ['rules', 0, 'actions'],
        ['PutObject'],
      ),
    ],
  },
  'S-19': {
    title: 'configuration is in git; secrets are encrypted weekly into a vault',
    check: (tree) => {
      const workflow = workflowOf(tree, 'astraler-backup-secrets.yml');
      return [
        ...same('weekly', workflow.on['schedule'], [{ cron: '41 3 * * 0' }]),
        ...holds('nothing is encrypted', commands(workflow.jobs['backup']).includes('backup-vault.sh')),
        ...lasting.flatMap((environment) => {
          const unit = `${environment}/global/backup/secrets`;
          const { ages, locks } = keeping(tree, unit);
          return [
            ...same(
              `${environment}: vault`,
              resources(tree, unit, 'cloudflare_r2_bucket')[0]?.body['name'],
              `astraler-${environment}-backup-secrets`,
            ),
            ...same(`${environment}: kept, locked`, [ages, locks], [[['', 90]], [['', 28]]]),
            ...same(
              `${environment}: key`,
              [secretEnd(tree, environment, 'VAULT_ACCESS_KEY_ID'), secretEnd(tree, environment, 'VAULT_SECRET_ACCESS_KEY')],
              ['cloudflare_account_token.id', 'sha256 cloudflare_account_token.value'],
            ),
          ];
        }),
      ];
    },
    mutations: [
      rewritten('monthly', 'astraler-backup-secrets.yml', '41 3 * * 0', '41 3 1 * *'),
      rewritten('nothing encrypted', 'astraler-backup-secrets.yml', 'bash scripts/backup-vault.sh', 'true'),
      gone('a vault that anybody may empty', 'production/global/backup/secrets', 'cloudflare_r2_bucket_lock'),
    ],
  },
  'S-20': {
    title: 'everything can be made again from the source: states apart, code by its hash, and what holds data refuses to go',
    check: (tree) => [
      ...resources(tree, '', 'cloudflare_workers_script').flatMap(({ name, body }) =>
        holds(`${name} does not know its code`, body['content_file'] !== undefined && /[0-9a-f]{64}/.test(String(body['content_sha256']))),
      ),
      ...['cloudflare_zone', 'cloudflare_r2_bucket', 'supabase_project', 'upstash_redis_database'].flatMap((type) => {
        const found = resources(tree, 'production/', type);
        return [
          ...holds(`production has no ${type}`, found.length > 0),
          ...found.flatMap(({ name, body }) => same(`${name} refuses to go`, at(body, 'lifecycle', 'prevent_destroy'), true)),
        ];
      }),
      ...same(
        'bundles that the build may give',
        Object.keys(at<object>(tree.units['production/global/edge/workers'], 'variable') ?? {}).filter((name) => name.endsWith('_bundle')),
        ['api_bundle', 'auth_bundle', 'webhooks_bundle'],
      ),
    ],
    mutations: [
      changed('a database that may go', 'production/', 'supabase_project', ['lifecycle'], {}),
      changed('a bucket of backups that may go', 'production/global/backup/database', 'cloudflare_r2_bucket', ['lifecycle'], {}),
      changed('code without its hash', 'staging/', 'cloudflare_workers_script', ['content_sha256'], ''),
    ],
  },
};
