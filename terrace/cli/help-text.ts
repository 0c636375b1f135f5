import { wrapWords } from '../base/wrap-words';

/** Columns of a help that goes to a file or a pipe, as those of the options are. */
const usual = 80;

/** A command's help with its paragraphs in lines that the terminal has room for. Indented lines, options and examples, stay as they are. */
export function helpText(
  text: string,
  { isTTY = false, columns = usual }: { readonly isTTY?: boolean; readonly columns?: number },
): string {
  const width = isTTY && columns >= 40 ? columns : usual;
  const lines: string[] = [];
  let paragraph: string[] = [];
  for (const line of [...text.split('\n'), undefined]) {
    if (line !== undefined && /^\S/.test(line)) {
      paragraph.push(line);
      continue;
    }
    if (paragraph.length > 0) lines.push(...wrapWords(paragraph.join(' '), width));
    paragraph = [];
    if (line !== undefined) lines.push(line);
  }
  return lines.join('\n');
}
