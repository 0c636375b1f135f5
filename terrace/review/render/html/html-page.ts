import { createHash } from 'node:crypto';

import { h } from 'preact';
import { render } from 'preact-render-to-string';

import { packageText } from '../../../base/package-file';
import { visible } from '../../../base/visible';
import type { Review } from '../../model/review';
import { protectedWord } from '../head-lines';
import { countsText } from '../words';

import { Page } from './page';

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** A tab's title says where before it says what. */
function titleOf({ places, counts, bundle }: Review): string {
  const where = places.map(({ system, environment }) => `${system}/${environment}`);
  const first = where.length > 2 ? `${where[0]} and ${where.length - 1} more` : where.join(', ');
  const isProtected = places.some((place) => place.protected);
  return `${isProtected ? `${protectedWord} ` : ''}${first}: ${countsText(counts)} (${bundle.hash.slice(0, 12)})`;
}

/** In this order: later ones win. */
const styles = ['theme', 'head', 'findings-and-units', 'filters', 'changes', 'attributes', 'narrow'];

/** Style and script stand in the page as they stand in these files. */
function part(name: string): string {
  return packageText(`review/render/html/${name}`);
}

/**
 * The review as one HTML file that needs nothing else: no address outside it, no inline handler; the policy in its head
 * lets run exactly its own script and style. Readable without the script too, which only filters and moves.
 */
export async function renderHtml(review: Review): Promise<string> {
  const script = part('in-browser.js');
  const style = styles.map((name) => part(`styles/${name}.css`)).join('');
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
  // Texts are made visible where they stand; attributes and what is searched are not.
  const body = visible(render(h(Page, { review })));
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${visible(escaped(titleOf(review)))}</title>`,
    `<style>${style}</style>`,
    '</head>',
    `<body>${body}<script>${script}</script></body>`,
    '</html>',
    '',
  ].join('\n');
}
