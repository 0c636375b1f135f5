import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { roadOfAChange } from '../../scripts/pictures/road-of-a-change';
import { layout } from '../../terrace/diagram/layout/layout';
import { svgOf } from '../../terrace/diagram/render/svg';
import { projectRoot } from '../_helpers/project-root';

test('the picture of the road of a change is drawn from its data, for light and dark pages', async () => {
  const drawn = svgOf(await layout(roadOfAChange()));
  expect(readFileSync(path.join(projectRoot, 'docs', 'assets', 'road-of-a-change.svg'), 'utf8')).toBe(drawn);
  expect(drawn).toContain('@media (prefers-color-scheme:dark)');
});
