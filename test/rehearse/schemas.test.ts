import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { publishedSchemas } from '../../terrace/rehearse/schemas';
import { projectRoot } from '../_helpers/project-root';

test.each(Object.keys(publishedSchemas))('docs/schemas/%s is the schema that is checked', (name) => {
  expect(JSON.parse(readFileSync(path.join(projectRoot, 'docs', 'schemas', name), 'utf8'))).toEqual(publishedSchemas[name]);
});
