import { h } from 'preact';
import { render } from 'preact-render-to-string';

import { escapedHtml, offlinePage } from '../../../base/offline-page';
import { packageText } from '../../../base/package-file';
import { visible } from '../../../base/visible';
import type { Review } from '../../model/review';
import { protectedWord } from '../head-lines';
import { countsText } from '../words';

import { Page } from './page';

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

/** The review as one HTML file that needs nothing else. Readable without the script too, which only filters and moves. */
export async function renderHtml(review: Review): Promise<string> {
  const script = part('in-browser.js');
  const style = styles.map((name) => part(`styles/${name}.css`)).join('');
  // Texts are made visible where they stand; attributes and what is searched are not.
  const body = visible(render(h(Page, { review })));
  return offlinePage({ title: visible(escapedHtml(titleOf(review))), style, script, body });
}
