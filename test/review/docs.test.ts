import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { projectRoot } from '../_helpers/project-root';
import { rules } from '../../terrace/review/findings/catalog';
import { costDrivers } from '../../terrace/review/source/cost-drivers';

const document = readFileSync(path.join(projectRoot, 'docs', 'review.md'), 'utf8');

test('docs/review.md lists every rule with its usual severity, and none that is not there', () => {
  const listed = [...document.matchAll(/^\| `([a-z-]+)` \| (critical|high|medium|low|info) \| (.+) \|$/gm)].map(
    ([, id, severity, title]) => ({ id, severity, title }),
  );
  expect(listed).toEqual(rules.map(({ id, severity, title }) => ({ id, severity, title })));
});

test('docs/review.md says of every cost driver what is paid for', () => {
  for (const { types, pays, charged, scale } of costDrivers)
    expect(document).toContain(`| ${types.map((type) => `\`${type}\``).join(', ')} | ${pays} | ${charged} | ${scale} of euros |`);
});
