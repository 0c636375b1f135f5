import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';

import { build } from 'esbuild';

import { packageFile, packageText } from '../../base/package-file';
import type { PageData } from './page-data';

/** In this order: later ones win. */
const styles = ['theme', 'layout', 'panel', 'scene'];
const entry = 'diagram/explore/browser/main';

/**
 * The page as one HTML file that needs nothing else and asks for nothing: the policy in its head lets run exactly its own script and style. What it
 * shows stands in it as JSON, which no browser runs. The same data gives the same bytes.
 */
export async function pageHtml(data: PageData): Promise<string> {
  const script = await browserScript();
  const style = styles.map((name) => packageText(`diagram/explore/styles/${name}.css`)).join('');
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${data.title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body><div id="app"><noscript>This picture needs its script; terrace diagram --format svg draws one without.</noscript></div>',
    `<script type="application/json" id="data">${jsonIn(data)}</script>`,
    `<script>${script}</script></body>`,
    '</html>',
    '',
  ].join('\n');
}

/** JSON that ends no element, whatever stands in it. */
function jsonIn(data: PageData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** The modules of the page as one script: from the sources in a checkout, else from what they were compiled to. */
async function browserScript(): Promise<string> {
  const source = packageFile(`${entry}.tsx`);
  const { outputFiles } = await build({
    entryPoints: [existsSync(source) ? source : packageFile(`${entry}.js`)],
    bundle: true,
    write: false,
    minify: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    // Not the one of whatever folder the page is written from.
    tsconfigRaw: { compilerOptions: { strict: true, target: 'es2023' } },
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text ?? '';
  return text.replaceAll('</script', '<\\/script');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
