import { expect, test } from '@jest/globals';

import { callAt, declarationOf, propertyPath } from '../../../terrace/synth/explain/call-properties';

const source = `const port = 8080;

new Service(this, 'api (one)', {
  port,
  ingress: [{ fromPort: props.low, toPort: 443 }],
  // logs: false )
  logs: { days: settings.logDays ?? 30 },
});
other({ port: 1 });
`;

test('a call ends at its own bracket, and its properties name the lines and what their values are made of', () => {
  const { firstLine, lastLine, properties } = callAt(source, 3);
  expect([firstLine, lastLine]).toEqual([3, 8]);
  expect(properties.map(({ path, line, names }) => [path, line, names])).toEqual([
    ['port', 4, ['port']],
    ['ingress', 5, ['fromPort', 'low', 'toPort']],
    ['ingress.fromPort', 5, ['low', 'toPort']],
    ['ingress.toPort', 5, []],
    ['logs', 7, ['days', 'logDays']],
    ['logs.days', 7, ['logDays']],
  ]);
  expect([declarationOf(source, 'port'), declarationOf(source, 'low')]).toEqual([1, undefined]);
});

test('an attribute is called as the property of its construct', () => {
  expect(['ingress.0.from_port', 'tags.Name', 'cidr_block'].map(propertyPath)).toEqual(['ingress.fromPort', 'tags.Name', 'cidrBlock']);
});
