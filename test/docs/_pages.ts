import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../_helpers/project-root';

/** A page of the documentation. */
export interface Page {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** README, CONTRIBUTING and everything below docs/. */
export function pages(): readonly Page[] {
  const below = readdirSync(path.join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.split(path.sep).join('/')}`);
  return ['README.md', 'CONTRIBUTING.md', ...below].toSorted().map((name) => ({
    path: name,
    text: readFileSync(path.join(projectRoot, name), 'utf8'),
  }));
}

/** A fenced block: its language, what stands behind it, its lines. */
export interface Block {
  readonly language: string;
  /** Words behind the language: `cloud` for what needs more than this machine. */
  readonly marks: readonly string[];
  /** Joined where a line goes on in the next. */
  readonly lines: readonly string[];
  /** Of its first line, from 1. */
  readonly at: number;
}

export function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^ *```([^\n]*)\n([\s\S]*?)^ *```$/gm)].map((match) => {
    const [language = '', ...marks] = (match[1] ?? '').trim().split(/\s+/);
    return {
      language,
      marks,
      lines: (match[2] ?? '')
        .replaceAll(/\\\n\s*/g, ' ')
        .split('\n')
        .filter((line) => line.trim() !== ''),
      at: text.slice(0, match.index).split('\n').length + 1,
    };
  });
}

/** The text without fenced blocks and code, in which nothing is a link. */
export function prose(text: string): string {
  return text.replaceAll(/^ *```[^\n]*\n[\s\S]*?^ *```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** Anchors of a page as GitHub makes them of its headings. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const found = new Map<string, number>();
  const anchors = new Set([...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id));
  for (const [, heading = ''] of text.replaceAll(/^ *```[^\n]*\n[\s\S]*?^ *```$/gm, '').matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const before = found.get(slug) ?? 0;
    found.set(slug, before + 1);
    anchors.add(before === 0 ? slug : `${slug}-${before}`);
  }
  return anchors;
}
