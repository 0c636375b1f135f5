import { readFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../../_helpers/project-root';

const text = readFileSync(path.join(projectRoot, 'docs', 'astraler', 'recovery.md'), 'utf8');

/** Headings of the runbook that have commands, in its order. */
export const runbookHeadings: readonly string[] = sections().flatMap(({ heading, commands }) => (commands === '' ? [] : [heading]));

/**
 * The commands below a heading of docs/astraler/recovery.md, as a person would type them: `<…>` and the dots that stand for a value are
 * replaced by what is given. Throws for a heading without commands, and for a blank that nothing is given for.
 */
export function runbookCommands(heading: string, values: Readonly<Record<string, string>>): string {
  const found = sections().find((one) => one.heading === heading)?.commands ?? '';
  if (found === '') throw new Error(`no commands below ${heading}`);
  const filled = Object.entries(values).reduce((commands, [blank, value]) => commands.replaceAll(blank, value), found);
  const left = /<[a-z ]+>|…/.exec(filled);
  if (left !== null) throw new Error(`${heading}: nothing is given for ${left[0]}`);
  return `set -euo pipefail\n${filled}`;
}

function sections(): readonly { readonly heading: string; readonly commands: string }[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => ({
      heading: part.split('\n', 1)[0] ?? '',
      commands: [...part.matchAll(/^```sh(?: cloud)?\n(.*?)^```$/gms)].map(([, block]) => block ?? '').join(''),
    }));
}
