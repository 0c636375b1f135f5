import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { dynamodbClient, s3Client } from '../../../terrace/aws/clients';
import { findTerraform } from '../../../terrace/terraform/binary';
import { inOrder } from '../../_helpers/in-order';
import { temporaryFolder, testSandbox, type TestSandbox } from '../../_helpers/sandbox';
import { stateTarget, testAccount, testRegion } from '../../_helpers/state-backend';
import { optionalTool, runTool, tool } from '../../_helpers/tools';

const test = inOrder();

// A program that only tests need; with CI=true its absence is an error.
const terragrunt = tool('terragrunt');
const tofu = optionalTool('tofu');

const tree = temporaryFolder('terrace-terragrunt-');
const unit = path.join(tree, 'dev', testRegion, 'network', 'vpc');
const { bucket, dynamodbTable } = stateTarget(`dev/${testRegion}/network/vpc`).backend;
let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await testSandbox();
  mkdirSync(unit, { recursive: true });
  writeFileSync(
    path.join(tree, 'root.hcl'),
    `remote_state {
  backend = "s3"

  generate = {
    path      = "backend.tf"
    if_exists = "overwrite"
  }

  config = {
    bucket         = "${bucket}"
    key            = "\${path_relative_to_include()}/terraform.tfstate"
    region         = "${testRegion}"
    encrypt        = true
    dynamodb_table = "${dynamodbTable}"
  }
}
`,
  );
  writeFileSync(path.join(unit, 'terragrunt.hcl'), 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n');
  writeFileSync(path.join(unit, 'main.tf'), 'resource "terraform_data" "a" {\n  input = "x"\n}\n');
}, 600_000);
afterAll(async () => {
  await sandbox.dispose();
  rmSync(tree, { recursive: true, force: true });
});

test('what is left out without terragrunt is said', () => {
  const note = terragrunt === undefined ? 'left out: terragrunt in the sandbox, which is neither on PATH nor in the tool cache\n' : '';
  process.stderr.write(note);
  expect(note === '').toBe(terragrunt !== undefined);
});

if (terragrunt !== undefined) {
  test('terragrunt makes bucket and table through the API, and terraform and OpenTofu share the state in them', async () => {
    const env = sandbox.env({ account: testAccount });
    const run = (binary: string, ...args: readonly string[]) =>
      runTool(terragrunt, [...args, '--non-interactive', '--no-color'], { cwd: unit, env: { ...env, TG_TF_PATH: binary } });
    const terraform = (await findTerraform()).path;

    expect(run(terraform, 'backend', 'bootstrap')).toMatchObject({ code: 0 });
    const [s3, dynamodb] = [await s3Client(testRegion, env), await dynamodbClient(testRegion, env)];
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status).toBe('Enabled');
    expect((await dynamodb.send(new DescribeTableCommand({ TableName: dynamodbTable }))).Table?.TableStatus).toBe('ACTIVE');
    s3.destroy();
    dynamodb.destroy();

    expect(run(terraform, 'apply', '-auto-approve')).toMatchObject({ code: 0, output: expect.stringContaining('1 added') });
    expect(run(terraform, 'plan', '-detailed-exitcode')).toMatchObject({ code: 0 });
    expect(run(tofu ?? terraform, 'plan', '-detailed-exitcode')).toMatchObject({ code: 0, output: expect.stringContaining('No changes') });
  }, 600_000);
}
