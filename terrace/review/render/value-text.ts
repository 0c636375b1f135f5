import { isList, isMap, isMark, isSensitive, isUnknown, markKey, type Sealed } from '../values/shown-value';

/** Longer texts are cut, with the number of characters left. */
export const longestValue = 1_200;

/** Invisible characters and those that turn text round, which could show something else than stands there. */
const deceiving =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|[\u{e0000}-\u{e007f}]/gu;

/** Only printable ASCII, tabs and line breaks. */
const plain = /^[\t\n\x20-\x7e]*$/;

/** The text with every character that cannot be seen written as its code point. */
export function visible(text: string): string {
  // Nearly every text is plain.
  return plain.test(text)
    ? text
    : text.replaceAll(deceiving, (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

export function cut(text: string, longest = longestValue): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${(text.length - longest).toLocaleString('en')} more characters)`;
}

function json(value: Sealed | undefined): string {
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
export function valueText(value: Sealed | undefined): string {
  if (isSensitive(value)) return isUnknown(value) ? '(sensitive, known after apply)' : '(sensitive)';
  if (isUnknown(value)) return '(known after apply)';
  if (value === undefined || value === null) return 'not set';
  if (value === '') return '"" (empty)';
  return cut(visible(typeof value === 'string' ? value : json(value)));
}
