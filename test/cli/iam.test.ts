import { spawnSync } from 'node:child_process';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { projectRoot } from '../_helpers/project-root';
import { wholeOlechka } from '../stacks/olechka/tree';

function iam(...args: readonly string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(projectRoot, 'terrace', 'bin', 'terrace.js'), 'iam', ...args], {
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

test('the printed policies are those that the unit of the roles attaches', async () => {
  const tree = await wholeOlechka();
  for (const [role, name] of [
    ['plan', 'github-actions-plan-role'],
    ['apply', 'github-actions-role'],
  ] as const) {
    const printed: { readonly version: number; readonly policies: readonly string[] } = JSON.parse(
      iam('olechka/staging', '--role', role, '--json').stdout,
    );
    expect(printed.version).toBe(1);
    const attached = tree
      .resources('aws_iam_policy', 'staging/global/iam/github-oidc')
      .filter(({ attrs }) => new RegExp(`^${name}-part-`).test(attrs.name));
    expect(attached.map(({ attrs }) => attrs.policy)).toEqual(printed.policies);
  }
}, 600_000);

test('people get one document', () => {
  const { code, stdout } = iam('olechka/dev', '--role', 'apply');
  expect(code).toBe(0);
  const document: { readonly Version: string; readonly Statement: readonly { readonly Sid: string; readonly Effect: string }[] } =
    JSON.parse(stdout);
  expect(document.Version).toBe('2012-10-17');
  expect(document.Statement[0]).toMatchObject({ Sid: 'KeepOwnRoles', Effect: 'Deny' });
});

test.each([
  [['olechka', '--role', 'plan'], 64, 'E0401 not an environment'],
  [['olechka/dev/eu-central-1', '--role', 'plan'], 64, 'E0401 not an environment'],
  [['olechka/produktion', '--role', 'plan'], 64, 'did you mean olechka/production?'],
  [['olechka/dev', '--role', 'admin'], 64, 'Allowed choices are plan, apply'],
  [['olechka/dev'], 64, "required option '--role <role>' not specified"],
] as const)('%j ends with %d and says %s', (args, code, message) => {
  const outcome = iam(...args);
  expect([outcome.code, outcome.stdout]).toEqual([code, '']);
  expect(outcome.stderr).toContain(message);
});
