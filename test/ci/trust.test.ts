import { expect, test } from '@jest/globals';

import { jobTrust } from '../../terrace/ci/github/trust';

const ids = { id: 8, ownerId: 7 };

test('a repository without ids is trusted by its name, from the generated workflow at the protected branch', () => {
  expect(jobTrust({ name: 'acme/infra' }, 'production')).toEqual({
    subjects: ['repo:acme/infra:environment:production'],
    claims: { job_workflow_ref: 'acme/infra/.github/workflows/_round.yml@refs/heads/main' },
  });
});

test('a repository with ids is trusted by them alone, and by its number', () => {
  expect(jobTrust({ name: 'acme/infra', ...ids }, 'dev-plan', 'live')).toEqual({
    subjects: ['repo:acme@7/infra@8:environment:dev-plan'],
    claims: { job_workflow_ref: 'acme/infra/.github/workflows/_round.yml@refs/heads/live', repository_id: '8' },
  });
});

test('both forms are trusted only while a repository migrates', () => {
  expect(jobTrust({ name: 'acme/infra', ...ids, subjects: 'migrating' }, 'dev').subjects).toEqual([
    'repo:acme@7/infra@8:environment:dev',
    'repo:acme/infra:environment:dev',
  ]);
  expect(jobTrust({ name: 'acme/infra', ...ids, subjects: 'names' }, 'dev').subjects).toEqual(['repo:acme/infra:environment:dev']);
});

test.each(['', 'else', 'a/b/c', 'someone/*', '*/else', 'someone/else:*', '-a/b'])('the repository %p is refused', (name) => {
  expect(() => jobTrust({ name }, 'dev')).toThrow('E2211 malformed repository');
});

test.each([{ id: 0, ownerId: 7 }, { id: 1.5, ownerId: 7 }, { subjects: 'immutable' as const }, { id: 8, subjects: 'migrating' as const }])(
  'ids that are missing or no numbers are refused: %j',
  (given) => {
    expect(() => jobTrust({ name: 'acme/infra', ...given }, 'dev')).toThrow('E2211 malformed repository');
  },
);
