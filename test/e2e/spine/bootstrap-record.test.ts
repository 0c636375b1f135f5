import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';

let project: ScratchProject;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  project = scratchProject();
  env = await project.sandbox('123456789012');
}, 600_000);
afterAll(() => project.dispose());

test('after a bootstrap, status calls its units current, and affected does not select them', async () => {
  succeeded(await project.terrace(['backend', 'bootstrap', 'olechka/dev'], env));
  const unit = 'olechka/dev/global/iam/github-oidc';
  const status = await project.terrace(['status', 'olechka/dev', '--json'], env);
  const { units }: { readonly units: readonly { readonly unit: string }[] } = JSON.parse(status.stdout);
  expect(units.find((one) => one.unit === unit)).toMatchObject({ status: 'current', reasons: [] });
  const affected = succeeded(await project.terrace(['affected', '--base', 'applied', 'olechka/dev', '--json'], env));
  const selected = JSON.parse(affected.stdout).units.map((one: { readonly unit: string }) => one.unit);
  expect([selected.includes(unit), selected.length > 10]).toEqual([false, true]);
}, 600_000);
