import { existsSync } from 'node:fs';

import { build } from 'esbuild';

import { escapedHtml, offlinePage } from '../../base/offline-page';
import { packageFile, packageText } from '../../base/package-file';
import type { PageData } from './page-data';

/** In this order: later ones win. */
const styles = ['theme', 'layout', 'panel', 'scene'];
const entry = 'diagram/explore/browser/main';

/**
 * The page as one HTML file that needs nothing else. What it shows stands in it as JSON, which no browser runs. The same data gives the same bytes.
 */
export async function pageHtml(data: PageData): Promise<string> {
  const script = await browserScript();
  const style = styles.map((name) => packageText(`diagram/explore/styles/${name}.css`)).join('');
  const body = [
    '<div id="app"><noscript>This page needs its script; terrace diagram --format svg draws a picture without one.</noscript></div>',
    `<script type="application/json" id="data">${jsonIn(data)}</script>`,
    '',
  ].join('\n');
  return offlinePage({ title: escapedHtml(data.title), style, script, body });
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
