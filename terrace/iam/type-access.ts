import { TerraceError } from '../base/errors';
import type { AccessTable, Grant } from './access';
import { compute } from './types/compute';
import { data } from './types/data';
import { dns } from './types/dns';
import { monitoring } from './types/monitoring';
import { network } from './types/network';
import { security } from './types/security';

/** What terraform calls for every type that a policy can be derived for. */
export const accessTable: AccessTable = { ...network, ...compute, ...data, ...dns, ...security, ...monitoring };

/**
 * The grants of some resource types and data sources; those of other providers than AWS need none. Raises E7401 for types the table does not know: a policy that leaves
 * something out would fail halfway through an apply.
 */
export function grantsOf(types: readonly string[]): readonly Grant[] {
  const aws = types.filter((type) => /^(?:data\.)?aws_/.test(type));
  const unknown = aws.filter((type) => !(type in accessTable));
  if (unknown.length > 0)
    throw new TerraceError({
      code: 'E7401',
      title: 'no actions known for a resource type',
      place: 'terrace/iam/types',
      found: unknown.join(', '),
      expected: 'the actions that terraform calls, for each resource type in use',
      todo: 'add them to the file of its service in terrace/iam/types/: the roles of an environment are derived from it',
    });
  return aws.flatMap((type) => accessTable[type] ?? []);
}
