import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { zipFile } from '../../../terrace/base/zip-file';
import { usedTypes } from '../../../terrace/sandbox/providers/protocol/used-types';
import { zipTexts } from '../../../terrace/sandbox/providers/protocol/zip-texts';
import { indexAnswer } from '../../../terrace/sandbox/providers/schema/answer-index';
import { temporaryFolder } from '../../_helpers/sandbox';

const dir = temporaryFolder('terrace-used-');
const put = (name: string, text: string | Buffer): void => {
  mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  writeFileSync(path.join(dir, name), text);
};
const used = (command: string, read?: (bucket: string, key: string) => Uint8Array | undefined): string[] | undefined => {
  const found = usedTypes({ environment: {}, directory: dir, command: command.split(' '), known: true }, 'aws', read);
  return found === undefined ? undefined : [...found.types].sort();
};

beforeEach(() => put('main.tf', 'resource "aws_vpc" "main" {}\ndata "aws_region" "here" {}\n'));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('the types of configuration, modules and local state are those that a plan can meet', () => {
  put('more.tf.json', '{"resource":{"aws_subnet":{}}}');
  put('.terraform/modules/modules.json', '{"Modules":[{"Key":"m","Dir":"m"}]}');
  put('m/main.tf', 'resource "aws_eip" "one" {}');
  put('terraform.tfstate', '{"resources":[{"type":"aws_sns_topic"}]}');
  expect(used('terraform plan -input=false -out=x')).toEqual(['aws_eip', 'aws_region', 'aws_sns_topic', 'aws_subnet', 'aws_vpc']);
});

test('a state in S3 is read from the sandbox’s own, and no state means no more types', () => {
  put('.terraform/terraform.tfstate', '{"backend":{"type":"s3","config":{"bucket":"b","key":"k"}}}');
  const objects: Readonly<Record<string, string>> = { 'b/k': '{"type":"aws_lb"}' };
  expect(used('terraform plan', (bucket, key) => Buffer.from(objects[`${bucket}/${key}`] ?? ''))).toEqual([
    'aws_lb',
    'aws_region',
    'aws_vpc',
  ]);
  expect(used('tofu apply -auto-approve', () => undefined)).toEqual(['aws_region', 'aws_vpc']);
});

test('a saved plan brings its own types', () => {
  put('saved', zipFile([{ name: 'tfplan', bytes: Buffer.from('\x01aws_kms_key\x02'), mode: 0o644 }]));
  for (const command of ['terraform apply saved', 'terraform show -json saved', 'tofu show saved'])
    expect(used(command)).toEqual(['aws_kms_key']);
  put('saved', 'no zip');
  expect(used('terraform apply saved')).toBeUndefined();
  expect(used('terraform show saved')).toBeUndefined();
});

test.each([
  'terraform providers schema -json',
  'terraform console',
  'terraform import aws_eip.x y',
  'terraform test',
  'terraform -chdir=x plan',
  'terraform plan -state=other',
  'terraform plan main.tf',
  'terraform show -json',
  'node relay.js',
])('whoever runs %s gets every type', (command) => {
  expect(used(command)).toBeUndefined();
});

test('a workspace, another backend and an unknown process get every type', () => {
  put('.terraform/environment', 'other');
  expect(used('terraform plan')).toBeUndefined();
  rmSync(path.join(dir, '.terraform'), { recursive: true });
  put('.terraform/terraform.tfstate', '{"backend":{"type":"http","config":{}}}');
  expect(used('terraform plan')).toBeUndefined();
  expect(usedTypes({ environment: {}, known: false }, 'aws', undefined)).toBeUndefined();
});

test.each([
  ['resource "aws_wafv2_web_acl" "x" { statement { and_statement { statement {} } } }', 'deep'],
  ['resource "aws_wafv2_rule_group" "x" {\n  dynamic "or_statement" {\n', 'deep'],
  ['{"resource":{"aws_wafv2_web_acl":{"x":{"rule":{"statement":{"not_statement":{"statement":{}}}}}}}}', 'deep'],
  ['{"type":"aws_wafv2_web_acl","rule":[{"statement":[{"and_statement": [ {"statement":[]}]}]}]}', 'deep'],
  ['{"type":"aws_wafv2_web_acl","rule":[{"statement":[{"and_statement":[],"or_statement":null}]}]}', 'flat'],
  ['resource "aws_wafv2_web_acl" "x" { rule { statement { geo_match_statement {} } } }', 'flat'],
  ['resource "aws_vpc" "x" { and_statement {} }', 'flat'],
])('%s is served a schema that is %s', (text, depth) => {
  put('main.tf', text);
  expect(usedTypes({ environment: {}, directory: dir, command: ['terraform', 'plan'], known: true }, 'aws', undefined)?.depth).toBe(depth);
});

test('an answer is cut down to the wanted types and keeps everything else', () => {
  const field = (number: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([(number << 3) | 2, body.length]), body]);
  const entry = (number: number, name: string): Buffer =>
    field(number, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from('schema'))]));
  const provider = field(1, Buffer.from('provider'));
  const whole = Buffer.concat([
    provider,
    entry(2, 'aws_vpc'),
    entry(2, 'aws_eip'),
    entry(3, 'aws_vpc'),
    field(6, Buffer.from('capabilities')),
  ]);
  const index = indexAnswer(whole);
  const other = indexAnswer(
    Buffer.concat([provider, field(2, Buffer.concat([field(1, Buffer.from('aws_eip')), field(2, Buffer.from('flat'))]))]),
  );
  expect(index.only(new Set(['aws_vpc', 'aws_eip']), other).toString('latin1')).toMatch(/^(?=.*flat)(?=.*aws_vpc)/s);
  expect(index.only(new Set(['aws_eip']), other).includes('schema')).toBe(false);
  expect(index.only(new Set(['aws_vpc', 'aws_none']))).toEqual(
    Buffer.concat([provider, field(6, Buffer.from('capabilities')), entry(2, 'aws_vpc'), entry(3, 'aws_vpc')]),
  );
});

test('texts come out of a zip archive as they went in', () => {
  expect(
    zipTexts(
      zipFile([
        { name: 'a', bytes: Buffer.from('one'), mode: 0o644 },
        { name: 'b', bytes: Buffer.from('two'.repeat(100)), mode: 0o644 },
      ]),
    ),
  ).toEqual(['one', 'two'.repeat(100)]);
});
