import type { ResourceCall } from '../engine/context';
import { Refusal } from '../engine/refusal';
import { isUnknown, textOf, type ObjectValue } from '../protocol/value';
import { plainKind } from './plain';

/** Addresses of Cloudflare (cloudflare.com/ips). */
const ranges: ObjectValue = {
  etag: '38f79d050aa027e3be3865e495dcc9bc',
  ipv4_cidrs:
    '173.245.48.0/20 103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 141.101.64.0/18 108.162.192.0/18 190.93.240.0/20 188.114.96.0/20 197.234.240.0/22 198.41.128.0/17 162.158.0.0/15 104.16.0.0/13 104.24.0.0/14 172.64.0.0/13 131.0.72.0/22'.split(
      ' ',
    ),
  ipv6_cidrs: '2400:cb00::/32 2606:4700::/32 2803:f800::/32 2405:b500::/32 2405:8100::/32 2a06:98c0::/29 2c0f:f248::/32'.split(' '),
};

export const cloudflareKind = plainKind(
  {},
  {
    idTemplate: (_, schema) => (schema.block.attributes?.['id']?.type === 'number' ? '{digits:6}' : '{hex:32}'),
    idOf: (_, random) => random.hex(32),
    computed: (path, type, attributes) =>
      type === 'cloudflare_origin_ca_certificate' && path === 'expires_on' ? daysFromNow(attributes['requested_validity']) : undefined,
    placed: withQueueName,
    dataSources: {
      cloudflare_ip_ranges: ({ type }, config) => {
        if (textOf(config['networks']) !== undefined)
          throw new Refusal(`reading ${type}`, 'the table has the ranges of the usual networks alone', 'networks');
        return { ...ranges, jdcloud_cidrs: [] };
      },
    },
  },
);

function daysFromNow(days: unknown): string | undefined {
  if (typeof days !== 'number') return undefined;
  return new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** What names a queue by its id says the queue's name as well. */
function withQueueName({ provider: { cloud, name } }: ResourceCall, planned: ObjectValue): ObjectValue {
  if (!isUnknown(planned['queue_name']) || planned['queue_id'] === undefined || isUnknown(planned['queue_id'])) return planned;
  const queue = cloud.list(name, 'cloudflare_queue').find(({ record: { values } }) => values['queue_id'] === planned['queue_id']);
  return { ...planned, queue_name: textOf(queue?.record.values['queue_name'] as string | undefined) ?? null };
}
