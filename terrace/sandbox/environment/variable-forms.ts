import { arnNamed } from './arn-forms';
import { certificateRequest, ed25519PrivateKey, sshPublicKey } from './key-forms';
import { alphanumeric, hex, lower, upperDigits, type ValueSource } from './value-source';

interface Form {
  /** Tried on the name, its words parted by `_`. */
  readonly when: RegExp;
  /** Tried on name and description together. */
  readonly about?: RegExp;
  readonly make: (source: ValueSource, name: string, about: string) => string;
}

const host = 'sandbox.example';
const named = (name: string): string => name.toLowerCase().replaceAll('_', '-').slice(0, 20).replace(/-$/, '');

/** The first form that fits decides, so the particular stand before the general. */
const forms: readonly Form[] = [
  { when: /(^|_)arn$/, make: (source, name, about) => arnNamed(name, about, source) },
  { when: /e?mail/, make: (_source, name) => `${named(name.replace(/_?e?mail_?(address)?/, '') || 'team')}@${host}` },
  { when: /cidr(_block)?$|(^|_)(networks?|ranges?)$|allowed_ips?$/, make: (source) => `203.0.113.${source.number(256)}/32` },
  { when: /(^|_)ipv6/, make: (source) => `2001:db8::${source.letters(hex, 4)}` },
  { when: /(^|_)ip(v4)?(_address)?$|^address$/, make: (source) => `203.0.113.${1 + source.number(254)}` },
  {
    when: /webhook/,
    about: /slack/i,
    make: (source) =>
      `https://hooks.slack.com/services/T${source.letters(upperDigits, 8)}/B${source.letters(upperDigits, 8)}/${source.letters(alphanumeric, 24)}`,
  },
  {
    when: /(database|db|postgres(ql)?|connection)_?(url|uri|string|dsn)$/,
    make: (source) => `postgresql://app:${source.letters(alphanumeric, 20)}@db.${host}:5432/app`,
  },
  { when: /redis_(url|uri)$/, make: (source) => `rediss://default:${source.letters(alphanumeric, 20)}@redis.${host}:6379` },
  {
    when: /dsn$/,
    make: (source) => `https://${source.letters(hex, 32)}@o${source.number(1_000_000)}.ingest.${host}/${1 + source.number(1_000_000)}`,
  },
  { when: /(url|uri|endpoint|webhook)$/, make: (source, name) => `https://${named(name)}.${host}/${source.letters(hex, 8)}` },
  { when: /certificate_request|(^|_)csr(_pem)?$/, make: (source) => certificateRequest(`${source.letters(lower, 8)}.${host}`, source) },
  { when: /(^|_)ssh_/, about: /public key/i, make: (source) => sshPublicKey(source) },
  { when: /ssh_(public_)?key$|public_key$/, make: (source) => sshPublicKey(source) },
  { when: /private_key(_pem)?$/, make: (source) => ed25519PrivateKey(source) },
  { when: /password|passphrase/, make: (source) => `Sb1-${source.letters(alphanumeric, 24)}` },
  { when: /hosted_zone_id$/, make: (source) => `Z${source.letters(upperDigits, 19)}` },
  { when: /workspace_id$|team_id$/, about: /slack|chatbot/i, make: (source) => `T${source.letters(upperDigits, 10)}` },
  { when: /channel_id$/, about: /slack|chatbot/i, make: (source) => `C${source.letters(upperDigits, 10)}` },
  { when: /(zone|account)_id$/, about: /cloudflare/i, make: (source) => source.letters(hex, 32) },
  { when: /account(_id)?$/, make: (source) => source.account },
  { when: /zone_id$/, make: (source) => source.letters(hex, 32) },
  { when: /certificate_id$/, make: (source) => source.uuid() },
  { when: /(subscription|tenant|client|object|principal|application|directory)_id$|uuid$|guid$/, make: (source) => source.uuid() },
  { when: /(project_ref|organi[sz]ation_id)$/, about: /supabase/i, make: (source) => source.letters(lower, 20) },
  { when: /id$/, about: /pagerduty/i, make: (source) => `P${source.letters(upperDigits, 6)}` },
  { when: /vpc_id$/, make: (source) => `vpc-0${source.letters(hex, 16)}` },
  { when: /subnet_id$/, make: (source) => `subnet-0${source.letters(hex, 16)}` },
  { when: /security_group_id$/, make: (source) => `sg-0${source.letters(hex, 16)}` },
  { when: /(^|_)ami(_id)?$/, make: (source) => `ami-0${source.letters(hex, 16)}` },
  { when: /github_token$|gh_token$/, make: (source) => `ghp_${source.letters(alphanumeric, 36)}` },
  { when: /hcloud_token$/, make: (source) => source.letters(alphanumeric, 64) },
  {
    when: /token|secret|api_?key|access_?key|auth_?key|integration_key|routing_key|credential/,
    make: (source) => source.letters(alphanumeric, 40),
  },
  { when: /availability_zone$/, make: (source) => `${source.region}a` },
  { when: /region$/, make: (source) => source.region },
  { when: /(domain|hostname|fqdn|host|zone|zone_name)(_name)?$/, make: (source) => `${source.letters(lower, 8)}.${host}` },
  { when: /phone/, make: (source) => `+1555${String(1_000_000 + source.number(8_999_999))}` },
  { when: /image(_uri)?$/, make: (source) => `${source.account}.dkr.ecr.${source.region}.amazonaws.com/app:1.0.0` },
  { when: /(version|tag)$/, make: () => '1.0.0' },
  { when: /bucket(_name)?$/, make: (source, name) => `${named(name)}-${source.letters(hex, 8)}` },
  { when: /time_?zone$/, make: () => 'UTC' },
  { when: /(^|_)user(name)?$/, make: () => 'sandbox' },
  { when: /repository$|(^|_)repo$/, make: () => 'sandbox/repository' },
  { when: /port$/, make: () => '443' },
];

/** Text of the form that a variable of this name, described like this, is likely to need. */
export function stringNamed(name: string, description: string, source: ValueSource): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase();
  const about = `${words} ${description}`;
  const form = forms.find(({ when, about: more }) => when.test(words) && (more === undefined || more.test(about)));
  return form?.make(source, words, about) ?? `sandbox-${source.letters(hex, 8)}`;
}

const numbers: readonly { readonly when: RegExp; readonly value: (source: ValueSource) => number }[] = [
  { when: /port$/, value: () => 443 },
  { when: /(^|_)asn$/, value: (source) => 64_512 + source.number(1000) },
  { when: /days$|retention/, value: () => 30 },
  { when: /(minutes|seconds|timeout|interval|ttl)$/, value: () => 300 },
  { when: /(size|storage|disk|memory|gib|gb)(_.*)?$/, value: () => 20 },
  { when: /percent(age)?$|threshold$/, value: () => 80 },
  { when: /budget|amount|price|cost/, value: () => 100 },
  { when: /(^|_)id$/, value: (source) => 1_000_000 + source.number(9_000_000) },
];

/** A number of the magnitude that a variable of this name is likely to need; 1 where the name says nothing. */
export function numberNamed(name: string, _description: string, source: ValueSource): number {
  return numbers.find(({ when }) => when.test(name))?.value(source) ?? 1;
}
