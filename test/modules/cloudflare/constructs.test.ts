import { expect, test } from '@jest/globals';
import { Testing } from 'cdktf';
import type { Construct } from 'constructs';

import { BackupBucket } from '../../../modules/cloudflare/backup-bucket';
import { OriginLock } from '../../../modules/cloudflare/origin-lock';
import { ProxiedHost } from '../../../modules/cloudflare/proxied-host';
import { ManagedZone } from '../../../modules/cloudflare/zone';
import { managedRulesets, ZoneProtection } from '../../../modules/cloudflare/zone-protection';

type Blocks = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

function made(build: (scope: Construct) => unknown): Blocks {
  const json = JSON.parse(Testing.synthScope((scope) => void build(scope))) as {
    readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  };
  return Object.fromEntries(
    Object.entries(json.resource).map(([type, blocks]) => [
      type,
      Object.keys(blocks)
        .sort()
        .map((name) => blocks[name] ?? {}),
    ]),
  );
}

test('a zone signs its answers and, protected, refuses to be destroyed', () => {
  const blocks = made((scope) => new ManagedZone(scope, 'zone', { accountId: 'a', name: 'example.org', protect: true }));
  expect(blocks['cloudflare_zone']).toMatchObject([{ name: 'example.org', account: { id: 'a' }, lifecycle: { prevent_destroy: true } }]);
  expect(blocks['cloudflare_zone_dnssec']).toMatchObject([{ status: 'active' }]);
});

test('a proxied host has an address of each family, automatic TTL and no tags', () => {
  const records = made(
    (scope) =>
      new ProxiedHost(scope, 'site', { zoneId: 'z', name: 'a.example.org', ipv4: '192.0.2.1', ipv6: '2001:db8::1', comment: 'site' }),
  )['cloudflare_dns_record'];
  expect(records).toMatchObject([
    { type: 'A', content: '192.0.2.1', proxied: true, ttl: 1 },
    { type: 'AAAA', content: '2001:db8::1', proxied: true, ttl: 1 },
  ]);
  for (const record of records ?? []) expect(record).not.toHaveProperty('tags');
});

test('a zone is protected by managed rules that block, and by strict TLS given as a plain string', () => {
  const blocks = made((scope) => new ZoneProtection(scope, 'zone', { zoneId: 'z', waf: ['free'] }));
  expect(blocks['cloudflare_ruleset']).toMatchObject([
    {
      phase: 'ddos_l7',
      rules: [{ action: 'execute', action_parameters: { id: managedRulesets.httpDdos, overrides: { action: 'block' } } }],
    },
    {
      phase: 'http_request_firewall_managed',
      rules: [{ action: 'execute', enabled: true, action_parameters: { id: managedRulesets.free } }],
    },
  ]);
  const settings = Object.fromEntries(
    (blocks['cloudflare_zone_setting'] ?? []).map((setting) => [setting['setting_id'], setting['value']]),
  );
  expect(settings).toEqual({
    ssl: 'strict',
    always_use_https: 'on',
    automatic_https_rewrites: 'on',
    min_tls_version: '1.2',
    tls_1_3: 'on',
  });
});

test('an origin is locked to its hostname with a client certificate of its own', () => {
  const blocks = made(
    (scope) =>
      new OriginLock(scope, 'lock', { zoneId: 'z', hostname: 'a.example.org', certificateRequest: 'csr', clientCertificateId: 'c' }),
  );
  expect(blocks['cloudflare_origin_ca_certificate']).toMatchObject([
    { hostnames: ['a.example.org'], request_type: 'origin-rsa', requested_validity: 365, lifecycle: { create_before_destroy: true } },
  ]);
  expect(blocks['cloudflare_authenticated_origin_pulls']).toMatchObject([
    { config: [{ hostname: 'a.example.org', cert_id: 'c', enabled: true }] },
  ]);
});

test('a backup bucket forgets what was never finished, cools down and locks what it is told to', () => {
  const plain = made((scope) => new BackupBucket(scope, 'plain', { accountId: 'a', name: 'plain', coldAfter: 0, protect: false }));
  expect(plain['cloudflare_r2_bucket_lifecycle']?.[0]?.['rules']).toHaveLength(1);
  expect(plain).not.toHaveProperty('cloudflare_r2_bucket_lock');
  expect(plain['cloudflare_r2_bucket']?.[0]).not.toHaveProperty('lifecycle');
  const kept = made(
    (scope) =>
      new BackupBucket(scope, 'kept', {
        accountId: 'a',
        name: 'kept',
        coldAfter: 30,
        locks: [
          { prefix: 'host/data/', days: 2 },
          { prefix: 'host/keys/', days: 2 },
        ],
        expiries: [{ id: 'old', prefix: 'old/', days: 1 }],
        protect: true,
      }),
  );
  expect(kept['cloudflare_r2_bucket_lifecycle']?.[0]?.['rules']).toMatchObject([
    { abort_multipart_uploads_transition: { condition: { max_age: 604_800 } } },
    { storage_class_transitions: [{ condition: { max_age: 2_592_000 } }] },
    { id: 'old', conditions: { prefix: 'old/' }, delete_objects_transition: { condition: { max_age: 86_400 } } },
  ]);
  expect(kept['cloudflare_r2_bucket_lock']).toMatchObject([
    {
      rules: [
        { id: 'host-data', prefix: 'host/data/', condition: { max_age_seconds: 172_800 } },
        { id: 'host-keys', prefix: 'host/keys/' },
      ],
    },
  ]);
  expect(kept['cloudflare_r2_bucket']).toMatchObject([{ jurisdiction: 'eu', lifecycle: { prevent_destroy: true } }]);
});
