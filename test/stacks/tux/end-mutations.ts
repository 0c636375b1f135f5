import { named, resource, type Mutation } from './mutations';
import { at, type Json } from './tux-tree';

/** A unit that reads another one's state than its own environment's. */
const redirected = (what: string, unit: string, name: string, to: string): Mutation => ({
  what,
  apply: (tree) => {
    const config = at<Json>(tree.units[unit], 'data', 'terraform_remote_state', name, 'config');
    if (config === undefined) throw new Error(`${unit} does not read ${name}`);
    config['key'] = `${to}/terraform.tfstate`;
  },
});

const waf = (body: Json): boolean => body['phase'] === 'http_request_firewall_managed';
const ddos = (body: Json): boolean => body['phase'] === 'ddos_l7';
const setting =
  (id: string) =>
  (body: Json): boolean =>
    body['setting_id'] === id;

/** At least one mutation for each of the requirements about ends. */
export const endMutations: Readonly<Record<string, readonly Mutation[]>> = {
  'T-05/ends': [
    redirected(
      'web servers in the network of staging',
      'production/eu-central/compute/web',
      'network_private_network',
      'staging/eu-central/network/private-network',
    ),
    resource('the address of another load balancer', 'production/', 'hcloud_load_balancer_network', ['load_balancer_id'], 1),
    resource('the way out of another network', 'production/', 'hcloud_network_route', ['network_id'], 1),
    resource('a server that nobody can log in to', 'staging/', 'hcloud_server', ['ssh_keys'], []),
  ],
  'T-06/ends': [
    resource('rules that hold for nothing', 'production/', 'cloudflare_ruleset', ['rules', 0, 'expression'], 'false', waf),
    resource(
      'one managed ruleset twice',
      'production/',
      'cloudflare_ruleset',
      ['rules', 1, 'action_parameters', 'id'],
      'efb7b8c949ac4650a09736fc376e9aee',
      waf,
    ),
    resource(
      'DDoS rules that only log',
      'production/',
      'cloudflare_ruleset',
      ['rules', 0, 'action_parameters', 'overrides', 'action'],
      'log',
      ddos,
    ),
    resource('the firewall of another zone', 'production/', 'cloudflare_ruleset', ['zone_id'], '0123', waf),
    resource('origin pulls of another zone', 'staging/', 'cloudflare_authenticated_origin_pulls', ['zone_id'], '0123'),
    resource('an old TLS', 'production/', 'cloudflare_zone_setting', ['value'], '1.0', setting('min_tls_version')),
  ],
  'T-07/ends': [
    resource('a target of another load balancer', 'production/', 'hcloud_load_balancer_target', ['load_balancer_id'], 1),
    resource('a service of another load balancer', 'staging/', 'hcloud_load_balancer_service', ['load_balancer_id'], 1),
    resource('a health check without patience', 'production/', 'hcloud_load_balancer_service', ['health_check', 'retries'], 0),
  ],
  'T-09/ends': [
    resource(
      'a private server that the firewall does not find',
      'production/',
      'hcloud_server',
      ['labels', 'exposure'],
      'none',
      named('tux-production-web-1'),
    ),
  ],
  'T-18/ends': [
    resource('a load balancer that anybody can delete', 'production/', 'hcloud_load_balancer', ['delete_protection'], false),
    resource('a network that anybody can delete', 'production/', 'hcloud_network', ['delete_protection'], false),
    resource('a lock on nothing', 'production/', 'cloudflare_r2_bucket_lock', ['bucket_name'], 'somebody-elses'),
    resource('one bucket with two lifecycles', 'production/', 'cloudflare_r2_bucket_lifecycle', ['bucket_name'], 'tux-production-backup'),
    resource('a retired type', 'production/', 'hcloud_server', ['server_type'], 'cx21', named('tux-production-web-1')),
  ],
};
