import { createHash } from 'node:crypto';

/** What stands in a page that needs nothing else. */
export interface OfflinePage {
  /** HTML: escaped already. */
  readonly title: string;
  readonly style: string;
  /** @default none: the page runs nothing */
  readonly script?: string;
  /** HTML before the script. */
  readonly body: string;
}

/**
 * One HTML file that needs nothing else and asks for nothing: no address outside it, no inline handler; the policy in its head lets run exactly its
 * own script and style, and neither may turn text into markup. The same parts give the same bytes.
 */
export function offlinePage({ title, style, script, body }: OfflinePage): string {
  const policy = `default-src 'none'; script-src ${script === undefined ? "'none'" : hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    '</head>',
    `<body>${body}${script === undefined ? '' : `<script>${script}</script>`}</body>`,
    '</html>',
    '',
  ].join('\n');
}

/** Text as it stands in HTML outside of attributes. */
export function escapedHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
