import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';

import { expect, test } from '@jest/globals';

import { standInsBy } from '../../../terrace/rehearse/shape/stand-in';

const key = createHash('sha256').update('one key').digest();
const standIn = standInsBy(key);

/** Letters as a, capitals as A, digits as 0. */
const form = (text: string): string => text.replaceAll(/[a-z]/g, 'a').replaceAll(/[A-Z]/g, 'A').replaceAll(/\d/g, '0');

test.each([
  'Sb1-Xy7Zq0Lm3Np8',
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  'https://hooks.slack.com/services/T0000AAAA/B0000BBBB/abcdefghijklmnopqrstuvwx',
  'correct horse battery staple',
  '9f86d081884c7d659a2feaa0c55ad015',
  '3c0b1a52-9c1e-4b6e-8c2e-9a1b2c3d4e5f',
  'ops@canary.example.com',
])('the stand-in of %s has its form and length and is something else', (secret) => {
  const other = standIn(secret);
  expect(other).not.toBe(secret);
  expect(other).toHaveLength(secret.length);
  expect(form(other)).toBe(form(secret));
});

test('heads that say what a secret is stay, and hexadecimal stays hexadecimal', () => {
  expect(standIn('ghp_16C7e42F292c6912E7710c838347Ae178B4a')).toMatch(/^ghp_/);
  expect(standIn('https://hooks.slack.com/services/T0000AAAA/B0000BBBB/abcdefghijklmnopqrstuvwx')).toMatch(
    /^https:\/\/hooks\.slack\.com\/services\/[A-Z]\d{4}[A-Z]{4}\/[A-Z]\d{4}[A-Z]{4}\/[a-z]{24}$/,
  );
  expect(standIn('9f86d081884c7d659a2feaa0c55ad015')).toMatch(/^[0-9a-f]{32}$/);
});

test('addresses stay addresses, of those that are set aside for documentation', () => {
  expect(standIn('81.2.69.142')).toMatch(/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
  expect(standIn('81.2.69.0/28')).toMatch(/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+\/28$/);
  expect(standIn('2a02:8388:1:2::1')).toMatch(/^2001:db8:[0-9a-f]+::$/);
});

test('a private key becomes another one that programs read', () => {
  const { privateKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const other = standIn(privateKey);
  expect(other).not.toBe(privateKey);
  expect(createPrivateKey(other).asymmetricKeyType).toBe('ed25519');
});

test('the same key gives the same stand-in, another key another one', () => {
  const again = standInsBy(createHash('sha256').update('one key').digest());
  const else_ = standInsBy(createHash('sha256').update('another key').digest());
  expect(again('Sb1-Xy7Zq0Lm3Np8')).toBe(standIn('Sb1-Xy7Zq0Lm3Np8'));
  expect(else_('Sb1-Xy7Zq0Lm3Np8')).not.toBe(standIn('Sb1-Xy7Zq0Lm3Np8'));
});
