import { expect, test } from '@jest/globals';

import { targetOf } from '../../../terrace/sandbox/gateway/target';

test.each([
  [
    'http://b.s3.sandbox/a/../b?x=1#f',
    { host: 'b.s3.sandbox', authority: 'b.s3.sandbox', pathname: '/a/../b', search: '?x=1', absolute: true },
  ],
  ['HTTP://B.S3.Sandbox:80', { scheme: 'http', host: 'b.s3.sandbox', authority: 'B.S3.Sandbox:80', pathname: '/', search: '' }],
  ['https://user:pass@real.example:8443/p', { scheme: 'https', host: 'real.example', pathname: '/p' }],
  ['http://s3.sandbox@real.example/', { host: 'real.example' }],
  ['http://[::1]:80/x', { host: '[::1]', pathname: '/x' }],
  ['http:///x', { host: '', pathname: '/x' }],
  [
    '/bucket//key%20x?versions=',
    { host: 'localhost', authority: 'localhost:1', pathname: '/bucket//key%20x', search: '?versions=', absolute: false },
  ],
  ['*', { host: 'localhost', pathname: '*', absolute: false }],
  ['http://bad:port:x/', { host: '' }],
])('%s is taken apart as it stands', (requested, expected) => {
  expect(targetOf(requested, 'localhost:1')).toMatchObject(expected);
});

test("a target without a host has the header's, or none", () => {
  expect([targetOf('/x', 'Real.Example:80').host, targetOf('/x', undefined).host]).toEqual(['real.example', '']);
});
