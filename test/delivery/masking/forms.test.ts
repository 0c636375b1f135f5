import { gzipSync } from 'node:zlib';

import { expect, test } from '@jest/globals';

import { maskPlan } from '../../../terrace/delivery/masking/mask-plan';
import { secretsFrom } from '../../../terrace/delivery/masking/secrets';
import type { PlanJson } from '../../../terrace/terraform/plan-json';

/** As terraform's functions write them, computed with terraform 1.11. */
const forms: { readonly [secret: string]: readonly string[] } = {
  'R4ndom&Pass<word>9': [
    String.raw`{"p":"R4ndom\u0026Pass\u003cword\u003e9"}`,
    String.raw`conf {"p":"R4ndom\u0026Pass\u003cword\u003e9"}`,
    String.raw`{"doc":"{\"p\":\"R4ndom\\u0026Pass\\u003cword\\u003e9\"}"}`,
    'postgres://app:R4ndom%26Pass%3Cword%3E9@db/x',
    'UjRuZG9tJlBhc3M8d29yZD45',
    'Basic YXBwOlI0bmRvbSZQYXNzPHdvcmQ+OQ==',
    'R4NDOM&PASS<WORD>9',
    'r4ndom&pass<word>9',
    '<b>R4ndom&amp;Pass&lt;word&gt;9</b>',
    // base64 of base64, of UTF-16 as textencodebase64() and PowerShell write it, and in hex as other tools write it.
    'VWpSdVpHOXRKbEJoYzNNOGQyOXlaRDQ1',
    Buffer.from('-p R4ndom&Pass<word>9', 'utf16le').toString('base64'),
    '52346e646f6d26506173733c776f72643e39',
  ],
  'R4ndom!Pass(word)*9': ['app:R4ndom%21Pass%28word%29%2A9@', 'UjRuZG9tIVBhc3Mod29yZCkqOQ==', '"p": "R4ndom!Pass(word)*9"\n'],
  'R4ndom"Pass\\word9': [
    String.raw`{"p":"R4ndom\"Pass\\word9"}`,
    String.raw`{"doc":"{\"p\":\"R4ndom\\\"Pass\\\\word9\"}"}`,
    'app:R4ndom%22Pass%5Cword9@',
  ],
  'R4ndom Pass word9~': ['app:R4ndom+Pass+word9~@', 'app:R4ndom%20Pass%20word9~@', 'UjRuZG9tIFBhc3Mgd29yZDl+'],
};

test.each(Object.entries(forms))('a secret is hidden in every form that a configuration gives it: %s', (secret, shown) => {
  const secrets = secretsFrom([secret]);
  for (const text of shown) {
    const left = secrets.without(text, '(sensitive)');
    expect(left).toContain('(sensitive)');
    expect(left).not.toMatch(/R4ndom|Pass|UjRuZG9t|bmRvb|word9/i);
  }
});

test.each([
  ['as Go escapes it in JSON', String.raw`R4ndom\u0026Pass\u003cword\u003e9`],
  ['as HTML', 'R4ndom&amp;Pass&lt;word&gt;9'],
  ['within base64', 'YXBwOlI0bmRvbSZQYXNzPHdvcmQ+OQ=='],
])('of a line that holds a secret %s, the rest is shown', (_name, text) => {
  const secrets = secretsFrom(['R4ndom&Pass<word>9']);
  expect(secrets.without(`before: ${text} # after`, '(sensitive)')).toBe('before: (sensitive) # after');
});

const secret = 'L1ne one~x\nL1ne "two"&y\n';
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
const percent = (text: string): string => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

test.each([
  ['indented in YAML', 'p: |\n    L1ne one~x\n    L1ne "two"&y\n'],
  ['without the line end', 'L1ne one~x\nL1ne "two"&y'],
  ['broken at a space by YAML', '"p": "L1ne\n  one~x\n  L1ne "two"&y"'],
  ['YAML within JSON', JSON.stringify({ doc: 'p: |\n    L1ne one~x\n    L1ne "two"&y\n' })],
  ['an address within base64', base64(encodeURIComponent(secret))],
  ['base64 within an address', `?q=${percent(base64(secret))}`],
  ['every character of an address', percent(secret)],
  ['HTML within JSON', JSON.stringify({ html: '<p>L1ne one~x\nL1ne &quot;two&quot;&#38;y</p>' })],
  ['hex of JSON', Buffer.from(escaped(secret)).toString('hex')],
  ['base64 within base64 within base64', base64(base64(base64(secret)))],
  ['base64 in lines', base64(`a note before it: ${secret}`).replaceAll(/.{24}/g, '$&\n')],
  ['packed by gzip', base64(gzipSync(`#cloud-config\n${secret}`))],
  ['packed, in lines after a word', `data\n${base64(gzipSync(`#cloud-config\n${secret}`)).replaceAll(/.{64}/g, '$&\n')}\nmore`],
  ['escaped for HCL', String.raw`p = "L1ne one~x\nL1ne \"two\"&y\n"`],
])('a secret of several lines is hidden, whatever wrote it within something else: %s', (_name, text) => {
  const left = secretsFrom([secret]).without(text, '(sensitive)');
  expect(left).toContain('(sensitive)');
  expect(left).not.toMatch(/L1ne|%4c%31|TDFuZS|two/i);
});

test('a line of a log that holds a secret once it is decoded is hidden, and the lines beside it are shown', () => {
  const packed = base64(gzipSync(secret));
  expect(secretsFrom([secret]).without(`before\n  token: ${packed}\nafter`, '(sensitive)')).toBe('before\n(sensitive)\nafter');
});

test('what unpacks to more than is looked at is hidden, one text or many together, and what stands beside it is shown', () => {
  const secrets = secretsFrom(['hunter2-hunter3-hunter4']);
  const behind = base64(gzipSync(`${'a'.repeat(17 * 1024 * 1024)} hunter2-hunter3-hunter4`));
  expect(secrets.without(`before\n${behind}\nafter`, '(sensitive)')).toBe('before\n(sensitive)\nafter');
  const many = Array.from({ length: 5 }, (_, index) => base64(gzipSync(String(index).repeat(4 * 1024 * 1024)))).join(' ');
  expect(secrets.without(many, '(sensitive)')).toBe('(sensitive)');
  const [one = ''] = many.split(' ');
  expect(secrets.without(`${one} ${one}`, '(sensitive)')).toBe(`${one} ${one}`);
});

test.each([
  ['letters', 'a'.repeat(20_000_000)],
  ['hexadecimal digits', '0'.repeat(20_000_000)],
  ['escapes of an address', '%41'.repeat(8_000_000)],
  ['escapes of JSON', String.raw`\n`.repeat(500_000)],
  ['marks of HTML', '&lt;'.repeat(500_000)],
  ['short lines', 'abcd\n'.repeat(1_000_000)],
])('a secret is found behind millions of %s', (_name, much) => {
  const secrets = secretsFrom(['hunter2-hunter3-hunter4']);
  const hidden = secrets.without(`${much} ${base64('hunter2-hunter3-hunter4')}`, '(sensitive)');
  expect(hidden.slice(-11)).toBe('(sensitive)');
  const shown = `${much} ${base64('hunter5-hunter6-hunter7')}`;
  expect(secrets.without(shown, '(sensitive)') === shown).toBe(true);
});

test('what holds no secret is left as it is', () => {
  const secrets = secretsFrom(['R4ndom&Pass<word>9', 'postgres://app:pw@db.example.com:5432/orders', 'hunter2-hunter3-hunter4']);
  for (const text of [
    'hunter2-h',
    'arn:aws:iam::123456789012:role/orders',
    'vpc-0a1b2c3d4e5f60718',
    'db.example.com',
    'UjRuZG9 is not it',
    'Pass',
    'YXBwOmFub3RoZXIgcGFzc3dvcmQ=',
    String.raw`{\"Statement\":[{\"Sid\":\"R4ndom\"}]} %41%42 &amp; \u0026`,
    base64(gzipSync('#cloud-config\nPass: word')),
  ])
    expect([secrets.has(text), secrets.without(text, '(sensitive)')]).toEqual([false, text]);
});

test('a value that is a good half of a secret word is hidden whole', () => {
  const secrets = secretsFrom(['hunter2-hunter3-hunter4']);
  expect([secrets.has('hunter2-hunter3'), secrets.has('hunter2')]).toEqual([true, false]);
});

test('numbers and the own default of a sensitive variable are hidden', () => {
  const variables: { readonly [name: string]: { readonly sensitive?: boolean; readonly default: number } } = {
    pin: { sensitive: true, default: 12 },
    size: { default: 3 },
  };
  const plan: PlanJson = {
    format_version: '1.2',
    variables: { pin: { value: 8472910 } },
    configuration: { root_module: { variables } },
    resource_changes: [
      {
        address: 'terraform_data.a',
        mode: 'managed',
        type: 'terraform_data',
        name: 'a',
        change: { actions: ['create'], before: null, after: { input: 8472910, port: 5432 } },
      },
    ],
  };
  const text = JSON.stringify(maskPlan(plan, { key: new Uint8Array(32) }));
  expect(text).not.toMatch(/8472910|"default":12/);
  expect(text).toContain('5432');
  expect(text).toContain('"default":3');
});
