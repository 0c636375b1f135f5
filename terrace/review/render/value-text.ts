import { visible } from '../../base/visible';
import { isList, isMap, isMark, isSensitive, isUnknown, markKey, type ShownValue } from '../values/shown-value';

export { visible };

/** Longer texts are cut, with the number of characters left. */
export const longestValue = 1_200;

export function cut(text: string, longest = longestValue): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${(text.length - longest).toLocaleString('en')} more characters)`;
}

function json(value: ShownValue | undefined): string {
  if (value === undefined || value === null) return 'null';
  if (isMark(value)) return value[markKey] === 'sensitive' ? '(sensitive)' : '(known after apply)';
  if (isList(value)) return `[${value.map(json).join(', ')}]`;
  if (isMap(value))
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${json(item)}`)
      .join(', ')} }`;
  return JSON.stringify(value);
}

/** A value as a reader meets it: texts without quotes, marks in words. Never anything sensitive, always visible characters. */
export function valueText(value: ShownValue | undefined): string {
  if (isSensitive(value)) return isUnknown(value) ? '(sensitive, known after apply)' : '(sensitive)';
  if (isUnknown(value)) return '(known after apply)';
  if (value === undefined || value === null) return 'not set';
  if (value === '') return '"" (empty)';
  return cut(visible(typeof value === 'string' ? value : json(value)));
}
