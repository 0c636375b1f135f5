import { TerraceError } from '../../../base/errors';
import { isUnknown, type ObjectValue } from '../protocol/value';
import type { ResourceCall } from './context';

/**
 * Refuses to answer an apply with a resource that has no id or no ARN: a state that holds one is of no use to anybody.
 * Raises E5317, which names the type and the overlay that has to say how they are made.
 */
export function checkComplete(call: ResourceCall, state: ObjectValue): void {
  const missing = ['id', 'arn'].filter((name) => {
    const attribute = call.schema.block.attributes?.[name];
    const value = state[name];
    return (
      attribute?.computed === true &&
      (name === 'id' || attribute.optional !== true) &&
      (value === null || value === undefined || value === '' || isUnknown(value))
    );
  });
  if (missing.length === 0) return;
  const overlay = `terrace/sandbox/providers/overlay/${call.provider.name}.json`;
  const entry = call.provider.overlay.resources[call.type];
  throw new TerraceError({
    code: 'E5317',
    title: 'simulated resource without an id',
    place: call.type,
    found: missing
      .map(
        (name) =>
          `${name} is empty, made of ${JSON.stringify(name === 'id' ? (entry?.id ?? 'the form of the provider') : (entry?.computed?.[name] ?? 'a guess'))}`,
      )
      .join('; '),
    expected: 'attributes that the configuration gives or the provider makes',
    todo: `say in ${overlay}, under ${call.type}, what ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} made of`,
  });
}
