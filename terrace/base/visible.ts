/** Invisible characters and those that turn text round, which could show something else than stands there; halves of a pair as well. */
const deceiving =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\ud800-\udfff]|\u034f|\u17b4|\u17b5|[\u{e0000}-\u{e01ef}]/gu;

/** Only printable ASCII, tabs and line breaks. */
const plain = /^[\t\n\x20-\x7e]*$/;

/** The text with every character that cannot be seen written as its code point. */
export function visible(text: string): string {
  // Nearly every text is plain.
  return plain.test(text)
    ? text
    : text.replaceAll(deceiving, (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/** The same for a text that has one line: what comes after a break in it could be taken for a line of the program's own. */
export function visibleLine(text: string): string {
  return visible(text.trimEnd().replaceAll(/\s*\n\s*/g, ' ⏎ '));
}

/** A value as JSON for a program or a person: the same value, in which no character is there that cannot be seen. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(deceiving, (character) =>
    character
      .split('')
      .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
