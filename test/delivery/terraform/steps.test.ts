import { expect, test } from '@jest/globals';

import { stepError } from '../../../terrace/delivery/terraform/terraform-steps';

const ended = (stderr: string, name = 'plan') =>
  stepError(
    { exitCode: 1, stdout: '', stderr, seconds: 1, interrupted: false, killedBy: null },
    { unit: 'shop/dev/eu-central-1/network/vpc', name, code: 'E6018', log: 'log' },
  );
const holder = `Error: Error acquiring the state lock

Error message: operation error DynamoDB: PutItem, ConditionalCheckFailedException: The conditional request failed
Lock Info:
  ID:        0f0f0f0f-1111-2222-3333-444444444444
  Path:      terraform-state/a/terraform.tfstate
  Operation: OperationTypeApply
  Who:       ana@laptop
  Version:   1.11.4
  Created:   2026-01-01 10:00:00.5 +0000 UTC
  Info:
`;
const refused = (words: string): string => `Error: Error acquiring the state lock\n\nError message: ${words}\n`;

test('a lock is held where the backend names its holder', () => {
  const error = ended(holder);
  expect([error.exitCode, error.problems[0]?.code]).toEqual([4, 'E4401']);
  expect(error.problems[0]?.found).toContain('ana@laptop');
});

test('its holder is read behind the frames and colours that some commands print without a terminal', () => {
  const coloured = holder.replaceAll(/^/gm, '\u001b[31m│\u001b[0m \u001b[0m');
  expect(ended(coloured, 'state').problems[0]).toMatchObject({ code: 'E4401', todo: expect.stringContaining('--id 0f0f0f0f') });
});

test.each([
  ['operation error DynamoDB: PutItem, https response error StatusCode: 400, api error AccessDeniedException: no', 'E4303'],
  ['operation error DynamoDB: PutItem, api error ThrottlingException: Rate exceeded', 'E4308'],
  ['operation error DynamoDB: PutItem, ResourceNotFoundException: Requested resource not found', 'E4305'],
  ['operation error S3: PutObject, api error RequestTimeTooSkewed: The difference', 'E4307'],
  ['operation error DynamoDB: PutItem, api error InvalidSignatureException: Signature\nexpired: 20260101T000000Z is now earlier', 'E4307'],
  ['operation error STS: AssumeRole, api error ExpiredToken: The security token included in the request is expired', 'E4301'],
  ['something that nobody has seen before', 'E4311'],
])('a lock that could not be taken is not called held: %s', (words, code) => {
  const error = ended(refused(words));
  expect([error.exitCode, error.problems[0]?.code]).toEqual([1, code]);
  expect(error.problems[0]?.found).toContain('nothing was changed');
});

test("a state that is not the one whose digest is recorded is said with Terrace's own command, not with terraform's advice", () => {
  const [problem] = ended(`Error: Error refreshing state: state data in S3 does not have the expected content.

The checksum calculated for the state stored in S3 does not match the checksum
stored in DynamoDB.
Calculated checksum: 448147b0
Stored checksum:     f863fbcc
`).problems;
  expect(problem).toMatchObject({ code: 'E4509', found: 'MD5 448147b0 of what is stored', expected: expect.stringContaining('f863fbcc') });
  expect(problem?.todo).toContain('terrace state digest ');
});

test('a full disk has its code in every step, and after an apply nobody says that nothing was changed', () => {
  expect(ended('write: no space left on device').problems[0]).toMatchObject({
    code: 'E6027',
    todo: expect.stringContaining('nothing was changed'),
  });
  const applied = ended('write: no space left on device', 'apply').problems[0];
  expect(applied).toMatchObject({ code: 'E6060', todo: expect.stringContaining('what was created before is in the state') });
});
