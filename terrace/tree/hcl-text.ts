/** Text as the inside of a quoted HCL string: arrives in terraform as it is, template marks included. */
export function quotedText(text: string): string {
  return templateMarks(
    text
      .replace(/[\\"\n\r\t]/g, (mark) => escapes[mark] ?? mark)
      .replace(
        // Other control characters, and the two line ends of JavaScript that JSON leaves as they are.
        // oxlint-disable-next-line no-control-regex
        /[\u0000-\u001f\u007f\u2028\u2029]/g,
        (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
  );
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text as a template that gives it back: `${` and `%{` doubled. A `$` or `%` right before them has to be an expression of its own: HCL
 * reads `$$${` as the text `$` and the escape of `${`, but `$$$${` as two escapes.
 */
export function templateMarks(text: string): string {
  return text.replace(/([$%]+)\{/g, (_, marks: string) => {
    const own = marks.slice(0, -1);
    const mark = marks.slice(-1);
    return `${own === '' ? '' : `\${${JSON.stringify(own)}}`}${mark}${mark}{`;
  });
}

/** A literal before an interpolation: a `$` at its end would turn `${` into the text `${`. */
export function beforeInterpolation(text: string): string {
  const end = /\$+$/.exec(text)?.[0];
  return end === undefined ? text : `${text.slice(0, -end.length)}\${${JSON.stringify(end)}}`;
}
