import { isIPv4 } from 'node:net';
import type { Problem } from 'terrace';

import { vmSizes } from './vm-sizes';

/** The widest network that may log in: a /8 is what the largest owners of addresses have. */
const widestPrefix = 8;

/** E2501: networks that may log in by SSH, where one is not an IPv4 block, or wider than /8, or where there is none. */
export function administratorProblems(place: string, cidrs: readonly string[]): readonly Problem[] {
  const problem = (found: string): Problem => ({
    code: 'E2501',
    title: 'CIDR too wide',
    place,
    found,
    expected: `at least one IPv4 block with a prefix of /${widestPrefix} to /32, such as 203.0.113.7/32`,
    todo: 'name the networks that administrators and pipelines log in from',
  });
  if (cidrs.length === 0) return [problem('no network may log in')];
  return cidrs.flatMap((cidr) => {
    const [address = '', bits = ''] = cidr.split('/');
    const isBlock = isIPv4(address) && /^\d{1,2}$/.test(bits) && Number(bits) <= 32;
    return isBlock && Number(bits) >= widestPrefix ? [] : [problem(`SSH from ${cidr}`)];
  });
}

/** The same as conditions of a terraform variable of type `list(string)`. */
export function administratorValidation(variable: string): readonly { readonly condition: string; readonly errorMessage: string }[] {
  const reference = `var.${variable}`;
  return [
    {
      condition: `\${length(${reference}) > 0 && alltrue([for cidr in ${reference} : can(cidrnetmask(cidr))])}`,
      errorMessage: 'Give at least one IPv4 CIDR, such as 203.0.113.7/32.',
    },
    {
      condition: `\${alltrue([for cidr in ${reference} : tonumber(split("/", cidr)[1]) >= ${widestPrefix}])}`,
      errorMessage: `SSH must not be open to a network wider than /${widestPrefix}: list the administrators' networks.`,
    },
  ];
}

/** E2502: a size that is not known, or takes no Premium SSD. */
export function vmSizeProblems(place: string, size: string): readonly Problem[] {
  const known = vmSizes[size];
  if (known?.premium === true) return [];
  return [
    {
      code: 'E2502',
      title: 'unknown VM size',
      place,
      found: known === undefined ? `'${size}'` : `${size} takes no Premium SSD`,
      expected: Object.entries(vmSizes)
        .filter(([, { premium }]) => premium)
        .map(([name]) => name)
        .join(', '),
      todo: 'correct the size, or add it to modules/azure/vm-sizes.ts',
    },
  ];
}
