import type { JsonObject } from '../../../../terrace/base/json';

import { changed, gone, made, type RuleCase } from './rule-case';

const group = { resource_group_name: '${azurerm_resource_group.support.name}', location: 'eastus2' };
const rule = (source: string, port: string): JsonObject => ({
  name: 'ssh-@@',
  priority: '1@#',
  direction: 'Inbound',
  access: 'Allow',
  protocol: 'Tcp',
  source_port_range: '*',
  destination_port_range: port,
  source_address_prefix: source,
  destination_address_prefix: '*',
  resource_group_name: '${azurerm_resource_group.support.name}',
  network_security_group_name: '${azurerm_network_security_group.support.name}',
});
const vault = { name: 'promata-@@', ...group, tenant_id: '00000000-0000-0000-0000-000000000000', sku_name: 'standard' };
const subscription = '/subscriptions/00000000-0000-0000-0000-000000000000';

export const azureCases: readonly RuleCase[] = [
  {
    rule: 'azure-ingress-open',
    ...changed(
      'azurerm_network_security_rule',
      {},
      [rule('10.1.0.0/16', '22'), rule('*', '22')],
      [rule('10.1.0.0/16', '22'), rule('10.0.0.0/8', '22')],
    ),
  },
  {
    rule: 'azure-role-assigned',
    ...made(
      'azurerm_role_assignment',
      { scope: subscription, role_definition_name: 'Owner', principal_id: '11111111-1111-1111-1111-111111111111' },
      { scope: `${subscription}/x`, principal_id: '' },
    ),
  },
  {
    rule: 'allow-list-opened',
    ...changed(
      'azurerm_key_vault',
      vault,
      [
        { network_acls: { bypass: 'AzureServices', default_action: 'Deny' } },
        { network_acls: { bypass: 'AzureServices', default_action: 'Allow' } },
      ],
      [
        { network_acls: { bypass: 'AzureServices', default_action: 'Allow' } },
        { network_acls: { bypass: 'AzureServices', default_action: 'Deny' } },
      ],
    ),
  },
  {
    rule: 'deletion-protection-off',
    ...changed(
      'azurerm_key_vault',
      { ...vault, name: 'purge-@@' },
      [{ purge_protection_enabled: true }, { purge_protection_enabled: false }],
      [{ purge_protection_enabled: false }, { purge_protection_enabled: true }],
    ),
  },
  { rule: 'namespace-destroyed', ...gone('azurerm_resource_group', { name: 'old-@@', location: 'eastus2' }, { tags: { owner: 'team' } }) },
].map((one): RuleCase =>
  one.rule === 'azure-role-assigned'
    ? {
        ...one,
        silent: {
          type: 'azurerm_role_assignment',
          before: { scope: subscription, role_definition_name: 'Owner', principal_id: '11111111-1111-1111-1111-111111111111' },
        },
      }
    : one,
);

const zone = { zone_id: '${cloudflare_zone.support.id}' };
const setting = (id: string, value: string): JsonObject => ({ ...zone, setting_id: id, value });
const wafRule = (ref: string, action: string, enabled: boolean): JsonObject => ({
  ref,
  action,
  enabled,
  expression: `(http.request.uri.path contains "/${ref}")`,
  description: ref,
});
const waf = { ...zone, kind: 'zone', name: 'waf-@@', phase: 'http_request_firewall_custom' };

export const cloudflareCases: readonly RuleCase[] = [
  {
    rule: 'tls-weakened',
    ...changed(
      'cloudflare_zone_setting',
      {},
      [setting('ssl', 'strict'), setting('ssl', 'flexible')],
      [setting('ssl', 'full'), setting('ssl', 'strict')],
    ),
  },
  {
    rule: 'edge-protection-off',
    ...changed(
      'cloudflare_ruleset',
      waf,
      [{ rules: [wafRule('admin', 'block', true)] }, { rules: [wafRule('admin', 'block', false)] }],
      [
        { rules: [wafRule('admin', 'block', true)] },
        { rules: [wafRule('admin', 'block', true), wafRule('login', 'managed_challenge', true)] },
      ],
    ),
  },
  {
    rule: 'edge-protection-off',
    ...changed(
      'cloudflare_ruleset',
      waf,
      [{ rules: [wafRule('api', 'block', true)] }, { rules: [{ ...wafRule('api', 'block', true), expression: 'false' }] }],
      [{ rules: [wafRule('api', 'log', true)] }, { rules: [wafRule('api', 'block', true)] }],
    ),
  },
  {
    rule: 'edge-protection-off',
    ...changed(
      'cloudflare_authenticated_origin_pulls',
      zone,
      [{ config: [{ enabled: true, hostname: '@@.example.org' }] }, { config: [{ enabled: false, hostname: '@@.example.org' }] }],
      [{ config: [{ enabled: false, hostname: '@@.example.org' }] }, { config: [{ enabled: true, hostname: '@@.example.org' }] }],
    ),
  },
  {
    rule: 'origin-exposed',
    ...changed(
      'cloudflare_dns_record',
      { ...zone, name: '@@.example.org', type: 'A', content: '203.0.113.7', ttl: 1 },
      [{ proxied: true }, { proxied: false }],
      [{ proxied: false }, { proxied: true }],
    ),
  },
  {
    rule: 'bucket-destroyed',
    ...gone(
      'cloudflare_r2_bucket',
      { account_id: 'a'.repeat(32), name: 'backups-@@', location: 'weur' },
      { storage_class: 'InfrequentAccess' },
    ),
  },
  { rule: 'zone-destroyed', ...gone('cloudflare_zone', { account: { id: 'a'.repeat(32) }, name: '@@.example.org' }, { paused: true }) },
];

const firewall = (sources: readonly string[], port: string): JsonObject => ({
  name: 'web-@@',
  rule: [{ direction: 'in', protocol: 'tcp', port, source_ips: sources }],
});
const server = { name: 'web-@@', server_type: 'cx22', image: 'debian-12', location: 'nbg1' };

export const hetznerCases: readonly RuleCase[] = [
  {
    rule: 'hetzner-ingress-open',
    ...changed(
      'hcloud_firewall',
      {},
      [firewall(['10.0.0.0/16'], '22'), firewall(['0.0.0.0/0', '::/0'], '22')],
      [firewall(['10.0.0.0/16'], '22'), firewall(['10.0.0.0/8'], '22')],
    ),
  },
  { rule: 'volume-destroyed', ...gone('hcloud_volume', { name: 'data-@@', size: 10, location: 'nbg1' }, { labels: { owner: 'team' } }) },
  {
    rule: 'deletion-protection-off',
    ...changed(
      'hcloud_volume',
      { name: 'kept-@@', size: 10, location: 'nbg1' },
      [{ delete_protection: true }, { delete_protection: false }],
      [{ delete_protection: false }, { delete_protection: true }],
    ),
  },
  {
    rule: 'backup-reduced',
    ...changed('hcloud_server', server, [{ backups: true }, { backups: false }], [{ backups: false }, { backups: true }]),
  },
  {
    rule: 'http-listener',
    ...made(
      'hcloud_load_balancer_service',
      { load_balancer_id: '${hcloud_load_balancer.support.id}', protocol: 'http', listen_port: '80@#' },
      {
        load_balancer_id: '${hcloud_load_balancer.support.id}',
        protocol: 'tcp',
        listen_port: 443,
        destination_port: 443,
        proxyprotocol: true,
      },
    ),
  },
  { rule: 'server-destroyed', ...gone('hcloud_server', { ...server, name: 'old-@@' }, { labels: { owner: 'team' } }) },
];

const token = (groups: readonly string[]): JsonObject => ({
  name: 'ci',
  policies: [
    {
      effect: 'allow',
      permission_groups: groups.map((id) => ({ id })),
      resources: JSON.stringify({ 'com.cloudflare.api.account.zone.1': '*' }),
    },
  ],
});
export const tokenCases: readonly RuleCase[] = [
  {
    rule: 'api-token-widened',
    ...changed(
      'cloudflare_api_token',
      {},
      [token(['c8fed203ed3043cba015a93ad1616f1f']), token(['c8fed203ed3043cba015a93ad1616f1f', '4755a26eedb94da69e1066d98aa820be'])],
      [token(['c8fed203ed3043cba015a93ad1616f1f', '4755a26eedb94da69e1066d98aa820be']), token(['c8fed203ed3043cba015a93ad1616f1f'])],
    ),
  },
];
