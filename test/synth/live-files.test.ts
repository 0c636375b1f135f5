import { expect, test } from '@jest/globals';

import { synthesizeInMemory } from '../../terrace/synth/synthesize';
import type { AccountValues } from '../../terrace/tree/values';
import { demoProject, inTemporaryFolder } from '../_helpers/demo-project';

/** Texts of the demo system's HCL files by their paths. */
async function hclOf(account: Partial<AccountValues>): Promise<Readonly<Record<string, string>>> {
  return inTemporaryFolder(async (scratch) => {
    const project = demoProject({ account });
    const { files } = await synthesizeInMemory(project, { root: scratch, selectors: [], scratch, commit: null, dirty: false });
    return Object.fromEntries(
      files.live.filter(({ path }) => path.endsWith('.hcl')).map(({ path, content }) => [path, content.toString('utf8')]),
    );
  });
}

test('root.hcl assumes the role that an environment names in its account.hcl, so that one shell runs over several accounts', async () => {
  const files = await hclOf({ credentials: { kind: 'role', roleArn: 'arn:aws:iam::123456789012:role/deployer' } });
  expect(files['demo/root.hcl']).toMatch(/^iam_role = lookup\(local\.account_vars\.locals, "iam_role", ""\)$/m);
  expect(files['demo/dev/account.hcl']).toMatch(/^ *iam_role += "arn:aws:iam::123456789012:role\/deployer"$/m);
});

test('without a role in the source nobody is assumed: not for a profile, not for what the shell has, not for the default', async () => {
  for (const account of [{}, { credentials: { kind: 'ambient' } }, { credentials: { kind: 'profile', profile: 'dev' } }] as const) {
    const files = await hclOf(account);
    expect(Object.entries(files).filter(([, text]) => text.includes('iam_role'))).toEqual([]);
  }
});
