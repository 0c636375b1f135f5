import { at, binding, environments, resources, rulesOf, target, workersOf, type AstralerTree, type Json } from '../astraler-tree';
import { changed, gone, having, holds, same, type Requirement } from '../requirement';

const secretName = /SECRET|TOKEN|PASSWORD|KEY|DSN|CREDENTIALS|WEBHOOK$|HEARTBEAT/;

/** Variables that a text names. */
const variablesIn = (text: unknown): readonly string[] => [...String(text).matchAll(/var\.(\w+)/g)].map((match) => match[1] ?? '');

function secretProblems(tree: AstralerTree): readonly string[] {
  return resources(tree, '', 'cloudflare_workers_script').flatMap(({ unit, body }) =>
    (at<readonly Json[]>(body, 'bindings') ?? []).flatMap((one) => {
      const place = `${String(body['script_name'])}: ${String(one['name'])}`;
      const text = String(one['text']);
      if (one['type'] === 'plain_text') return holds(`${place} is plain text`, !secretName.test(String(one['name'])));
      if (one['type'] !== 'secret_text') return [];
      return [
        ...holds(`${place} is a literal`, /^\$\{[^}]*\}$/.test(text)),
        ...variablesIn(text).flatMap((name) => {
          const variable = at<Json>(tree.units[unit], 'variable', name);
          return same(`${place}: variable`, [variable?.['sensitive'], variable !== undefined && 'default' in variable], [true, false]);
        }),
      ];
    }),
  );
}

export const securityRequirements: Readonly<Record<string, Requirement>> = {
  'S-16': {
    title: 'pool, sizes and thresholds are those of the current column of the capacity table',
    check: (tree) =>
      environments.flatMap((environment) => {
        const [settings] = resources(tree, `${environment}/`, 'supabase_settings');
        const project = target(tree, settings?.unit ?? '', settings?.body['project_ref']);
        const [redis] = resources(tree, `${environment}/`, 'upstash_redis_database');
        const monitor = workersOf(tree, environment)['monitor'];
        return [
          ...same(`${environment}: pool`, JSON.parse(String(settings?.body['pooler'] ?? '{}')), { default_pool_size: 20 }),
          ...same(`${environment}: size`, project?.['instance_size'], 'small'),
          ...same(`${environment}: Redis`, [redis?.body['auto_scale'], redis?.body['budget']], [false, 20]),
          ...(environment === 'preview'
            ? []
            : same(`${environment}: requests`, binding(monitor, 'REQUEST_RATE_THRESHOLD')?.['text'], '40')),
        ];
      }),
    mutations: [
      changed('the pool of the target', 'production/', 'supabase_settings', ['pooler'], '{"default_pool_size":100}'),
      changed('a larger database', 'staging/', 'supabase_project', ['instance_size'], 'large'),
      changed('a budget without end', 'preview/', 'upstash_redis_database', ['budget'], 10_000),
    ],
  },
  'S-21': {
    title: 'DDoS rules, managed rules, rate limits and the allowlist for administrators block',
    check: (tree) => {
      const [ddos] = rulesOf(tree, 'ddos_l7');
      const [admin, ...others] = rulesOf(tree, 'http_request_firewall_custom');
      const limits = rulesOf(tree, 'http_ratelimit');
      const listed = resources(tree, 'production/', 'cloudflare_list')[0];
      return [
        ...same(
          'DDoS',
          [ddos?.['action'], ddos?.['enabled'], at(ddos, 'action_parameters', 'overrides', 'action')],
          ['execute', true, 'block'],
        ),
        ...same('custom rules', [admin?.['action'], admin?.['enabled'], others.length], ['block', true, 0]),
        ...holds(
          'the allowlist does not cover the administration',
          ['"admin.astraler.com"', '"/admin"', '"/api/admin"', 'not ip.src in $astraler_administrators'].every((part) =>
            String(admin?.['expression']).includes(part),
          ),
        ),
        ...same('list', [listed?.body['kind'], listed?.body['name']], ['ip', 'astraler_administrators']),
        ...holds('the list is not the variable', String(listed?.body['items']).includes('var.admin_cidrs')),
        ...same(
          'limits',
          limits.map((rule) => [
            rule['action'],
            rule['enabled'],
            at(rule, 'ratelimit', 'requests_per_period'),
            at(rule, 'ratelimit', 'period'),
            String(rule['description']).split(':')[0],
          ]),
          [
            ['block', true, 10, 60, 'auth'],
            ['block', true, 1000, 60, 'webhooks'],
            ['block', true, 100, 60, 'api, authenticated'],
            ['block', true, 30, 60, 'api, unauthenticated'],
          ],
        ),
        ...holds(
          'limits of another path',
          String(limits[0]?.['expression']).includes('"/api/auth/"') && String(limits[1]?.['expression']).includes('"/webhooks/"'),
        ),
        ...same(
          'public addresses',
          resources(tree, '', 'cloudflare_r2_managed_domain').filter(({ body }) => body['enabled'] !== false).length,
          0,
        ),
      ];
    },
    mutations: [
      changed(
        'a WAF rule that only logs',
        'production/',
        'cloudflare_ruleset',
        ['rules', 0, 'action'],
        'log',
        having('phase', 'http_request_firewall_custom'),
      ),
      changed(
        'an administration for everybody',
        'production/',
        'cloudflare_ruleset',
        ['rules', 0, 'expression'],
        'false',
        having('phase', 'http_request_firewall_custom'),
      ),
      changed(
        'a limit of 1000 for signing in',
        'production/',
        'cloudflare_ruleset',
        ['rules', 0, 'ratelimit', 'requests_per_period'],
        1000,
        having('phase', 'http_ratelimit'),
      ),
      gone('no DDoS rules', 'production/', 'cloudflare_ruleset', having('phase', 'ddos_l7')),
      changed('a public bucket', 'staging/global/data/storage', 'cloudflare_r2_managed_domain', ['enabled'], true),
    ],
  },
  'S-22': {
    title:
      'secrets are bound as such from sensitive variables; the JWT secret is bound to Auth alone; the database has TLS and its own keys',
    check: (tree) => [
      ...secretProblems(tree),
      ...environments.flatMap((environment) => [
        ...same(
          `${environment}: who has the JWT secret`,
          resources(tree, `${environment}/`, 'cloudflare_workers_script')
            .filter(({ body }) => JSON.stringify(body['bindings']).toUpperCase().includes('JWT'))
            .map(({ body }) => body['script_name']),
          [`astraler-${environment}-auth`],
        ),
        ...same(`${environment}: JWT`, binding(workersOf(tree, environment)['auth'], 'JWT_SECRET'), {
          name: 'JWT_SECRET',
          text: '${var.jwt_secret}',
          type: 'secret_text',
        }),
        ...resources(tree, `${environment}/`, 'supabase_settings').flatMap(({ body }) =>
          same(`${environment}: TLS`, body['ssl_enforcement'], true),
        ),
        ...resources(tree, `${environment}/`, 'supabase_project').flatMap(({ body }) =>
          same(
            `${environment}: database`,
            [body['region'], body['database_password']],
            ['ap-southeast-1', '${var.supabase_database_password}'],
          ),
        ),
      ]),
      ...Object.entries(tree.units)
        .filter(([unit]) => !unit.endsWith('backend/state'))
        .flatMap(([unit, json]) =>
          Object.entries(at<Record<string, readonly Json[]>>(json, 'provider') ?? {}).flatMap(([provider, [block]]) =>
            holds(
              `${unit}: ${provider} has no token from a sensitive variable`,
              Object.values(block ?? {}).some((value) =>
                variablesIn(value).some((name) => at(json, 'variable', name, 'sensitive') === true),
              ),
            ),
          ),
        ),
    ],
    mutations: [
      {
        what: 'the JWT secret in the API as well',
        apply: (tree) => {
          at<object[]>(workersOf(tree, 'production')['api']?.body, 'bindings')?.push({
            type: 'secret_text',
            name: 'JWT_SECRET',
            text: '${var.jwt_secret}',
          });
        },
      },
      {
        what: 'a secret as plain text',
        apply: (tree) => {
          const found = binding(workersOf(tree, 'staging')['webhooks'], 'STRIPE_WEBHOOK_SECRET');
          if (found !== undefined) found['type'] = 'plain_text';
        },
      },
      {
        what: 'a literal secret',
        apply: (tree) => {
          const found = binding(workersOf(tree, 'preview')['auth'], 'JWT_SECRET');
          if (found !== undefined) found['text'] = 'letmein';
        },
      },
      {
        what: 'a variable that terraform prints',
        apply: (tree) => {
          delete at<Json>(tree.units['production/global/edge/workers'], 'variable', 'stripe_secret_key')?.['sensitive'];
        },
      },
      changed('a database without TLS', 'production/', 'supabase_settings', ['ssl_enforcement'], false),
      changed('a database elsewhere', 'staging/', 'supabase_project', ['region'], 'eu-central-1'),
    ],
  },
};
