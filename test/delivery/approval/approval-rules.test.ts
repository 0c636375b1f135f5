import { expect, test } from '@jest/globals';

import { newSigningKey, privateKeyFrom, publicKeyFrom } from '../../../terrace/delivery/approval/keys';
import { parsePolicy } from '../../../terrace/delivery/approval/approval-rules';
import { parseEnvelope } from '../../../terrace/delivery/approval/envelope';

const key = newSigningKey();
const policy = {
  version: 1,
  keys: [{ identity: 'ana@example.com', publicKey: key.publicPem }],
  environments: { 'shop/*': { approvals: 1, approvers: ['ana@example.com'] } },
};

test('a policy is read', async () => {
  expect(await parsePolicy(JSON.stringify(policy), 'main:terrace.approvals.json')).toEqual(policy);
});

test.each<[string, unknown, string]>([
  ['no JSON', undefined, 'not JSON'],
  ['another version', { ...policy, version: 2 }, '/version'],
  ['an unknown setting', { ...policy, environments: { '*': { approvals: 1, approvers: [], approvres: [] } } }, 'approvres'],
  ['no approvals at all', { ...policy, environments: { '*': { approvals: 0, approvers: [] } } }, '/approvals must be >= 1'],
  [
    'an approver without a key',
    { ...policy, environments: { '*': { approvals: 1, approvers: ['bob@example.com'] } } },
    'bob@example.com has neither key nor login',
  ],
  ['a pattern of another form', { ...policy, environments: { 'shop/dev/eu': { approvals: 1, approvers: [] } } }, '/environments'],
  [
    'an unknown time zone',
    {
      ...policy,
      environments: {
        '*': { approvals: 1, approvers: [], freeze: [{ days: ['sat'], start: '00:00', end: '00:00', timeZone: 'Mars/Base', reason: 'x' }] },
      },
    },
    'Mars/Base',
  ],
  [
    'one key of two people',
    { ...policy, keys: [...policy.keys, { identity: 'bob@example.com', publicKey: key.publicPem }] },
    'one key belongs to both',
  ],
])('a policy with %s is E6013 and ends with 3', async (_name, value, text) => {
  const error: unknown = await parsePolicy(value === undefined ? '{' : JSON.stringify(value), 'policy').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ exitCode: 3, problems: [{ code: 'E6013' }] });
  expect(String(error)).toContain(text);
});

test('rules in which something stands twice are E6013: a reader would see one of them, and the other would count', async () => {
  const text = JSON.stringify(policy).replace('"version":1', '"version":1,"keys":[]');
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(policy)));
  await expect(parsePolicy(text, 'policy')).rejects.toThrow('the key "keys" occurs twice');
});

test('keys of another kind are E6031', async () => {
  const { generateKeyPairSync } = await import('node:crypto');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(() => privateKeyFrom(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'key.pem')).toThrow('a key of type rsa');
  expect(() => privateKeyFrom('nonsense', 'key.pem')).toThrow('E6031');
  expect(() => publicKeyFrom(key.privatePem, 'policy')).toThrow('this is a private key');
});

test.each([
  '{',
  '[]',
  '{"payloadType":"text/plain","payload":"","signatures":[]}',
  '{"payloadType":"application/vnd.in-toto+json","payload":"","signatures":[{}]}',
])('%s is no envelope', (text) => {
  expect(() => parseEnvelope(text, 'a.dsse.json')).toThrow('E6017');
});
