import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';

import { publishedSchemas } from '../../terrace/delivery/schemas';
import { publishedSchemas as rehearsalSchemas } from '../../terrace/rehearse/schemas';

const schemas = { ...publishedSchemas, ...rehearsalSchemas };

test.each(Object.keys(schemas))('docs/schemas/%s fits the schema of schemas, which readers do not ask again', (name) => {
  const ajv = new Ajv2020();
  expect([ajv.validateSchema(schemas[name] ?? {}), ajv.errors]).toEqual([true, null]);
  expect(ajv.validateSchema({ ...schemas[name], type: 'objekt' })).toBe(false);
});
