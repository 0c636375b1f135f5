import { expect, test } from '@jest/globals';

import { proxyFor } from '../../terrace/aws/proxy';

const proxies = { HTTP_PROXY: 'http://plain:3128', HTTPS_PROXY: 'http://secure:3129' };

test('the scheme of the request chooses the variable, whatever the proxy itself speaks', () => {
  expect(proxyFor('http://bucket.s3.sandbox/key', proxies)).toBe('http://plain:3128');
  expect(proxyFor('https://s3.amazonaws.com/key', proxies)).toBe('http://secure:3129');
  expect(proxyFor('https://s3.amazonaws.com/key', { HTTP_PROXY: 'http://plain:3128' })).toBe('');
});

test('lower case works, upper case wins, and a proxy without a scheme is an http one', () => {
  expect(proxyFor('http://a.example', { http_proxy: 'http://lower:1' })).toBe('http://lower:1');
  expect(proxyFor('http://a.example', { http_proxy: 'http://lower:1', HTTP_PROXY: 'upper:2' })).toBe('http://upper:2');
  expect(proxyFor('http://a.example', { HTTP_PROXY: '' })).toBe('');
});

test('loopback is always direct', () => {
  for (const host of ['localhost', '127.0.0.1', '127.9.8.7', '[::1]']) expect(proxyFor(`http://${host}:4566/`, proxies)).toBe('');
  expect(proxyFor('http://128.0.0.1/', proxies)).toBe('http://plain:3128');
});

test.each([
  ['example.com', 'http://example.com/', true],
  ['example.com', 'http://a.b.EXAMPLE.com/', true],
  ['example.com', 'http://badexample.com/', false],
  ['.example.com', 'http://example.com/', false],
  ['.example.com', 'http://a.example.com/', true],
  ['*.example.com', 'http://a.example.com/', true],
  ['*.example.com', 'http://example.com/', false],
  ['*', 'http://anything.example/', true],
  ['other.test, example.com ,', 'http://example.com/', true],
  ['example.com:8080', 'http://example.com:8080/', true],
  ['example.com:8080', 'http://example.com/', false],
  ['example.com:80', 'http://example.com/', true],
  ['10.1.2.3', 'http://10.1.2.3/', true],
  ['10.1.2.3', 'http://110.1.2.3/', false],
  ['10.0.0.0/8', 'http://10.200.1.1/', true],
  ['10.0.0.0/8', 'http://11.0.0.1/', false],
  ['0.0.0.0/0', 'http://11.0.0.1/', true],
  ['10.0.0.0/33', 'http://10.0.0.1/', false],
  ['10.0.0.0/8', 'http://a.example/', false],
  ['fd00::1', 'http://[fd00::1]/', true],
  ['[fd00::1]:80', 'http://[fd00::1]/', true],
  ['[fd00::1]:81', 'http://[fd00::1]/', false],
  ['', 'http://example.com/', false],
])('NO_PROXY=%s and %s: direct is %s', (list, url, direct) => {
  expect(proxyFor(url, { ...proxies, NO_PROXY: list })).toBe(direct ? '' : 'http://plain:3128');
});
