import { exitCodes, TerraceError } from '../../../base/errors';
import type { Cloud } from '../cloud/cloud';
import type { CloudKey, CloudRecord } from '../cloud/record';

export interface FoundResource {
  readonly key: CloudKey;
  readonly record: CloudRecord;
}

/**
 * The one resource that a person means: by key, id, arn, name, or `type:name`.
 * Raises E5306 when there is none, E5307 when several answer.
 */
export function findResource(cloud: Cloud, wanted: string): FoundResource {
  const exact = cloud.allKeys().includes(wanted) ? cloud.read(wanted) : undefined;
  if (exact !== undefined) return { key: wanted, record: exact };
  const [, type, name] = /^([a-z]+_[a-z0-9_]+):(.+)$/.exec(wanted) ?? [];
  const found = allResources(cloud).filter(
    ({ record }) => (type === undefined || record.type === type) && namesOf(record).includes(name ?? wanted),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new TerraceError(
    found.length === 0
      ? {
          code: 'E5306',
          title: 'no such simulated resource',
          place: wanted,
          found: 'no resource has this key, id, arn or name',
          todo: 'terrace sandbox cloud list shows what there is',
        }
      : {
          code: 'E5307',
          title: 'several simulated resources',
          place: wanted,
          found: found.map(({ key }) => key).join('\n'),
          todo: 'give one of these keys',
        },
    exitCodes.wrongUsage,
  );
}

/** Every resource in the cloud folder, oldest first. */
export function allResources(cloud: Cloud): FoundResource[] {
  return cloud
    .allKeys()
    .flatMap((key) => {
      const record = cloud.read(key);
      return record === undefined ? [] : [{ key, record }];
    })
    .sort((left, right) => left.record.created - right.record.created || left.key.localeCompare(right.key));
}

function namesOf(record: CloudRecord): unknown[] {
  return [record.id, record.values['arn'], record.values['name']];
}
