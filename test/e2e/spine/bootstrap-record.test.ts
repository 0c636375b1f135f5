import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';

let project: ScratchProject;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  project = scratchProject();
  project.git('init', '--quiet', '--initial-branch=main');
  project.git('add', '--all');
  project.git('commit', '--quiet', '--message', 'base');
  env = await project.sandbox('123456789012');
}, 600_000);
afterAll(() => project.dispose());

test('after a bootstrap, status calls its units current, and affected does not select them', async () => {
  const made = succeeded(await project.terrace(['backend', 'bootstrap', 'olechka/dev', '--json'], env));
  expect(JSON.parse(made.stdout).accepted).toEqual({
    environment: 'olechka/dev',
    commit: project.git('rev-parse', 'HEAD'),
    outcome: 'set up',
  });
  const unit = 'olechka/dev/global/iam/github-oidc';
  const status = await project.terrace(['status', 'olechka/dev', '--json'], env);
  const { units, accepted }: { readonly units: readonly { readonly unit: string }[]; readonly accepted: unknown } = JSON.parse(
    status.stdout,
  );
  expect(accepted).toEqual([
    expect.objectContaining({ environment: 'olechka/dev', by: 'bootstrap', commit: project.git('rev-parse', 'HEAD') }),
  ]);
  expect(units.find((one) => one.unit === unit)).toMatchObject({ status: 'current', reasons: [] });
  const affected = succeeded(await project.terrace(['affected', '--base', 'applied', 'olechka/dev', '--json'], env));
  const selected = JSON.parse(affected.stdout).units.map((one: { readonly unit: string }) => one.unit);
  expect([selected.includes(unit), selected.length > 10]).toEqual([false, true]);
}, 600_000);
