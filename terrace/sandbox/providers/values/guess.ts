import type { Value } from '../protocol/value';
import type { Type } from '../schema/schema';
import type { RandomStream } from './random-stream';

/** What a guess may draw on. */
export interface GuessScope {
  readonly random: RandomStream;
  readonly settings: Readonly<Record<string, string>>;
  /** Name of the resource, or its id. */
  readonly label: string;
  readonly id: string;
  /** Type without its provider: `lb_listener`. */
  readonly kind: string;
  readonly created: string;
  /** How the provider writes ids that it makes itself, by their names; those of aws have the letters of their type. */
  readonly idOf?: (name: string, random: RandomStream) => string;
  /** Of a resource that is there: only what follows from where it is and when it was made is said, the rest is empty. */
  readonly found?: true;
  /** Hears of every value that follows from nothing: the real service would answer another one, of another form. */
  readonly standIn?: (path: string) => void;
}

/** A value, and whether it merely stands in: the service neither chooses such a value freely nor does it follow from what is known. */
type Guess = (scope: GuessScope) => string | readonly [standIn: string];

const strings: readonly (readonly [RegExp, Guess])[] = [
  // Nothing simulated stands on an outpost or in a carrier's network.
  [
    /^(outpost_arn|outpost_id|instance_lifecycle|spot_instance_request_id|carrier_ip|customer_owned_ip|coip_pool|customer_owned_ipv4_pool)$/,
    () => '',
  ],
  [/(^|_)arn$/, ({ settings, kind, label, id }) => [arn(settings, kind, label || id)]],
  [/(^|_)(account_id|owner_id|registry_id|catalog_id|owner)$/, ({ settings, random }) => settings['account'] ?? [random.hex(32)]],
  [/^region$|_region$/, ({ settings }) => settings['region'] ?? ['eu-central-1']],
  [/^(location|zone)$/, ({ settings }) => settings['location'] ?? settings['region'] ?? ['fsn1']],
  [/availability_zone$/, ({ settings: { region } }) => (region === undefined ? ['eu-central-1a'] : `${region}a`)],
  [/^provisioning_state$/, ({ settings }) => (settings['subscription'] === undefined ? ['ACTIVE'] : 'Succeeded')],
  [/(^|_)tenant_id$/, ({ settings, random }) => settings['tenant'] ?? random.uuid()],
  [/(^|_)(uuid|uid|guid|unique_id|principal_id|client_id|object_id|resource_guid)$/, ({ random }) => random.uuid()],
  [/(^|_)(not_after|expires|expiry|expiration|expire|valid_until)(_|$)/, ({ created }) => [created]],
  [/((^|_)(created?|updated?|modified|issued|launched|not_before|creation|start|insert|publish(ed)?|last)(_|$))/, ({ created }) => created],
  [/(_at|_on|_time|_date|timestamp)$/, ({ created }) => [created]],
  [/ipv6.*cidr|cidr.*ipv6/, ({ random }) => [`2a05:d014:${random.hex(3)}:${random.hex(2)}00::/56`]],
  [/cidr/, ({ random }) => [`10.${random.number(250)}.0.0/16`]],
  // A service hands these out from a pool: any that is free is as good as another.
  [/ipv6/, ({ random }) => `2a01:4f8:${random.hex(3)}:${random.hex(4)}::1`],
  [
    /(^|_)(public_ip|public_ipv4|ipv4_address|ip_address|ip|ipv4|public_ip_address)$/,
    ({ random }) => `203.0.113.${1 + random.number(253)}`,
  ],
  [/private_ip/, ({ random }) => [`10.0.${random.number(250)}.${4 + random.number(250)}`]],
  [/mac_address/, ({ random }) => `02:${(random.hex(10).match(/../g) ?? []).join(':')}`],
  [/(^|_)(url|uri|html_url|invoke_url)$/, ({ label }) => [`https://${dns(label)}.${madeUpZone}`]],
  [/(^|_)(endpoint|dns_name|domain_name|fqdn|hostname|host|domain|address)$/, ({ label }) => [`${dns(label)}.${madeUpZone}`]],
  [/(^|_)(etag|fingerprint)$/, ({ random }) => random.hex(64)],
  [/(fingerprint|sha256|hash|etag|checksum|digest)/, ({ random }) => [random.hex(64)]],
  [/connection_string/, ({ random }) => [random.hex(32)]],
  [/(password|secret|token|api_key|access_key|(^|_)(primary|secondary)_(\w+_)?key$)/, ({ random }) => random.hex(32)],
  [/(^|_)(status|state|lifecycle_state)$/, () => ['ACTIVE']],
  [/^resource_version$/, ({ random }) => random.digits(6)],
  [/(^|_)version(_id)?$/, () => ['1']],
  [/partition/, ({ settings }) => settings['partition'] ?? ['aws']],
  [/_ids?$/, ({ random, kind }) => [`${abbreviate(kind)}-${random.hex(17)}`]],
  [/^name$/, ({ label, kind, random }) => label || [`${kind.replaceAll('_', '-')}-${random.hex(8)}`]],
];

/** Addresses that nothing is known of are in a domain of nobody, so that they cannot be taken for a service's. */
const madeUpZone = 'sandbox.example';

/** What is said of a resource that failed, ended or was described: one that was just made and is well has nothing of it. */
const silent =
  /(^|_)(messages?|reasons?|errors?|error_\w+|details?|notes?|warnings?|comments?|description)$|^(deleted?|deletion|suspended|paused|archived|finish(ed)?|end(ed)?|cancell?ed|revoked|disabled|last_\w+)_(at|on|time|date|timestamp)$/;
/** Pods in a template are none yet: they have neither version nor id. */
const ofTemplate = /template\.metadata\.(resource_version|uid)$/;

/** Names of which a value follows from the account, the region, the time or the type alone. */
const following = /(^|_)(arn|account_id|owner_id|registry_id|catalog_id|owner|status|state)$|^region$|_region$|partition|^name$/;
const dated = /((^|_)(created|updated|modified|launched)(_|$))|(_at|_on|_time|_date|timestamp)$|^time_created$/;

/** What is known of an attribute of a resource that is there and that does not say it itself. */
function foundValue(name: string, type: Type, emptyText: '' | null, scope: GuessScope): Value {
  if (type === 'bool') return false;
  if (type === 'number') return 0;
  if (type !== 'string') return null;
  const setting = scope.settings[name] ?? scope.settings[name.replace(/_id$/, '')];
  if (setting !== undefined) return setting;
  if (/(^|_)(account_id|owner_id|owner)$/.test(name) && scope.settings['account'] === undefined) return emptyText;
  if (/(^|_)arn$/.test(name) && scope.settings['partition'] === undefined) return emptyText;
  const guess = following.test(name) || dated.test(name) ? strings.find(([pattern]) => pattern.test(name))?.[1] : undefined;
  const value = guess?.(scope) ?? emptyText;
  return Array.isArray(value) ? (value[0] ?? emptyText) : value;
}

/**
 * A plausible value for a computed attribute that no overlay describes, by its name and type; undefined for collections.
 * Optional attributes that say nothing by their name stay empty, as providers leave them.
 */
export function guessValue(path: string, type: Type, optional: boolean, emptyText: '' | null, scope: GuessScope): Value | undefined {
  const name = path.split('.').at(-1) ?? path;
  if (scope.found === true) return typeof type === 'string' ? foundValue(name, type, emptyText, scope) : undefined;
  const optionalName = /(_arn|_ids?|secret|token|password|cidr|key|url|endpoint|host|address|expire_time|expires_at|expiration)$/;
  if (type === 'bool') return false;
  if (type === 'number') {
    if (/(^|_)id$/.test(name) && !optional) return Number(scope.random.digits(8));
    // What was just made is at its first version.
    return !optional && /(^|_)(version|revision|generation)$/.test(name) ? 1 : 0;
  }
  if (type === 'dynamic') return optional ? null : '';
  if (type !== 'string') return undefined;
  if (silent.test(name) || ofTemplate.test(path)) return emptyText;
  const guess = strings.find(([pattern]) => pattern.test(name))?.[1];
  if (
    /_ids?$/.test(name) &&
    !optional &&
    scope.idOf !== undefined &&
    !/(^|_)(account|owner|registry|catalog|unique|principal|tenant|client|object)_id$/.test(name)
  )
    return scope.idOf(name, scope.random);
  if (optional && (guess === undefined || optionalName.test(name))) return emptyText;
  // A name within a resource is that of something else.
  const value = (path !== name && name === 'name' ? undefined : guess?.(scope)) ?? [`${name.replaceAll('_', '-')}-${scope.random.hex(8)}`];
  if (typeof value === 'string') return value;
  if (optional && path !== 'name') return emptyText;
  scope.standIn?.(path);
  return value[0];
}

function arn(settings: Readonly<Record<string, string>>, kind: string, label: string): string {
  const [service = 'service', ...rest] = kind.split('_');
  return `arn:${settings['partition'] ?? 'aws'}:${service}:${settings['region'] ?? ''}:${settings['account'] ?? ''}:${rest.length > 0 ? `${rest.join('-')}/` : ''}${label}`;
}

function dns(label: string): string {
  return (
    label
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'resource'
  );
}

function abbreviate(kind: string): string {
  const words = kind.split('_');
  return words.length === 1 ? kind : words.map((word) => word.slice(0, 1)).join('');
}
