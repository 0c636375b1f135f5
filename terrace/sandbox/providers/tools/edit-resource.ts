import { exitCodes, TerraceError } from '../../../base/errors';
import { readOverlay } from '../overlay/read-overlay';
import { schemasOf } from '../schema/schemas-of';
import { packageOfType } from '../../../terraform/provider-packages';
import { ServedCatalogue } from '../schema/served-catalogue';
import type { CloudRecord } from '../cloud/record';
import { withStandIns } from '../engine/stand-ins';

/**
 * A record with attributes set as `name=value` says; values are JSON, or text where they are none.
 * Raises E5308 for what is no such pair or no attribute of the type; all problems at once.
 */
export function editedRecord(projectRoot: string, record: CloudRecord, changes: readonly string[]): CloudRecord {
  const provider = packageOfType(record.type);
  const schema = new ServedCatalogue(schemasOf(projectRoot, provider), readOverlay(provider.name)).resource(record.type);
  const known = new Set([...Object.keys(schema?.block.attributes ?? {}), ...Object.keys(schema?.block.block_types ?? {})]);
  const pairs = changes.map((change) => ({
    change,
    name: change.slice(0, Math.max(0, change.indexOf('='))),
    text: change.slice(change.indexOf('=') + 1),
  }));
  const wrong = pairs.filter(({ name }) => !known.has(name));
  if (wrong.length > 0) {
    throw new TerraceError(
      wrong.map(({ change, name }) => ({
        code: 'E5308',
        title: 'no such attribute',
        place: record.type,
        found: name === '' ? `${change} is not of the form name=value` : `${record.type} has no attribute ${name}`,
        todo: `terrace sandbox schema ${record.type} lists them`,
      })),
      exitCodes.wrongUsage,
    );
  }
  const values = { ...record.values, ...Object.fromEntries(pairs.map(({ name, text }) => [name, valueOf(text)])) };
  return withStandIns({ ...record, values }, [], record);
}

/** A value as it is written behind `name=`: JSON, or text where it is none. */
export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
