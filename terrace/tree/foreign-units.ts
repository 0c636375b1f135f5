import type { Problem } from '../base/errors';
import { snakeCase } from './names';
import type { Region } from './region';

/** As much of a unit as an edge is judged by. */
interface Placed {
  readonly path: string;
  /** `<layer>/<unit>`. */
  readonly id: string;
  readonly region: Region;
  readonly shared: boolean;
}

/**
 * Why one unit must not depend on another: E1305 for one of another environment that is not shared, E1321 where its state lies in an account
 * that does not name the reader's among its `readers`. None within an environment.
 */
export function foreignProblems(reader: Placed, upstream: Placed): readonly Problem[] {
  const [own, other] = [reader.region.environment, upstream.region.environment];
  if (own === other) return [];
  if (!upstream.shared)
    return [
      {
        code: 'E1305',
        title: 'dependency on another environment',
        place: reader.path,
        found: `it depends on ${upstream.path}`,
        expected: 'units of its own environment (its regions and global), or units elsewhere that are shared',
        todo: 'pass the value in the source or as a variable, or set `override readonly shared = true` in the unit that may be read from anywhere',
      },
    ];
  const place = `${upstream.region.name}/${upstream.id}`;
  if (own.stateAccountId === other.stateAccountId || other.values.account.readers?.[own.stateAccountId]?.includes(place) === true)
    return [];
  return [
    {
      code: 'E1321',
      title: 'state of another account',
      place: reader.path,
      found: `it depends on ${upstream.path}, whose state lies in account ${other.stateAccountId}, and is itself of account ${own.stateAccountId}`,
      expected: `readers of that account that include it: readers: { '${own.stateAccountId}': ['${place}'] }`,
      todo: `add it in the account.ts of stacks/${other.path}/, and apply its backend/state: the bucket lets nobody else in`,
    },
  ];
}

/** The local name of another unit's state: as short as it is unique, `network_vpc` in the same region, with its system where that is another. */
export function remoteStateName(reader: Placed, upstream: Placed): string {
  const [own, other] = [reader.region, upstream.region];
  if (own === other) return snakeCase(upstream.id);
  if (own.environment === other.environment) return snakeCase(`${other.name}/${upstream.id}`);
  const within = `${other.environment.name}/${other.name}/${upstream.id}`;
  return snakeCase(own.environment.system === other.environment.system ? within : `${other.environment.system.name}/${within}`);
}
