import { artifact, both, containers, edges, yaml } from './artifact';
import { holds, same, type Requirement } from './requirement';
import { at, only, resources, target, type Json } from './tux-tree';

export const watchRequirements: Readonly<Record<string, Requirement>> = {
  'T-16': {
    title: 'logs, metrics and traces reach their stores, and alerts reach people',
    check: (tree) =>
      both((environment) => {
        const prefix = environment === 'production' ? '10.0' : '10.2';
        const file = (name: string): Json => yaml(tree, environment, `ansible/roles/tux/files/${name}`);
        const targets = new Set(
          (at<Json[]>(file('monitoring/prometheus/prometheus.yml'), 'scrape_configs') ?? []).flatMap((job) =>
            (at<Json[]>(job, 'static_configs') ?? []).flatMap((one) => at<string[]>(one, 'targets') ?? []),
          ),
        );
        const stack = containers(tree, environment, 'monitoring');
        const alerts = yaml(tree, environment, 'ansible/roles/tux/templates/alertmanager.yml.j2');
        return [
          ...same(`${environment}: containers`, Object.keys(stack).sort(), [
            'alertmanager',
            'elasticsearch',
            'fluent-bit',
            'grafana',
            'jaeger',
            'kibana',
            'node-exporter',
            'prometheus',
          ]),
          ...['web', 'db', 'redis', 'bastion'].flatMap((role) =>
            same(
              `${environment}: logs of ${role} go to`,
              at(file(`${role}/fluent-bit/agent.yaml`), 'pipeline', 'outputs', 0, 'host'),
              `${prefix}.2.30`,
            ),
          ),
          ...same(
            `${environment}: logs are kept in`,
            at(file('monitoring/fluent-bit/aggregator.yaml'), 'pipeline', 'outputs', 0, 'host'),
            'elasticsearch',
          ),
          ...same(`${environment}: Kibana reads`, at(stack, 'kibana', 'environment', 'ELASTICSEARCH_HOSTS'), 'http://elasticsearch:9200'),
          ...holds(
            `${environment}: a web server is not watched`,
            ['2.10:9100', '2.11:9100', '2.10:9113', '2.11:9113', '2.20:9187', '2.21:9121', '1.20:9100'].every((end) =>
              targets.has(`${prefix}.${end}`),
            ),
          ),
          ...same(
            `${environment}: Grafana reads`,
            (at<Json[]>(file('monitoring/grafana/datasources.yml'), 'datasources') ?? []).map((source) => source['type']),
            ['prometheus', 'jaeger', 'elasticsearch'],
          ),
          ...same(
            `${environment}: alerts go to`,
            at(file('monitoring/prometheus/prometheus.yml'), 'alerting', 'alertmanagers', 0, 'static_configs', 0, 'targets'),
            ['alertmanager:9093'],
          ),
          ...same(
            `${environment}: people are told by`,
            (at<Json[]>(alerts, 'receivers') ?? []).map((receiver) => receiver['name']),
            ['slack', 'email'],
          ),
          ...['tux', 'api', 'auth'].flatMap((name) =>
            same(
              `${environment}: traces of ${name}`,
              at(containers(tree, environment, 'web'), name, 'environment', 'OTEL_EXPORTER_OTLP_ENDPOINT'),
              `http://${prefix}.2.30:4317`,
            ),
          ),
          ...same(`${environment}: trace storage`, at(stack, 'jaeger', 'environment', 'SPAN_STORAGE_TYPE'), 'badger'),
        ];
      }),
  },
  'T-18': {
    title: 'every source is backed up here, elsewhere and for long, and can be restored',
    check: (tree) => [
      ...both((environment) => {
        const attached = resources(tree, `${environment}/`, 'hcloud_volume_attachment').map(({ unit, body }) => [
          target(tree, unit, body['volume_id'])?.['name'],
          target(tree, unit, body['server_id'])?.['name'],
        ]);
        const expected = [
          ['backup', 'db'],
          ['files', 'db'],
          ['postgres', 'db'],
          ['redis', 'redis'],
        ].map((pair) => pair.map((name) => `tux-${environment}-${name}`).join(' '));
        const runs = (role: string): readonly unknown[] =>
          (at<Json[]>(yaml(tree, environment, 'ansible/roles/tux/vars/main/backup.yml'), 'tux_backup_runs', role) ?? []).map(
            (run) => run['source'],
          );
        const production = environment === 'production';
        return [
          ...same(`${environment}: volumes`, attached.map((pair) => pair.join(' ')).toSorted(), expected),
          ...resources(tree, `${environment}/`, 'hcloud_volume').flatMap(({ body }) =>
            same(
              `${environment}: ${String(body['name'])} is protected`,
              [body['delete_protection'], at(body, 'lifecycle', 'prevent_destroy') ?? false],
              [production, production],
            ),
          ),
          ...same(
            `${environment}: image backups`,
            resources(tree, `${environment}/`, 'hcloud_server')
              .filter(({ body }) => body['backups'] === true)
              .map(({ body }) => body['name']),
            production ? ['tux-production-db', 'tux-production-redis'] : [],
          ),
          ...same(
            `${environment}: buckets`,
            resources(tree, `${environment}/`, 'cloudflare_r2_bucket').map(({ body }) => body['name']),
            [`tux-${environment}-archive`, `tux-${environment}-backup`],
          ),
          ...holds(
            `${environment}: the archive does not cool down`,
            JSON.stringify(resources(tree, `${environment}/`, 'cloudflare_r2_bucket_lifecycle').map(({ body }) => body['rules'])).includes(
              '"storage_class":"InfrequentAccess"',
            ),
          ),
          ...same(`${environment}: runs on the database server`, runs('db'), [
            'user-data',
            'database',
            'configuration',
            'secrets',
            'archive',
          ]),
          ...same(`${environment}: runs on a web server`, runs('web'), ['configuration', 'secrets', 'archive']),
          ...[
            '--compression max',
            'forget --prune',
            'check --read-data-subset',
            'copy "$remote_repository"',
            'copy "$archive_repository"',
          ].flatMap((step) =>
            holds(
              `${environment}: the script has no ${step}`,
              artifact(tree, environment, 'ansible/roles/tux/files/scripts/tux-backup').includes(step),
            ),
          ),
          ...same(`${environment}: restore`, edges(tree, environment, 'restore'), ['tux']),
          ...same(
            `${environment}: servers rebuild as they delete`,
            resources(tree, `${environment}/`, 'hcloud_server').filter(
              ({ body }) => body['rebuild_protection'] !== body['delete_protection'] || body['delete_protection'] !== production,
            ).length,
            0,
          ),
        ];
      }),
      ...same(
        'the archive is locked',
        at<readonly object[]>(only(tree, 'production/', 'cloudflare_r2_bucket_lock').body, 'rules')?.every(
          (rule) => at(rule, 'condition', 'max_age_seconds') === 365 * 86_400,
        ),
        true,
      ),
    ],
  },
};
