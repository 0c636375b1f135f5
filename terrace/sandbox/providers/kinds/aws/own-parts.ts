import { isUnknown, textOf, type ObjectValue } from '../../protocol/value';
import { arnTemplate } from './arns';

/**
 * Template of an attribute that says again under the name of the type what a resource is: `agent_id` and `agent_arn` of
 * `aws_bedrockagent_agent`. An id of several parts stands for none of them.
 */
export function ownPart(path: string, type: string, attributes: ObjectValue): string | undefined {
  const [, word = '', part] = /^(.+)_(id|arn|name)$/.exec(path) ?? [];
  if (part === undefined || !(word === 'resource' || type.endsWith(`_${word}`))) return undefined;
  if (part === 'arn') return isKnown(attributes, 'arn') ? '{arn}' : arnTemplate(type, attributes);
  if (part === 'name') return isKnown(attributes, 'name') ? '{name}' : undefined;
  return word !== 'resource' && /^[^,/:|]+$/.test(textOf(attributes['id']) ?? '') ? '{id}' : undefined;
}

function isKnown(attributes: ObjectValue, name: string): boolean {
  const value = attributes[name];
  return typeof value === 'string' && value !== '' && !isUnknown(value);
}
