import { at, end, environments, follow, resources, target, workersOf, type AstralerTree } from '../astraler-tree';
import { changed, gone, having, holds, rewritten, same, sorted, type Requirement } from '../requirement';

const hostnames: Readonly<Record<string, readonly string[]>> = {
  preview: ['*.preview.astraler.com'],
  staging: ['staging.astraler.com'],
  production: ['admin.astraler.com', 'app.astraler.com'],
};

/** How often each type is in the units that two environments share. */
function typesOf(tree: AstralerTree, environment: string, only: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [unit, json] of sorted(Object.entries(tree.units))) {
    if (!only.includes(unit.replace(/^[^/]+\//, '')) || !unit.startsWith(`${environment}/`)) continue;
    for (const [type, blocks] of Object.entries(at<object>(json, 'resource') ?? {}))
      counts[type] = (counts[type] ?? 0) + Object.keys(blocks as object).length;
  }
  return Object.fromEntries(sorted(Object.entries(counts)));
}

const unitsOf = (tree: AstralerTree, environment: string): readonly string[] =>
  Object.keys(tree.units)
    .filter((unit) => unit.startsWith(`${environment}/`))
    .map((unit) => unit.replace(/^[^/]+\//, ''))
    .sort();

const onlyProduction = ['global/backend/state', 'global/ci/repository', 'global/edge/waf', 'global/edge/zone'];

export const environmentRequirements: Readonly<Record<string, Requirement>> = {
  'S-01': {
    title: 'each environment has its name, proxied, and development has no unit',
    check: (tree) => [
      ...same('environments', sorted([...new Set(Object.keys(tree.units).map((unit) => unit.split('/')[0]))]), environments),
      ...environments.flatMap((environment) => {
        const records = resources(tree, `${environment}/`, 'cloudflare_dns_record');
        return [
          ...same(`${environment}: names`, records.map(({ body }) => String(body['name'])).sort(), hostnames[environment]),
          ...records.flatMap(({ unit, body }) => [
            ...same(`${environment}: proxied, ttl`, [body['proxied'], body['ttl']], [true, 1]),
            ...same(`${environment}: zone`, follow(tree, unit, body['zone_id'])?.unit, 'production/global/edge/zone'),
            ...same(`${environment}: zone's name`, target(tree, unit, body['zone_id'])?.['name'], 'astraler.com'),
          ]),
          ...same(
            `${environment}: routes`,
            resources(tree, `${environment}/`, 'cloudflare_workers_route')
              .map(({ body }) => String(body['pattern']).replace(/\/.*/, ''))
              .sort()
              .filter((name, index, all) => all.indexOf(name) === index),
            hostnames[environment],
          ),
        ];
      }),
      ...resources(tree, '', 'cloudflare_certificate_pack').flatMap(({ unit, body }) => [
        ...same('certificate', [unit, body['type']], ['production/global/edge/zone', 'advanced']),
        ...holds(
          'the certificate does not cover previews',
          at<readonly string[]>(body, 'hosts')?.includes('*.preview.astraler.com') === true,
        ),
      ]),
      ...same('certificates', resources(tree, '', 'cloudflare_certificate_pack').length, 1),
      ...holds(
        'development is not local',
        tree.files['preview/artifacts/development/.env.example']?.includes('APP_URL=http://localhost:3000') === true,
      ),
    ],
    mutations: [
      changed('a record beside the proxy', 'preview/', 'cloudflare_dns_record', ['proxied'], false),
      changed('a TTL on a proxied record', 'staging/', 'cloudflare_dns_record', ['ttl'], 300),
      changed('another name', 'production/', 'cloudflare_dns_record', ['name'], 'www.astraler.com', having('name', 'app.astraler.com')),
      changed('a certificate without previews', '', 'cloudflare_certificate_pack', ['hosts'], ['astraler.com']),
      gone('no certificate', '', 'cloudflare_certificate_pack'),
      rewritten(
        'development in the cloud',
        'preview/artifacts/development/.env.example',
        'http://localhost:3000',
        'https://dev.astraler.com',
      ),
    ],
  },
  'S-02': {
    title: 'environments are one construct with other data: types, settings and schema are the same',
    check: (tree) => {
      const shared = unitsOf(tree, 'staging');
      const everywhere = unitsOf(tree, 'preview');
      const names = (environment: string): unknown =>
        Object.entries(workersOf(tree, environment))
          .filter(([id]) => ['api', 'auth', 'webhooks'].includes(id))
          .map(([id, { body }]) => [
            id,
            at<readonly object[]>(body, 'bindings')?.map((one) => `${at<string>(one, 'type')} ${at<string>(one, 'name')}`),
          ]);
      return [
        ...same('units of production', unitsOf(tree, 'production'), [...shared, ...onlyProduction].sort()),
        ...same(
          'units of preview',
          everywhere,
          shared.filter((unit) => /^global\/(?:edge|data)\//.test(unit)),
        ),
        ...same('types', typesOf(tree, 'staging', shared), {
          ...typesOf(tree, 'production', shared),
        }),
        ...same('types of preview', typesOf(tree, 'preview', everywhere), typesOf(tree, 'staging', everywhere)),
        ...same('bindings of staging', names('staging'), names('production')),
        ...same('bindings of preview', names('preview'), names('production')),
        ...same(
          'schemas',
          new Set(environments.map((environment) => tree.files[`${environment}/artifacts/database/audit.sql`] ?? environment)).size,
          1,
        ),
        ...['preview', 'staging'].flatMap((environment) =>
          Object.entries(tree.units)
            .filter(([unit]) => unit.startsWith(`${environment}/`))
            .flatMap(([unit, json]) =>
              holds(`${unit} names production`, !/astraler-production|app\.astraler\.com/.test(JSON.stringify(json))),
            ),
        ),
      ];
    },
    mutations: [
      gone('staging without its replica', 'staging/', 'cloudflare_r2_bucket', having('name', /replica/)),
      {
        what: 'a setting that production alone has',
        apply: (tree) => {
          at<object[]>(workersOf(tree, 'production')['api']?.body, 'bindings')?.push({ type: 'plain_text', name: 'EXTRA', text: '1' });
        },
      },
      rewritten('another schema in preview', 'preview/artifacts/database/audit.sql', 'address inet,', ''),
      { what: 'staging without monitoring', apply: (tree) => delete tree.units['staging/global/monitoring/uptime'] },
    ],
  },
  'S-15': {
    title: 'every part grows as the document says: Workers by themselves, pooling, a Redis cluster over regions, R2',
    check: (tree) =>
      environments.flatMap((environment) => {
        const redis = resources(tree, `${environment}/`, 'upstash_redis_database')[0]?.body;
        const settings = resources(tree, `${environment}/`, 'supabase_settings')[0];
        return [
          ...same(
            `${environment}: cluster`,
            [redis?.['region'], redis?.['primary_region'], redis?.['tls']],
            ['global', 'ap-southeast-1', true],
          ),
          ...holds(`${environment}: no read region`, (at<readonly string[]>(redis, 'read_regions') ?? []).length > 0),
          ...holds(`${environment}: no pooling`, JSON.parse(String(settings?.body['pooler'] ?? '{}')).default_pool_size > 0),
          ...same(`${environment}: pooled project`, end(tree, settings?.unit ?? '', settings?.body['project_ref']), 'supabase_project.id'),
          ...same(
            `${environment}: files`,
            resources(tree, `${environment}/`, 'cloudflare_r2_bucket').filter(
              ({ body }) => body['name'] === `astraler-${environment}-files`,
            ).length,
            1,
          ),
        ];
      }),
    mutations: [
      changed('one region only', 'production/', 'upstash_redis_database', ['read_regions'], []),
      changed('a regional cache', 'staging/', 'upstash_redis_database', ['region'], 'ap-southeast-1'),
      changed('no pool', 'production/', 'supabase_settings', ['pooler'], '{}'),
      gone('no files', 'preview/', 'cloudflare_r2_bucket'),
    ],
  },
};
