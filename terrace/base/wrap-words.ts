import { stripVTControlCharacters } from 'node:util';

/** A text in lines of at most a width, broken between words; a longer word stays whole. Colours take no room. */
export function wrapWords(text: string, width: number): readonly string[] {
  if (columnsOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line.trimEnd());
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** How many columns a text takes, whatever colours it has. */
export function columnsOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
