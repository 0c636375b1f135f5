import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { projectRoot } from '../_helpers/project-root';
import { anchorsOf, pages, prose, type Page } from './_pages';

/** What a page refers to: links, pictures, and those written as HTML. */
function targetsOf({ text }: Page): readonly string[] {
  const words = prose(text);
  return [
    ...[...words.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].map(([, target = '']) => target),
    ...[...words.matchAll(/\b(?:href|src|srcset)="([^"]+)"/g)].map(([, target = '']) => target),
    ...[...words.matchAll(/^\[[^\]]+\]: +(\S+)/gm)].map(([, target = '']) => target),
  ];
}

/** Why a target leads nowhere; undefined where it leads somewhere, or out of the repository. */
function broken(page: Page, target: string): string | undefined {
  if (/^(?:https?|mailto):/.test(target)) return undefined;
  const [file = '', anchor] = decodeURIComponent(target).split('#');
  const place = file === '' ? page.path : path.posix.join(path.posix.dirname(page.path), file);
  const full = path.join(projectRoot, place);
  if (!existsSync(full)) return `${page.path}: ${target}: there is no ${place}`;
  if (anchor === undefined || !place.endsWith('.md')) return undefined;
  return anchorsOf(readFileSync(full, 'utf8')).has(anchor) ? undefined : `${page.path}: ${target}: ${place} has no such heading`;
}

test('every link and every picture of the documentation leads to a file that is there, and to a heading in it', () => {
  const all = pages();
  const targets = all.flatMap((page) => targetsOf(page).map((target) => ({ page, target })));
  expect(targets.length).toBeGreaterThan(140);
  expect(targets.flatMap(({ page, target }) => broken(page, target) ?? [])).toEqual([]);
});

test('every page can be reached from the README', () => {
  const all = new Map(pages().map((page) => [page.path, page]));
  const reached = new Set<string>();
  const open = ['README.md'];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const page = all.get(name);
    if (page === undefined || reached.has(name)) continue;
    reached.add(name);
    for (const target of targetsOf(page)) {
      const [file = ''] = target.split('#');
      open.push(path.posix.join(path.posix.dirname(name), file));
    }
  }
  expect([...all.keys()].filter((name) => !reached.has(name))).toEqual([]);
});

test('a heading’s anchor is the one that GitHub gives it, numbered where it comes again', () => {
  expect([...anchorsOf('# A `state` that, is gone?\n## Über_all\n## Same\n## Same\n```sh\n# no heading\n```\n<a id="own"></a>\n')]).toEqual(
    ['own', 'a-state-that-is-gone', 'über_all', 'same', 'same-1'],
  );
});
