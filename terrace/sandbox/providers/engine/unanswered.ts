import type { ObjectValue, Value } from '../protocol/value';
import { typeOfAttribute, type Type } from '../schema/schema';
import { readTable } from '../tables/read-table';
import type { ResourceCall } from './context';
import { ownId } from './listing';
import { Refusal } from './refusal';

/** Why a data source behind which no resource type stands has no answer. */
export type Reason = 'catalogue' | 'outside' | 'made';

/** Data sources by provider and reason (`tables/unanswered.json`), read from the providers' documentation of each. */
type Unanswered = Readonly<Record<string, Readonly<Partial<Record<Reason, readonly string[]>>>>>;

const words: Readonly<Record<Reason | 'unknown', string>> = {
  catalogue: 'what the provider offers is answered from tables, and there is none of this',
  outside: 'terraform makes no such object, and none was made known',
  made: 'the service makes it of other resources, which the simulation does not',
  unknown: 'there is no table of what the provider answers',
};

/** Why nothing stands behind a data source; undefined where the table does not know it. */
export function reasonOf(provider: string, type: string): Reason | undefined {
  const reasons = (readTable('unanswered') as Unanswered)[provider] ?? {};
  return (['catalogue', 'outside', 'made'] as const).find((reason) => reasons[reason]?.includes(type) === true);
}

/**
 * The answer of a data source behind which neither a resource type nor a table stands: a list of objects that only come from elsewhere
 * (racks of an outpost, images of a registry) is empty until somebody makes one known; anything else is refused with the reason.
 */
export function unanswered(call: ResourceCall, config: ObjectValue): ObjectValue {
  const { name } = call.provider;
  const reason = reasonOf(name, call.type);
  const answered = Object.entries(call.schema.block.attributes ?? {}).filter(
    ([attribute, { computed, optional }]) => computed === true && optional !== true && attribute !== 'id' && attribute !== 'region',
  );
  const types = answered.map(([attribute, schema]) => [attribute, typeOfAttribute(schema)] as const);
  if (reason === 'outside' && types.length > 0 && types.every(([, type]) => isEmptiable(type))) {
    const given = { ...config, region: call.settings.values['region'] ?? null, id: ownId(call, config, 'string') };
    const known = Object.entries(given).filter(
      ([attribute]) => call.schema.block.attributes?.[attribute] !== undefined || attribute in config,
    );
    return Object.fromEntries([...known, ...types.map(([attribute, type]): [string, Value] => [attribute, type === 'bool' ? false : []])]);
  }
  throw new Refusal(
    `reading ${call.type}`,
    `not simulated: no resource type stands behind this data source, and ${words[reason ?? 'unknown']}; give the value by a variable, or make the object known with \`terrace sandbox cloud add\``,
  );
}

/** Whether nothing at all is a value of this type: an empty list, or that there is none. */
function isEmptiable(type: Type): boolean {
  return type === 'bool' || (typeof type !== 'string' && (type[0] === 'list' || type[0] === 'set'));
}
