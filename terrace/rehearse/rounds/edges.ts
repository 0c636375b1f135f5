import { leavesOf } from '../shape/leaves';
import { plainJson, type Shape } from '../shape/shape';
import type { Downtime } from '../rehearsal';

/** Attributes by which a thing is found: its identity, and where traffic goes. */
const reached =
  /^(?:id|arn|.*_arn|dns_name|domain_name|endpoint|.*_endpoint|address|ipv4_address|ipv6_address|ip_address|public_ip|private_ip|hostname|fqdn|default_hostname|host|url|.*_url|name)$/;
/** A value shorter than this is no identity. */
const shortest = 8;
/** More than this say no more. */
const mostEdges = 40;

/** Finds who points at a resource; see {@link edgesOf}. */
export type EdgesOf = (unit: string, address: string) => Downtime['edges'];

/**
 * Who holds what a resource is found by (its id, ARN, address, host name), over all units of a shape: listeners that forward to a target
 * group, services behind it, records that resolve to an address. Pure.
 */
export function edgesOf({ resources }: Shape): EdgesOf {
  const all = resources.map(({ unit, address, attributes }) => ({ unit, address, leaves: leavesOf(plainJson(attributes)) }));
  const holders = new Map<string, { readonly unit: string; readonly address: string; readonly attribute: string }[]>();
  for (const { unit, address, leaves } of all)
    for (const { path, value } of leaves) {
      // A resource's own id is no reference, though it may be that of another.
      if (typeof value !== 'string' || value.length < shortest || (path.length === 1 && path[0] === 'id')) continue;
      const known = holders.get(value) ?? [];
      known.push({ unit, address, attribute: path.filter((step) => typeof step === 'string').join('.') });
      holders.set(value, known);
    }
  return (unit, address) => {
    const own = all.find((one) => one.unit === unit && one.address === address);
    const values = new Set(
      (own?.leaves ?? []).flatMap(({ path, value }) =>
        path.length === 1 && typeof value === 'string' && value.length >= shortest && isIdentity(String(path[0]), value) ? [value] : [],
      ),
    );
    // What is no ARN, host or address is unique in an environment at most.
    const found = [...values]
      .flatMap((value) => (holders.get(value) ?? []).filter((one) => /[.:]/.test(value) || environmentOf(one.unit) === environmentOf(unit)))
      .filter((one) => one.unit !== unit || one.address !== address);
    const unique = new Map(found.map((one) => [`${one.unit} ${one.address}`, one]));
    return [...unique.values()].toSorted((a, b) => (`${a.unit} ${a.address}` < `${b.unit} ${b.address}` ? -1 : 1)).slice(0, mostEdges);
  };
}

function environmentOf(unit: string): string {
  return unit.split('/').slice(0, 2).join('/');
}

/** A plain name may be anybody's; an id, an ARN or a host is one's own. A reference to somebody else's ARN is not. */
function isIdentity(attribute: string, value: string): boolean {
  if (!reached.test(attribute)) return false;
  if (attribute === 'name') return /[./:]/.test(value);
  return attribute === 'id' || attribute === 'arn' || !/_arn$/.test(attribute);
}
