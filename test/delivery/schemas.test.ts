import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { statementOf } from '../../terrace/delivery/approval/statement';
import { readAs } from '../../terrace/delivery/bundle/validate';
import { publishedSchemas } from '../../terrace/delivery/schemas';
import { projectRoot } from '../_helpers/project-root';

test.each(Object.keys(publishedSchemas))('docs/schemas/%s is the schema that is checked', (name) => {
  expect(JSON.parse(readFileSync(path.join(projectRoot, 'docs', 'schemas', name), 'utf8'))).toEqual(publishedSchemas[name]);
});

test('an approval fits its schema', async () => {
  const statement = statementOf({
    bundle: 'a'.repeat(64),
    units: ['shop/dev/eu/network/vpc'],
    approvedAt: '2026-11-21T10:00:00.000Z',
    comment: '',
  });
  const schema = publishedSchemas['approval.v1.json'] ?? {};
  expect(await readAs(schema, statement)).toEqual({ value: statement });
  expect(await readAs(schema, { ...statement, subject: [] })).toEqual({ problems: ['/subject must NOT have fewer than 1 items'] });
});
