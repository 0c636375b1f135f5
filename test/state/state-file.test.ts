import { expect, test } from '@jest/globals';

import { digestOf, formatState, parseState, refuseSandboxState, sandboxMarkOf, serialJson } from '../../terrace/state/state-file';
import { stateText } from '../_helpers/state-backend';
import { sandboxShell } from '../_helpers/sandbox';

test('a state is read with serial, lineage and the number of its resources', () => {
  expect(parseState(stateText({ serial: 7, resources: ['a', 'b'] }), 'here')).toMatchObject({
    serial: 7,
    lineage: '11111111-2222-3333-4444-555555555555',
    terraformVersion: '1.11.4',
    instances: 2,
    outputs: [],
  });
});

test('another serial changes that number and not one byte more', () => {
  const text = stateText({ serial: 7 }).replace('"input": null', '"input": 98765432109876543210');
  expect(formatState(parseState(text, 'here'), { serial: serialJson(8) })).toBe(text.replace('"serial": 7', '"serial": 8'));
});

test.each([
  ['', 'not JSON'],
  ['{"version": 4, "serial": 1', 'not JSON'],
  ['[]', 'not a JSON object'],
  ['{}', 'format version missing, not 4, no serial, no lineage, no list of resources'],
  ['{"version": 3, "serial": 1, "lineage": "l", "resources": []}', 'format version 3, not 4'],
  ['{"version": 4, "serial": -1, "lineage": "l", "resources": []}', 'no serial'],
  ['{"version": 4, "serial": 1.5, "lineage": "", "resources": {}}', 'no serial, no lineage, no list of resources'],
])('%j is no state: %s', (text, found) => {
  expect(() => parseState(text, 'here')).toThrow(new RegExp(`^E4501 not a state   here\\n  ${found}`));
});

test('the mark of simulated resources is found in their private data, and refused outside a sandbox', () => {
  const marked = parseState(stateText({ private: Buffer.from('{"mark":"terrace-sandbox:0a1b2c"}').toString('base64') }), 'here');
  expect(sandboxMarkOf(marked)).toBe('terrace-sandbox:0a1b2c');
  expect(
    sandboxMarkOf(parseState(stateText({ private: Buffer.from('{"schema_version":"1"}').toString('base64') }), 'here')),
  ).toBeUndefined();
  expect(() => refuseSandboxState(marked, 'here', {})).toThrow(/^E4507 sandbox state/);
  expect(() => refuseSandboxState(marked, 'here', sandboxShell)).not.toThrow();
  for (const [name, value] of Object.entries(sandboxShell))
    expect(() => refuseSandboxState(marked, 'here', { [name]: value })).toThrow(/^E4507/);
});

test('the digest is the MD5 of the bytes', () => {
  expect(digestOf('')).toBe('d41d8cd98f00b204e9800998ecf8427e');
});
