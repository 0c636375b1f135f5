import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { recordKey, stateKeyBeside } from '../../terrace/state/applied-record';
import { backendOf, defaultNames, nameProblems, type BackendNames } from '../../terrace/state/backend-names';
import { backendBeside } from '../../terrace/state/state-beside';
import { keyPrefixOf, keyTemplateOf, pathOfKey, stateKeyOf } from '../../terrace/state/state-key';

const place = { account: '123456789012', region: 'eu-central-1', system: 'demo', environment: 'dev' };
const unit = 'demo/dev/eu-central-1/network/vpc';
const backend = (names: Partial<BackendNames> = {}, keyPrefix = '') =>
  backendOf({ names: { ...defaultNames, ...names }, keyPrefix, place, unit, lock: 'dynamodb' });

test('without settings a backend has the names of Terrace, and no template of its own', () => {
  expect(backend({}, 'a/')).toEqual({
    bucket: 'terraform-state-123456789012-eu-central-1',
    key: 'a/dev/eu-central-1/network/vpc/terraform.tfstate',
    region: 'eu-central-1',
    kmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:alias/terraform-state',
    dynamodbTable: 'terraform-locks-123456789012',
    useLockfile: false,
  });
});

test('each name has its placeholders filled, the key those of the path', () => {
  const names = {
    bucket: '{system}-{environment}',
    lockTable: 'locks-{region}',
    key: '{layer}/{unit}.tfstate',
    encryption: 'sse-s3',
  } as const;
  expect(backend(names, 'a/')).toEqual({
    bucket: 'demo-dev',
    key: 'a/network/vpc.tfstate',
    region: 'eu-central-1',
    dynamodbTable: 'locks-eu-central-1',
    useLockfile: false,
    keyTemplate: 'a/{layer}/{unit}.tfstate',
  });
  expect(backend({ encryption: 'arn:aws:kms:{region}:{account}:key/mrk-1' }).kmsKeyId).toBe(
    'arn:aws:kms:eu-central-1:123456789012:key/mrk-1',
  );
});

test.each<[Partial<BackendNames>, string]>([
  [{ bucket: 'With-Capitals' }, 'bucket'],
  [{ bucket: 'states-{stage}' }, 'bucket'],
  [{ lockTable: 'a b' }, 'lockTable'],
  [{ encryption: 'alias/aws/s3' }, 'encryption'],
  [{ encryption: 'arn:aws:s3:::x' }, 'encryption'],
  [{ key: '{environment}/terraform.tfstate' }, 'key'],
  [{ key: '/{unit}' }, 'key'],
  [{ key: '{unit}/{name}' }, 'key'],
])('%j is refused', (names, setting) => {
  expect(nameProblems({ ...defaultNames, ...names }).map((one) => one.setting)).toEqual([setting]);
});

test('the default names, and those with any placeholder, are none that are refused', () => {
  const names = { bucket: 'acme.{account}.{region}', lockTable: '{system}_{environment}', key: 'env:/{environment}/{layer}/{unit}' };
  expect([nameProblems(defaultNames), nameProblems({ ...defaultNames, ...names, encryption: 'alias/{system}/state' })]).toEqual([[], []]);
});

describe('keys and paths', () => {
  const segment = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
  const path = fc.tuple(segment, segment, segment, segment, segment).map((segments) => segments.join('/'));
  const template = fc.constantFrom(
    '{environment}/{region}/{layer}/{unit}/terraform.tfstate',
    'a/{environment}/{region}/{layer}/{unit}/terraform.tfstate',
    '{environment}/{layer}-{unit}.tfstate',
    'live/{unit}/{layer}',
  );
  test('a key tells the path it was made of, where the template has it, and its prefix', () => {
    fc.assert(
      fc.property(template, path, (form, of) => {
        const key = stateKeyOf(form, of);
        expect(pathOfKey(form, key, of)).toBe(of);
        expect(key.startsWith(keyPrefixOf(form, { environment: of.split('/')[1] ?? '' }))).toBe(true);
        expect(stateKeyBeside(recordKey(key))).toBe(key);
      }),
    );
  });

  test('a key of another form tells no path, nor does one that two paths could have', () => {
    expect(pathOfKey('{environment}/{unit}.tfstate', 'dev/vpc.json', unit)).toBeUndefined();
    expect(pathOfKey('{environment}/{unit}.tfstate', 'dev/a/vpc.tfstate', unit)).toBeUndefined();
    expect(pathOfKey('{layer}-{unit}.tfstate', 'a-b-c.tfstate', unit)).toBeUndefined();
    expect(pathOfKey('{unit}/{unit}', 'a/b', unit)).toBeUndefined();
  });

  test('the template of a unit is its own, or the usual one behind the prefix that its key has', () => {
    expect(keyTemplateOf({ path: unit, backend: backend({}, 'x/y/') })).toBe('x/y/{environment}/{region}/{layer}/{unit}/terraform.tfstate');
    expect(keyTemplateOf({ path: unit, backend: backend({ key: '{unit}.tfstate' }, 'x/') })).toBe('x/{unit}.tfstate');
    const other = backendBeside(
      { path: unit, backend: backend({ key: '{environment}/{layer}/{unit}' }) },
      'demo/dev/eu-central-1/compute/api',
    );
    expect(other.key).toBe('dev/compute/api');
  });

  test('records of states that share a folder have names of their own', () => {
    expect([recordKey('a/b/terraform.tfstate'), recordKey('a/b.tfstate'), recordKey('a/c.tfstate')]).toEqual([
      'a/b/applied.json',
      'a/b.tfstate.applied.json',
      'a/c.tfstate.applied.json',
    ]);
  });
});
