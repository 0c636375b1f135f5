import { bold, regular, type FontWidths } from './font-widths';

/** The faces of a picture's text; the first one that the reader's machine has is used. */
export const fontFamily = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, 'DejaVu Sans', sans-serif";

export interface Font {
  /** Pixels. */
  readonly size: number;
  readonly weight: 'regular' | 'bold';
  /** Extra pixels after each character. */
  readonly spacing?: number;
}

/** Widths of characters outside the tables, in thousandths of the size: wide scripts and symbols take a whole square. */
const wide = 1050;
const narrow = 720;

/** Width in pixels that a line takes at most in any face of `fontFamily`; rounded up to a whole pixel. */
export function widthOf(text: string, font: Font): number {
  const widths = font.weight === 'bold' ? bold : regular;
  let thousandths = 0;
  let characters = 0;
  for (const character of text) {
    thousandths += characterWidth(character.codePointAt(0) ?? 0, widths);
    characters += 1;
  }
  return Math.ceil((thousandths * font.size) / 1000 + characters * (font.spacing ?? 0));
}

function characterWidth(code: number, widths: FontWidths): number {
  if (code >= 0x20 && code <= 0x7e) return widths.ascii[code - 0x20] ?? wide;
  if (code >= 0xa0 && code <= 0xff) return widths.latin[code - 0xa0] ?? wide;
  return code < 0x250 ? narrow : wide;
}

/**
 * Breaks a text into lines no wider than `width` pixels: at spaces, behind `-`, `_`, `/`, `.` and `,`, and anywhere in a piece that is
 * wider by itself. Nothing is ever cut off.
 */
export function wrap(text: string, width: number, font: Font): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(/(?<=[\s\-_/.,])/)) {
    const candidate = line + piece;
    if (widthOf(candidate.trimEnd(), font) <= width) {
      line = candidate;
      continue;
    }
    if (line.trim() !== '') lines.push(line.trim());
    line = '';
    for (const character of piece) {
      if (line !== '' && widthOf(line + character, font) > width) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line.trim());
  return lines;
}

/** The text, or as much of its beginning as fits `width` pixels with an ellipsis behind it. */
export function cut(text: string, width: number, font: Font): string {
  if (widthOf(text, font) <= width) return text;
  let beginning = '';
  for (const character of text) {
    if (beginning !== '' && widthOf(`${beginning}${character}…`, font) > width) break;
    beginning += character;
  }
  return `${beginning.trimEnd()}…`;
}
