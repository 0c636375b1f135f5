import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { findTerraform } from '../../../terrace/terraform/binary';
import { scratchProject, succeeded, type ScratchProject } from '../../_helpers/scratch-project';
import { makeShopBackend } from '../../_helpers/shop-tree';
import { Terragrunt } from '../../_helpers/terragrunt';
import { whereAvailable } from '../../_helpers/where-available';

const accounts = { dev: '123456789012', production: '345678901234', staging: '234567890123' } as const;
const source = `import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { DataResource } from 'cdktf';
import { declareOutputs, Environment, Region, System, text, Unit, type Project, type TreeApp } from 'terrace';

const outputs = declareOutputs({ account: text('0') });
class WhoUnit extends Unit<typeof outputs> {
  constructor(region: Region, id: string) {
    super(region, id, outputs);
    new AwsProvider(this, 'aws', { region: 'eu-central-1' });
    this.outputs({ account: new DataAwsCallerIdentity(this, 'self').accountId });
  }
}
class NoteUnit extends Unit {
  constructor(region: Region, id: string) {
    super(region, id, {});
    new DataResource(this, 'note').addOverride('input', this.dependency(region.unit(WhoUnit)).account);
  }
}
const accounts = ${JSON.stringify(accounts)};
const wide = (app: TreeApp): System => {
  const system = new System(app, { system: 'wide', project: 'wide' });
  for (const [environment, id] of Object.entries(accounts)) {
    const credentials = { kind: 'role', roleArn: \`arn:aws:iam::\${id}:role/deploy\` } as const;
    const one = new Environment(system, { environment, account: { id, name: environment, credentials } });
    new Region(one, { region: 'eu-central-1', awsRegion: 'eu-central-1' }, { 'base/who': WhoUnit, 'base/note': NoteUnit });
  }
  return system;
};
export const project: Project = { systems: { wide: async () => wide } };
`;

whereAvailable('terragrunt', (file) => {
  let project: ScratchProject;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    project = scratchProject();
    writeFileSync(path.join(project.root, 'main.ts'), source);
    for (const account of Object.values(accounts)) await makeShopBackend(await project.sandbox(account), account);
    env = await project.sandbox(accounts.dev);
    succeeded(await project.terrace(['synth', 'wide']));
  }, 600_000);
  afterAll(() => project.dispose());

  test('one shell applies the units of three accounts by `run --all`, each with the role that its account names', async () => {
    const terragrunt = new Terragrunt(file, env, (await findTerraform()).path);
    const run = await terragrunt.run(project.unit('wide'), [
      'run',
      '--all',
      '--parallelism',
      '2',
      '--',
      'apply',
      '-input=false',
      '-auto-approve',
    ]);
    succeeded(run);
    for (const [environment, account] of Object.entries(accounts)) {
      const unit = `wide/${environment}/eu-central-1/base`;
      expect(readFileSync(path.join(project.unit(`wide/${environment}`), 'account.hcl'), 'utf8')).toContain(
        `iam_role         = "arn:aws:iam::${account}:role/deploy"`,
      );
      // The states lie in the account's own bucket, which nobody else may read.
      const own = await project.sandbox(account);
      const pulled = async (name: string) => JSON.parse(succeeded(await project.terrace(['state', 'pull', `${unit}/${name}`], own)).stdout);
      const { outputs } = await pulled('who');
      expect(outputs.account.value).toBe(account);
      const { resources }: { readonly resources: readonly { readonly type: string; readonly instances: readonly object[] }[] } =
        await pulled('note');
      expect(resources.find(({ type }) => type === 'terraform_data')?.instances[0]).toMatchObject({
        attributes: { input: { value: account } },
      });
    }
  });
});
