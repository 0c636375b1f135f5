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
