import type { ObjectValue } from '../../protocol/value';
import { RandomStream } from '../../values/random-stream';

/** The four servers of one of the five groups that Cloud DNS gives a public zone (Google, "Cloud DNS, name servers"); private zones have one name. */
export function nameServers({ name, dns_name: domain, visibility }: ObjectValue): readonly string[] {
  if (visibility === 'private') return ['ns-gcp-private.googledomains.com.'];
  const group = 'abcde'[new RandomStream(`zone ${JSON.stringify([name, domain])}`).number(5)] ?? 'a';
  return [1, 2, 3, 4].map((server) => `ns-cloud-${group}${server}.googledomains.com.`);
}
