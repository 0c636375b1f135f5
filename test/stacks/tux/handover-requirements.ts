import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { projectRoot } from '../../_helpers/project-root';
import { artifact, both, containers, edges, yaml } from './artifact';
import { holds, same, type Requirement } from './requirement';
import { at, resources, target, type Json } from './tux-tree';

const workflow = (): Json => parse(readFileSync(path.join(projectRoot, '.github', 'workflows', 'tux.yml'), 'utf8')) as Json;

export const handoverRequirements: Readonly<Record<string, Requirement>> = {
  'T-13': {
    title: 'the pipeline goes from the build to staging, a manual gate, production and the monitor',
    check: (tree) => {
      const jobs = at<Json>(tree.files['workflow'] === undefined ? workflow() : parse(tree.files['workflow']), 'jobs') ?? {};
      const needs = (job: string): readonly string[] => [at<string | string[]>(jobs, job, 'needs') ?? []].flat();
      const chain = ['detect', 'test', 'staging-1', 'manual-testing', 'production-1', 'monitor'];
      return [
        ...chain.slice(1).flatMap((job, index) => holds(`${job} does not follow ${chain[index]}`, needs(job).includes(chain[index] ?? ''))),
        ...same('gate', at(jobs, 'manual-testing', 'environment'), 'tux-manual-testing'),
        ...same('production', at(jobs, 'production-1', 'with', 'target'), 'tux/production'),
        ...holds(
          'production is applied by another workflow',
          String(at(jobs, 'production-1', 'uses')).endsWith('/.github/workflows/_round.yml@main'),
        ),
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
          ...holds(
            `${environment}: a web service is missing`,
            ['nginx', 'static', 'tux', 'api', 'auth'].every((name) => name in web),
          ),
          ...holds(`${environment}: no database`, 'postgres' in containers(tree, environment, 'db')),
          ...holds(`${environment}: no cache`, 'redis' in containers(tree, environment, 'redis')),
          ...same(
            `${environment}: nginx passes to`,
            [...nginx.matchAll(/set \$\w+ http:\/\/(\w+):\d+;/g)].map((match) => match[1] ?? '').sort(),
            ['api', 'static', 'tux'],
          ),
          ...['tux', 'api'].flatMap((name) =>
            same(
              `${environment}: ${name} finds`,
              [finds(name, 'DATABASE_HOST'), finds(name, 'REDIS_HOST'), finds(name, 'AUTH_URL')],
              [`${prefix}.2.20`, `${prefix}.2.21`, 'http://auth:9000'],
            ),
          ),
          ...same(
            `${environment}: auth finds`,
            [finds('auth', 'DATABASE_HOST'), finds('auth', 'REDIS_HOST')],
            [`${prefix}.2.20`, undefined],
          ),
          ...holds(
            `${environment}: static has no files`,
            at<string[]>(web, 'static', 'volumes')?.includes('/srv/files:/srv/files:ro') === true,
          ),
          ...holds(`${environment}: no volume for files`, volumes.includes(`tux-${environment}-files`)),
          ...same(
            `${environment}: who publishes on web`,
            Object.entries(web)
              .filter(([, body]) => at(body, 'ports') !== undefined)
              .map(([name]) => name),
            ['nginx', 'nginx-exporter'],
          ),
        ];
      }),
  },
  'T-15': {
    title: 'Ansible gets an inventory with a way through the bastion, and the playbooks of the picture',
    check: (tree) => [
      ...both((environment) => {
        const inventories = [
          ['output', at<Json>(tree.units[`${environment}/eu-central/monitoring/stack`], 'output', 'ansible_inventory', 'value')],
          ['file', yaml(tree, environment, `ansible/inventory/${environment}.json`)],
        ] as const;
        const prefix = environment === 'production' ? '10.0' : '10.2';
        return [
          ...inventories.flatMap(([which, inventory]) => {
            const hosts = (group: string): readonly string[] => at<string[]>(inventory, group, 'hosts') ?? [];
            const variables = (host: string): Json | undefined => at<Json>(inventory, '_meta', 'hostvars', host);
            return [
              ...same(
                `${environment} ${which}: web`,
                hosts('web').map((host) => variables(host)?.['ansible_host']),
                [`${prefix}.2.10`, `${prefix}.2.11`],
              ),
              ...same(
                `${environment} ${which}: db and redis`,
                [...hosts('db'), ...hosts('redis')].map((host) => variables(host)?.['ansible_host']),
                [`${prefix}.2.20`, `${prefix}.2.21`],
              ),
              ...same(
                `${environment} ${which}: bastion`,
                hosts('bastion').map((host) => variables(host)?.['private_address']),
                [`${prefix}.1.20`],
              ),
              ...['web', 'db', 'redis', 'monitoring']
                .flatMap(hosts)
                .flatMap((host) =>
                  holds(
                    `${which}: ${host} is not reached through the bastion`,
                    String(variables(host)?.['ansible_ssh_common_args']).startsWith('-o ProxyJump=ops@'),
                  ),
                ),
            ];
          }),
          ...same(`${environment}: site`, edges(tree, environment, 'site'), ['bootstrap.yml', 'dynamic-deploy.yml', 'hardening.yml']),
          ...same(`${environment}: bootstrap`, edges(tree, environment, 'bootstrap'), ['system']),
          ...same(`${environment}: dynamic-deploy`, edges(tree, environment, 'dynamic-deploy'), ['docker', 'tux']),
          ...same(`${environment}: hardening`, edges(tree, environment, 'hardening'), ['system']),
          ...['system', 'docker', 'tux'].flatMap((role) =>
            holds(`${environment}: role ${role} has no tasks`, artifact(tree, environment, `ansible/roles/${role}/tasks/main.yml`) !== ''),
          ),
        ];
      }),
      ...holds(
        'a host is in both inventories',
        Object.keys(at<Json>(yaml(tree, 'production', 'ansible/inventory/production.json'), '_meta', 'hostvars') ?? {}).every(
          (host) => at(yaml(tree, 'staging', 'ansible/inventory/staging.json'), '_meta', 'hostvars', host) === undefined,
        ),
      ),
      ...same(
        "the bastion's address in the output",
        target(
          tree,
          'production/eu-central/monitoring/stack',
          at(
            tree.units['production/eu-central/monitoring/stack'],
            'output',
            'ansible_inventory',
            'value',
            '_meta',
            'hostvars',
            'tux-production-bastion',
            'ansible_host',
          ),
        )?.['name'],
        'tux-production-bastion',
      ),
    ],
  },
  'T-20': {
    title: 'the pages that the generated one links to exist',
    check: (tree) =>
      ['docs/infrastructure/overview.md', 'docs/infrastructure/terraform.md', 'docs/automation/cli-tools.md', 'docs/tux.md'].flatMap(
        (page) =>
          holds(
            `${page} is missing`,
            (tree.files[page] ?? (existsSync(path.join(projectRoot, page)) ? readFileSync(path.join(projectRoot, page), 'utf8') : ''))
              .length > 500,
          ),
      ),
  },
};
