import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { parse, parseAllDocuments } from 'yaml';

import { projectRoot } from '../../../terrace/project-root';
import { holds, same, type Requirement } from './requirement';
import { at, only, resources, target, type Json, type TuxTree } from './tux-tree';

const both = (check: (environment: 'production' | 'staging') => readonly string[]): readonly string[] => (['production', 'staging'] as const).flatMap(check);

const artifact = (tree: TuxTree, environment: string, file: string): string => tree.files[`${environment}/artifacts/${file}`] ?? '';
const yaml = (tree: TuxTree, environment: string, file: string): Json => (parse(artifact(tree, environment, file), { version: '1.1' }) ?? {}) as Json;

/** What a playbook imports and which roles its plays run. */
function edges(tree: TuxTree, environment: string, name: string): readonly string[] {
  const plays = parseAllDocuments(artifact(tree, environment, `ansible/playbooks/${name}.yml`)).flatMap((document) => (document.toJS() ?? []) as Json[]);
  return [...new Set(plays.flatMap((play) => [String(play['ansible.builtin.import_playbook'] ?? ''), ...(at<Json[]>(play, 'roles') ?? []).map((role) => String(role['role'])), ...(at<Json[]>(play, 'tasks') ?? []).map((task) => String(at(task, 'ansible.builtin.import_role', 'name') ?? ''))]))].filter((name) => name !== '').sort();
}

const containers = (tree: TuxTree, environment: string, role: string): Json => (at<Json>(yaml(tree, environment, `ansible/roles/tux/files/${role}/compose.yml`), 'services') ?? {}) as Json;
const workflow = (): Json => parse(readFileSync(path.join(projectRoot(), '.github', 'workflows', 'tux.yml'), 'utf8')) as Json;

export const handoverRequirements: Readonly<Record<string, Requirement>> = {
  'T-13': {
    title: 'the pipeline goes from the build to staging, a manual gate, production and the monitor',
    check: (tree) => {
      const jobs = at<Json>(tree.files['workflow'] === undefined ? workflow() : parse(tree.files['workflow']), 'jobs') ?? {};
      const needs = (job: string): readonly string[] => [at<string | string[]>(jobs, job, 'needs') ?? []].flat();
      const chain = ['build', 'test', 'deploy-staging', 'manual-testing', 'deploy-production', 'monitor'];
      return [
        ...chain.slice(1).flatMap((job, index) => holds(`${job} does not follow ${chain[index]}`, needs(job).includes(chain[index] ?? ''))),
        ...same('gate', at(jobs, 'manual-testing', 'environment'), 'tux-manual-testing'),
        ...same('production', at(jobs, 'deploy-production', 'environment', 'name') ?? at(jobs, 'deploy-production', 'environment'), 'tux-production'),
        ...Object.keys(jobs).flatMap((job) => holds(`${job} runs without TUX_ENABLED`, String(at(jobs, job, 'if') ?? '').includes('vars.TUX_ENABLED') || needs(job).length > 0)),
      ];
    },
  },
  'T-14': {
    title: 'the services of the picture run where they belong and find what they need',
    check: (tree) =>
      both((environment) => {
        const prefix = environment === 'production' ? '10.0' : '10.2';
        const web = containers(tree, environment, 'web');
        const volumes = resources(tree, `${environment}/`, 'hcloud_volume').map(({ body }) => body['name']);
        const nginx = artifact(tree, environment, 'ansible/roles/tux/files/web/nginx/nginx.conf');
        const finds = (service: string, name: string): unknown => at(web, service, 'environment', name);
        return [
          ...holds(`${environment}: a web service is missing`, ['nginx', 'static', 'tux', 'api', 'auth'].every((name) => name in web)),
          ...holds(`${environment}: no database`, 'postgres' in containers(tree, environment, 'db')),
          ...holds(`${environment}: no cache`, 'redis' in containers(tree, environment, 'redis')),
          ...same(`${environment}: nginx passes to`, [...nginx.matchAll(/proxy_pass http:\/\/(\w+):/g)].map((match) => match[1]).sort(), ['api', 'static', 'tux']),
          ...['tux', 'api'].flatMap((name) => same(`${environment}: ${name} finds`, [finds(name, 'DATABASE_HOST'), finds(name, 'REDIS_HOST'), finds(name, 'AUTH_URL')], [`${prefix}.2.20`, `${prefix}.2.21`, 'http://auth:9000'])),
          ...same(`${environment}: auth finds`, [finds('auth', 'DATABASE_HOST'), finds('auth', 'REDIS_HOST')], [`${prefix}.2.20`, undefined]),
          ...holds(`${environment}: static has no files`, at<string[]>(web, 'static', 'volumes')?.includes('/srv/files:/srv/files:ro') === true),
          ...holds(`${environment}: no volume for files`, volumes.includes(`tux-${environment}-files`)),
          ...same(`${environment}: who publishes on web`, Object.entries(web).filter(([, body]) => at(body, 'ports') !== undefined).map(([name]) => name), ['nginx', 'nginx-exporter']),
        ];
      }),
  },
  'T-15': {
    title: 'Ansible gets an inventory with a way through the bastion, and the playbooks of the picture',
    check: (tree) => [
      ...both((environment) => {
        const inventories = [['output', at<Json>(tree.units[`${environment}/eu-central/monitoring/stack`], 'output', 'ansible_inventory', 'value')], ['file', yaml(tree, environment, `ansible/inventory/${environment}.json`)]] as const;
        const prefix = environment === 'production' ? '10.0' : '10.2';
        return [
          ...inventories.flatMap(([which, inventory]) => {
            const hosts = (group: string): readonly string[] => at<string[]>(inventory, group, 'hosts') ?? [];
            const variables = (host: string): Json | undefined => at<Json>(inventory, '_meta', 'hostvars', host);
            return [
              ...same(`${environment} ${which}: web`, hosts('web').map((host) => variables(host)?.['ansible_host']), [`${prefix}.2.10`, `${prefix}.2.11`]),
              ...same(`${environment} ${which}: db and redis`, [...hosts('db'), ...hosts('redis')].map((host) => variables(host)?.['ansible_host']), [`${prefix}.2.20`, `${prefix}.2.21`]),
              ...same(`${environment} ${which}: bastion`, hosts('bastion').map((host) => variables(host)?.['private_address']), [`${prefix}.1.20`]),
              ...['web', 'db', 'redis', 'monitoring'].flatMap(hosts).flatMap((host) => holds(`${which}: ${host} is not reached through the bastion`, String(variables(host)?.['ansible_ssh_common_args']).startsWith('-o ProxyJump=ops@'))),
            ];
          }),
          ...same(`${environment}: site`, edges(tree, environment, 'site'), ['bootstrap.yml', 'dynamic-deploy.yml', 'hardening.yml']),
          ...same(`${environment}: bootstrap`, edges(tree, environment, 'bootstrap'), ['system']),
          ...same(`${environment}: dynamic-deploy`, edges(tree, environment, 'dynamic-deploy'), ['docker', 'tux']),
          ...same(`${environment}: hardening`, edges(tree, environment, 'hardening'), ['system']),
          ...['system', 'docker', 'tux'].flatMap((role) => holds(`${environment}: role ${role} has no tasks`, artifact(tree, environment, `ansible/roles/${role}/tasks/main.yml`) !== '')),
        ];
      }),
      ...holds(
        'a host is in both inventories',
        Object.keys(at<Json>(yaml(tree, 'production', 'ansible/inventory/production.json'), '_meta', 'hostvars') ?? {}).every((host) => at(yaml(tree, 'staging', 'ansible/inventory/staging.json'), '_meta', 'hostvars', host) === undefined),
      ),
      ...same("the bastion's address in the output", target(tree, 'production/eu-central/monitoring/stack', at(tree.units['production/eu-central/monitoring/stack'], 'output', 'ansible_inventory', 'value', '_meta', 'hostvars', 'tux-production-bastion', 'ansible_host'))?.['name'], 'tux-production-bastion'),
    ],
  },
  'T-16': {
    title: 'logs, metrics and traces reach their stores, and alerts reach people',
    check: (tree) =>
      both((environment) => {
        const prefix = environment === 'production' ? '10.0' : '10.2';
        const file = (name: string): Json => yaml(tree, environment, `ansible/roles/tux/files/${name}`);
        const targets = (at<Json[]>(file('monitoring/prometheus/prometheus.yml'), 'scrape_configs') ?? []).flatMap((job) => (at<Json[]>(job, 'static_configs') ?? []).flatMap((one) => at<string[]>(one, 'targets') ?? []));
        const stack = containers(tree, environment, 'monitoring');
        const alerts = yaml(tree, environment, 'ansible/roles/tux/templates/alertmanager.yml.j2');
        return [
          ...same(`${environment}: containers`, Object.keys(stack).sort(), ['alertmanager', 'elasticsearch', 'fluent-bit', 'grafana', 'jaeger', 'kibana', 'node-exporter', 'prometheus']),
          ...['web', 'db', 'redis', 'bastion'].flatMap((role) => same(`${environment}: logs of ${role} go to`, at(file(`${role}/fluent-bit/agent.yaml`), 'pipeline', 'outputs', 0, 'host'), `${prefix}.2.30`)),
          ...same(`${environment}: logs are kept in`, at(file('monitoring/fluent-bit/aggregator.yaml'), 'pipeline', 'outputs', 0, 'host'), 'elasticsearch'),
          ...same(`${environment}: Kibana reads`, at(stack, 'kibana', 'environment', 'ELASTICSEARCH_HOSTS'), 'http://elasticsearch:9200'),
          ...holds(`${environment}: a web server is not watched`, ['2.10:9100', '2.11:9100', '2.10:9113', '2.11:9113', '2.20:9187', '2.21:9121', '1.20:9100'].every((end) => targets.includes(`${prefix}.${end}`))),
          ...same(`${environment}: Grafana reads`, (at<Json[]>(file('monitoring/grafana/datasources.yml'), 'datasources') ?? []).map((source) => source['type']), ['prometheus', 'jaeger', 'elasticsearch']),
          ...same(`${environment}: alerts go to`, at(file('monitoring/prometheus/prometheus.yml'), 'alerting', 'alertmanagers', 0, 'static_configs', 0, 'targets'), ['alertmanager:9093']),
          ...same(`${environment}: people are told by`, (at<Json[]>(alerts, 'receivers') ?? []).map((receiver) => receiver['name']), ['slack', 'email']),
          ...['tux', 'api', 'auth'].flatMap((name) => same(`${environment}: traces of ${name}`, at(containers(tree, environment, 'web'), name, 'environment', 'OTEL_EXPORTER_OTLP_ENDPOINT'), `http://${prefix}.2.30:4317`)),
          ...same(`${environment}: trace storage`, at(stack, 'jaeger', 'environment', 'SPAN_STORAGE_TYPE'), 'badger'),
        ];
      }),
  },
  'T-18': {
    title: 'every source is backed up here, elsewhere and for long, and can be restored',
    check: (tree) => [
      ...both((environment) => {
        const attached = resources(tree, `${environment}/`, 'hcloud_volume_attachment').map(({ unit, body }) => [target(tree, unit, body['volume_id'])?.['name'], target(tree, unit, body['server_id'])?.['name']]);
        const expected = [['backup', 'db'], ['files', 'db'], ['postgres', 'db'], ['redis', 'redis']].map((pair) => pair.map((name) => `tux-${environment}-${name}`));
        const runs = (role: string): readonly unknown[] => (at<Json[]>(yaml(tree, environment, 'ansible/roles/tux/vars/main/backup.yml'), 'tux_backup_runs', role) ?? []).map((run) => run['source']);
        const production = environment === 'production';
        return [
          ...same(`${environment}: volumes`, attached.toSorted(), expected),
          ...resources(tree, `${environment}/`, 'hcloud_volume').flatMap(({ body }) => same(`${environment}: ${String(body['name'])} is protected`, [body['delete_protection'], at(body, 'lifecycle', 'prevent_destroy') ?? false], [production, production])),
          ...same(`${environment}: image backups`, resources(tree, `${environment}/`, 'hcloud_server').filter(({ body }) => body['backups'] === true).map(({ body }) => body['name']), production ? ['tux-production-db', 'tux-production-redis'] : []),
          ...same(`${environment}: buckets`, resources(tree, `${environment}/`, 'cloudflare_r2_bucket').map(({ body }) => body['name']), [`tux-${environment}-archive`, `tux-${environment}-backup`]),
          ...holds(`${environment}: the archive does not cool down`, JSON.stringify(resources(tree, `${environment}/`, 'cloudflare_r2_bucket_lifecycle').map(({ body }) => body['rules'])).includes('"storage_class":"InfrequentAccess"')),
          ...same(`${environment}: runs on the database server`, runs('db'), ['user-data', 'database', 'configuration', 'secrets', 'archive']),
          ...same(`${environment}: runs on a web server`, runs('web'), ['configuration', 'secrets', 'archive']),
          ...['--compression max', 'forget --prune', 'check --read-data-subset', 'copy "$remote_repository"', 'copy "$archive_repository"'].flatMap((step) => holds(`${environment}: the script has no ${step}`, artifact(tree, environment, 'ansible/roles/tux/files/scripts/tux-backup').includes(step))),
          ...same(`${environment}: restore`, edges(tree, environment, 'restore'), ['tux']),
          ...same(`${environment}: servers rebuild as they delete`, resources(tree, `${environment}/`, 'hcloud_server').filter(({ body }) => body['rebuild_protection'] !== body['delete_protection'] || body['delete_protection'] !== production).length, 0),
        ];
      }),
      ...same('the archive is locked', at<readonly object[]>(only(tree, 'production/', 'cloudflare_r2_bucket_lock').body, 'rules')?.every((rule) => at(rule, 'condition', 'max_age_seconds') === 365 * 86_400), true),
    ],
  },
  'T-20': {
    title: 'the pages that the generated one links to exist',
    check: (tree) =>
      ['docs/infrastructure/overview.md', 'docs/infrastructure/terraform.md', 'docs/automation/cli-tools.md', 'docs/tux.md'].flatMap((page) =>
        holds(`${page} is missing`, (tree.files[page] ?? (existsSync(path.join(projectRoot(), page)) ? readFileSync(path.join(projectRoot(), page), 'utf8') : '')).length > 500),
      ),
  },
};
