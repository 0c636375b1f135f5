import { environments, holds, same, type Requirement } from './requirement';
import { at, follow, only, resources, target, type Resource, type TuxTree } from './tux-tree';

const both = (check: (environment: 'production' | 'staging') => readonly string[]): readonly string[] =>
  (Object.keys(environments) as (keyof typeof environments)[]).flatMap(check);

/** A problem for each resource of a type whose field does not lead to what is expected. */
function lead(tree: TuxTree, environment: string, type: string, way: readonly (string | number)[], to: string): readonly string[] {
  return resources(tree, `${environment}/`, type).flatMap(({ unit, name, body }: Resource) => {
    const found = follow(tree, unit, at(body, ...way));
    return same(`${environment}: ${type} ${name}, ${way.join('.')}`, found && `${found.unit} ${found.type}`, to);
  });
}

/** Where references end, and values that only matter together: beside the requirements of the same number. */
export const endRequirements: Readonly<Record<string, Requirement>> = {
  'T-05/ends': {
    title: 'everything in a network is in that of its environment',
    check: (tree) =>
      both((environment) => {
        const network = `${environment}/eu-central/network/private-network hcloud_network`;
        const balancer = `${environment}/eu-central/network/load-balancer hcloud_load_balancer`;
        return [
          ...lead(tree, environment, 'hcloud_network_subnet', ['network_id'], network),
          ...lead(tree, environment, 'hcloud_network_route', ['network_id'], network),
          ...lead(tree, environment, 'hcloud_load_balancer_network', ['load_balancer_id'], balancer),
          ...lead(tree, environment, 'hcloud_load_balancer_network', ['subnet_id'], `${network}_subnet`),
          ...lead(tree, environment, 'hcloud_server', ['network', 0, 'subnet_id'], `${network}_subnet`),
          ...lead(tree, environment, 'hcloud_server', ['ssh_keys', 0], `${environment}/eu-central/compute/bastion hcloud_ssh_key`),
        ];
      }),
  },
  'T-06/ends': {
    title: 'the rules of the zone hold for every request to it, and block',
    check: (tree) => [
      ...['cloudflare_ruleset', 'cloudflare_zone_setting', 'cloudflare_authenticated_origin_pulls', 'cloudflare_dns_record'].flatMap(
        (type) => both((environment) => lead(tree, environment, type, ['zone_id'], 'production/global/dns/zone cloudflare_zone')),
      ),
      ...resources(tree, '', 'cloudflare_ruleset').flatMap(({ body }) => {
        const rules = at<readonly object[]>(body, 'rules') ?? [];
        const executed = rules.map((rule) => at<string>(rule, 'action_parameters', 'id'));
        return [
          ...same(`${String(body['phase'])}: for`, [...new Set(rules.map((rule) => at(rule, 'expression')))], ['true']),
          ...holds(`${String(body['phase'])}: a ruleset twice`, new Set(executed).size === executed.length),
          ...holds(
            `${String(body['phase'])}: only logs`,
            rules.every((rule) => ['block', undefined].includes(at<string>(rule, 'action_parameters', 'overrides', 'action'))),
          ),
        ];
      }),
      ...same(
        'settings',
        Object.fromEntries(resources(tree, '', 'cloudflare_zone_setting').map(({ body }) => [body['setting_id'], body['value']])),
        { always_use_https: 'on', automatic_https_rewrites: 'on', min_tls_version: '1.2', ssl: 'strict', tls_1_3: 'on' },
      ),
    ],
  },
  'T-07/ends': {
    title: 'targets and services are those of the one load balancer, which asks as the table says',
    check: (tree) =>
      both((environment) => {
        const balancer = `${environment}/eu-central/network/load-balancer hcloud_load_balancer`;
        return [
          ...lead(tree, environment, 'hcloud_load_balancer_target', ['load_balancer_id'], balancer),
          ...lead(tree, environment, 'hcloud_load_balancer_service', ['load_balancer_id'], balancer),
          ...resources(tree, `${environment}/`, 'hcloud_load_balancer_service').flatMap(({ name, body }) =>
            same(
              `${environment}: ${name} asks`,
              ['interval', 'timeout', 'retries'].map((field) => at(body, 'health_check', field)),
              [15, 10, 3],
            ),
          ),
        ];
      }),
  },
  'T-09/ends': {
    title: 'the firewall of private servers finds them by their labels, and the public one the bastion',
    check: (tree) =>
      both((environment) =>
        resources(tree, `${environment}/`, 'hcloud_server').flatMap(({ body }) => {
          const isPublic = body['name'] === `tux-${environment}-bastion`;
          return same(
            `${environment}: labels of ${String(body['name'])}`,
            [at(body, 'labels', 'environment'), at(body, 'labels', 'exposure')],
            [environment, isPublic ? 'public' : 'private'],
          );
        }),
      ),
  },
  'T-18/ends': {
    title: 'production protects network and load balancer too, and each bucket has its own lifecycle and lock',
    check: (tree) =>
      both((environment) => {
        const production = environment === 'production';
        const bucketOf = (type: string): readonly string[] =>
          resources(tree, `${environment}/`, type)
            .map(({ unit, body }) => String(target(tree, unit, body['bucket_name'])?.['name']))
            .toSorted();
        return [
          ...(['hcloud_network', 'hcloud_load_balancer'] as const).flatMap((type) => {
            const { body } = only(tree, `${environment}/`, type);
            return same(
              `${environment}: ${type} is protected`,
              [body['delete_protection'], at(body, 'lifecycle', 'prevent_destroy') ?? false],
              [production, production],
            );
          }),
          ...same(`${environment}: lifecycles`, bucketOf('cloudflare_r2_bucket_lifecycle'), [
            `tux-${environment}-archive`,
            `tux-${environment}-backup`,
          ]),
          ...same(`${environment}: locks`, bucketOf('cloudflare_r2_bucket_lock'), production ? ['tux-production-archive'] : []),
          ...same(
            `${environment}: types of servers`,
            Object.fromEntries(
              resources(tree, `${environment}/`, 'hcloud_server').map(({ body }) => [
                String(body['name']).slice(`tux-${environment}-`.length),
                body['server_type'],
              ]),
            ),
            Object.fromEntries(
              ['bastion', 'web-1', 'web-2', 'db', 'redis', 'monitoring'].map((id) => [
                id,
                production && id !== 'bastion' ? 'cx33' : 'cx23',
              ]),
            ),
          ),
        ];
      }),
  },
};
