import { at, binding, bucketName, end, environments, follow, resources, rulesOf, workersOf, type Json } from '../astraler-tree';
import { changed, gone, having, holds, same, sorted, type Requirement } from '../requirement';

const application = ['api', 'auth', 'webhooks'];
const names = ['app.astraler.com', 'staging.astraler.com', '.preview.astraler.com'];

/** Names of environments that no enabled rule of a phase is about; a rule about everything is about each. */
function forgotten(rules: readonly Json[]): readonly string[] {
  const text = rules
    .filter((rule) => rule['enabled'] === true)
    .map((rule) => String(rule['expression']))
    .join('\n');
  return text.split('\n').includes('true') ? [] : names.filter((name) => !text.includes(name));
}

export const edgeRequirements: Readonly<Record<string, Requirement>> = {
  'S-03': {
    title: 'DNS, CDN and WAF stand before every environment',
    check: (tree) => [
      ...same(
        'phases',
        resources(tree, '', 'cloudflare_ruleset')
          .map(({ body }) => String(body['phase']))
          .sort(),
        ['ddos_l7', 'http_ratelimit', 'http_request_cache_settings', 'http_request_firewall_custom', 'http_request_firewall_managed'],
      ),
      ...resources(tree, '', 'cloudflare_ruleset').flatMap(({ unit, body }) => [
        ...same(`${String(body['phase'])}: unit`, unit, 'production/global/edge/waf'),
        ...same(`${String(body['phase'])}: zone`, end(tree, unit, body['zone_id']), 'cloudflare_zone.id'),
        ...same(`${String(body['phase'])}: forgotten`, forgotten(at<readonly Json[]>(body, 'rules') ?? []), []),
      ]),
      ...same(
        'zone',
        resources(tree, '', 'cloudflare_zone').map(({ unit, body }) => [unit, body['name']]),
        [['production/global/edge/zone', 'astraler.com']],
      ),
      ...same(
        'managed rules',
        rulesOf(tree, 'http_request_firewall_managed').map((rule) => [
          rule['action'],
          rule['enabled'],
          at(rule, 'action_parameters', 'id'),
        ]),
        [
          ['execute', true, 'efb7b8c949ac4650a09736fc376e9aee'],
          ['execute', true, '4814384a9e5d4991b9815dcfc25d2f1f'],
        ],
      ),
      ...same(
        'tiers',
        resources(tree, '', 'cloudflare_tiered_cache').map(({ body }) => body['value']),
        ['on'],
      ),
      ...same(
        'settings',
        sorted(resources(tree, '', 'cloudflare_zone_setting').map(({ body }) => [String(body['setting_id']), body['value']])),
        [
          ['always_use_https', 'on'],
          ['automatic_https_rewrites', 'on'],
          ['min_tls_version', '1.2'],
          ['ssl', 'strict'],
          ['tls_1_3', 'on'],
        ],
      ),
      ...holds(
        'nothing is cached',
        rulesOf(tree, 'http_request_cache_settings').some((rule) => at(rule, 'action_parameters', 'cache') === true),
      ),
    ],
    mutations: [
      gone('no managed WAF', '', 'cloudflare_ruleset', having('phase', 'http_request_firewall_managed')),
      changed(
        'the WAF switched off',
        '',
        'cloudflare_ruleset',
        ['rules', 0, 'enabled'],
        false,
        having('phase', 'http_request_firewall_managed'),
      ),
      changed(
        'rate limits for one name only',
        '',
        'cloudflare_ruleset',
        ['rules'],
        [{ enabled: true, expression: 'http.host eq "app.astraler.com"' }],
        having('phase', 'http_ratelimit'),
      ),
      changed('flexible TLS', '', 'cloudflare_zone_setting', ['value'], 'flexible', having('setting_id', 'ssl')),
      gone('no tiers', '', 'cloudflare_tiered_cache'),
    ],
  },
  'S-04': {
    title: 'API, Auth and Webhooks are three Workers in each environment, with their logs on',
    check: (tree) => [
      ...environments.flatMap((environment) => {
        const workers = workersOf(tree, environment);
        return [
          ...same(
            `${environment}: Workers`,
            Object.keys(workers)
              .filter((id) => application.includes(id))
              .sort(),
            application,
          ),
          ...Object.entries(workers).flatMap(([id, { unit, body }]) => [
            ...same(`${environment}: name of ${id}`, String(body['script_name']).startsWith(`astraler-${environment}-`), true),
            ...same(`${environment}: logs of ${id}`, [at(body, 'observability', 'enabled'), body['logpush']], [true, true]),
            ...holds(
              `${environment}: ${id} has no code`,
              [...String(body['content_file']).matchAll(/assets\/[\w./-]+/g)].some(([file]) =>
                tree.files[`${unit}/${file}`]?.includes('export'),
              ),
            ),
          ]),
        ];
      }),
      ...same(
        'names taken twice',
        resources(tree, '', 'cloudflare_workers_script')
          .map(({ body }) => body['script_name'])
          .filter((name, index, all) => all.indexOf(name) !== index),
        [],
      ),
    ],
    mutations: [
      gone('no Worker for webhooks', 'staging/', 'cloudflare_workers_script', having('script_name', /webhooks/)),
      changed(
        'a name of production in preview',
        'preview/',
        'cloudflare_workers_script',
        ['script_name'],
        'astraler-production-api',
        having('script_name', /api/),
      ),
      changed('no logs', 'production/', 'cloudflare_workers_script', ['observability', 'enabled'], false),
      changed('code that is not there', 'production/', 'cloudflare_workers_script', ['content_file'], 'assets/nothing.mjs'),
    ],
  },
  'S-05': {
    title: 'requests go from the proxied names to the Workers, each path to its own',
    check: (tree) =>
      environments.flatMap((environment) => {
        const routes = resources(tree, `${environment}/global/edge/workers`, 'cloudflare_workers_route');
        const host = { preview: '*.preview.astraler.com', staging: 'staging.astraler.com', production: 'app.astraler.com' }[environment];
        const found = Object.fromEntries(
          routes.map(({ unit, body }) => {
            const leads = follow(tree, unit, body['script']);
            const script = at<Json>(tree.units[unit], 'resource', 'cloudflare_workers_script', leads?.name ?? '');
            return [String(body['pattern']), script?.['script_name']];
          }),
        );
        return [
          ...same(`${environment}: routes`, sorted(Object.entries(found)), [
            [`${host}/*`, `astraler-${environment}-api`],
            [`${host}/api/auth/*`, `astraler-${environment}-auth`],
            [`${host}/webhooks/*`, `astraler-${environment}-webhooks`],
          ]),
          ...routes.flatMap(({ unit, body }) =>
            same(`${environment}: zone of a route`, end(tree, unit, body['zone_id']), 'cloudflare_zone.id'),
          ),
        ];
      }),
    mutations: [
      changed('a route to another name', 'staging/', 'cloudflare_workers_route', ['pattern'], 'app.astraler.com/*'),
      {
        what: 'webhooks answered by the API',
        apply: (tree) => {
          const routes = resources(tree, 'production/global/edge/workers', 'cloudflare_workers_route');
          const [api, webhooks] = [routes.find(({ name }) => name.includes('api')), routes.find(({ name }) => name.includes('webhooks'))];
          if (api === undefined || webhooks === undefined) throw new Error('nothing to mutate');
          webhooks.body['script'] = api.body['script'];
        },
      },
      gone('no route', 'preview/', 'cloudflare_workers_route'),
    ],
  },
  'S-06': {
    title: 'every Worker reaches Postgres and Redis of its environment, and the API its files',
    check: (tree) =>
      environments.flatMap((environment) => {
        const workers = workersOf(tree, environment);
        const stores = ['supabase_project', 'upstash_redis_database'].map((type) => resources(tree, `${environment}/`, type));
        return [
          ...same(
            `${environment}: stores`,
            stores.map((found) => found.map(({ body }) => body['name'] ?? body['database_name'])),
            [[`astraler-${environment}`], [`astraler-${environment}`]],
          ),
          ...application.flatMap((id) => {
            const worker = workers[id];
            const leads = (name: string): unknown => {
              const found = binding(worker, name);
              return [found?.['type'], end(tree, worker?.unit ?? '', found?.['text'])];
            };
            return [
              ...same(`${environment}: key of ${id}`, leads('SUPABASE_SERVICE_ROLE_KEY'), ['secret_text', 'supabase_apikey.api_key']),
              ...same(`${environment}: token of ${id}`, leads('UPSTASH_REDIS_REST_TOKEN'), [
                'secret_text',
                'data.upstash_redis_database_data.rest_token',
              ]),
              ...same(
                `${environment}: addresses of ${id}`,
                ['SUPABASE_URL', 'UPSTASH_REDIS_REST_URL'].map((name) => binding(worker, name)?.['text']),
                ['${data.terraform_remote_state.data_postgres.outputs.url}', '${data.terraform_remote_state.data_redis.outputs.rest_url}'],
              ),
            ];
          }),
          ...same(
            `${environment}: files`,
            bucketName(tree, workers['api']?.unit ?? '', binding(workers['api'], 'FILES')?.['bucket_name']),
            `astraler-${environment}-files`,
          ),
          ...resources(tree, `${environment}/global/edge/`, 'supabase_apikey').flatMap(({ unit, body }) =>
            same(
              `${environment}: project of the key`,
              [follow(tree, unit, body['project_ref'])?.unit],
              [`${environment}/global/data/postgres`],
            ),
          ),
        ];
      }),
    mutations: [
      {
        what: 'a key written down',
        apply: (tree) => {
          const found = binding(workersOf(tree, 'production')['auth'], 'SUPABASE_SERVICE_ROLE_KEY');
          if (found !== undefined) found['text'] = 'literal';
        },
      },
      {
        what: 'the files of the replica',
        apply: (tree) => {
          const found = binding(workersOf(tree, 'staging')['api'], 'FILES');
          if (found !== undefined) found['bucket_name'] = 'astraler-staging-replica';
        },
      },
      {
        what: 'the database of staging in production',
        apply: (tree) => {
          const states = at<Record<string, { config: { key: string } }>>(
            tree.units['production/global/edge/workers'],
            'data',
            'terraform_remote_state',
          );
          const state = states?.['data_postgres'];
          if (state !== undefined) state.config.key = 'staging/global/data/postgres/terraform.tfstate';
        },
      },
      gone('no cache', 'preview/', 'upstash_redis_database'),
    ],
  },
};
