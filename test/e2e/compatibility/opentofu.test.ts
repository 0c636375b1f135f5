import { afterAll, beforeAll, expect } from '@jest/globals';

import { withStateLock } from '../../../terrace/state/lock/with-state-lock';
import { inOrder } from '../../_helpers/in-order';
import { scratchProject, succeeded, words, type ScratchProject } from '../../_helpers/scratch-project';
import { roadOfAChange } from '../../_helpers/road-of-a-change';
import { makeStateBackend, testAccount } from '../../_helpers/state-backend';
import { tool } from '../../_helpers/tools';
import { toolTrio, type ToolName, type TreeTool } from '../../_helpers/tool-trio';
import { whereAvailable } from '../../_helpers/where-available';

const test = inOrder();

const kms = 'olechka/dev/eu-central-1/security/kms';
const vpc = 'olechka/dev/eu-central-1/network/vpc';

/** The same tree with OpenTofu in the place of terraform; states are not shared between the two, which name their registries differently. */
whereAvailable(
  'tofu',
  (tofu) => {
    let project: ScratchProject;
    let env: NodeJS.ProcessEnv;
    let tools: Readonly<Record<ToolName, TreeTool>>;

    beforeAll(async () => {
      project = scratchProject();
      succeeded(await project.terrace(['synth', kms, vpc]));
      env = await project.sandbox(testAccount);
      await makeStateBackend(env);
      tools = toolTrio(project, tool('terragrunt') ?? 'terragrunt', env, tofu);
    }, 600_000);

    afterAll(() => project.dispose());

    test('what OpenTofu applies, terragrunt and cdktf see unchanged', async () => {
      succeeded(await tools.terraform.apply(kms));
      succeeded(await tools.terraform.apply(vpc));
      for (const name of ['terragrunt', 'cdktf'] as const)
        expect([name, await tools[name].plan(vpc)]).toEqual([name, expect.objectContaining({ result: 'no changes' })]);
      expect(await project.terrace(['state', 'verify', kms, vpc], env)).toMatchObject({ code: 0 });
      succeeded(await tools.terragrunt.destroy(vpc));
      expect((await tools.terraform.plan(vpc)).result).toBe('changes');
    }, 600_000);

    test('OpenTofu is refused while Terrace holds the lock', async () => {
      const unit = project.model().units.find(({ path }) => path === kms);
      if (unit === undefined) throw new Error(`no unit ${kms}`);
      const refused = await withStateLock(unit, 'terrace test', () => tools.terraform.apply(kms), { env });
      expect([refused.code, words(refused)]).toEqual([1, expect.stringContaining('Error acquiring the state lock')]);
    }, 600_000);

    test('a change goes from plan to apply with OpenTofu, and the plan names it', async () => {
      const own = { ...env, TERRAFORM_BINARY_NAME: tofu };
      const planned = succeeded(await project.terrace(['plan', kms, '--out', `${project.root}/.terrace/tofu`], own));
      expect(words(planned)).toMatch(/, tofu \d+\.\d+\.\d+, expires /);
      expect((await roadOfAChange(process.execPath, { ...process.env, TERRAFORM_BINARY_NAME: tofu })).output).toMatch(/Tests: .* 3 passed/);
    }, 600_000);
  },
  { optional: true },
);
