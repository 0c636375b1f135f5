import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../_helpers/in-order';
import { projectRoot } from '../_helpers/project-root';
import { run, scratchProject, succeeded, type ScratchProject } from '../_helpers/scratch-project';

const test = inOrder();

let project: ScratchProject;
beforeAll(() => {
  project = scratchProject({ checkout: true });
});
afterAll(() => project.dispose());

const system = 'stacks/olechka/system.ts';
const typeCheck = () =>
  run(process.execPath, [path.join(project.root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', '.'], {
    cwd: project.root,
    env: process.env,
  });

test('the unit of CONTRIBUTING.md compiles, and stands in the tree with its dependency', async () => {
  const guide = readFileSync(path.join(projectRoot, 'CONTRIBUTING.md'), 'utf8');
  const [, code = ''] = /```ts\n([^]*?)```/.exec(guide) ?? [];
  const source = code.replaceAll(/^ {3}/gm, '');
  const [, file = ''] = /^\/\/ (stacks\/\S+)/.exec(source) ?? [];
  writeFileSync(path.join(project.root, file), source);
  project.edit(system, 'import { EcrUnit }', "import { QueueUnit } from './units/compute/queue';\nimport { EcrUnit }");
  project.edit(system, "  'compute/ecr': EcrUnit,", "  'compute/ecr': EcrUnit,\n  'compute/queue': QueueUnit,");
  const { stdout } = succeeded(await project.terrace(['graph', 'olechka/dev/eu-central-1/compute/queue']));
  expect(stdout).toContain('olechka/dev/eu-central-1/compute/queue\n    needs olechka/dev/eu-central-1/security/kms (key_arn)');
  succeeded(await project.terrace(['synth', 'olechka/dev/eu-central-1/compute/queue']));
  const unit = JSON.parse(readFileSync(path.join(project.unit('olechka/dev/eu-central-1/compute/queue'), 'main.tf.json'), 'utf8'));
  expect(unit.resource.aws_sqs_queue.jobs.name).toBe('ai-tools-dev-eu-central-1-jobs');
}, 600_000);

test('an environment is added by the files that CONTRIBUTING.md names', async () => {
  const at = (...names: readonly string[]): string => path.join(project.root, 'stacks/olechka', ...names);
  mkdirSync(at('qa'));
  for (const name of ['account.ts', 'env.ts', 'global', 'eu-central-1']) cpSync(at('staging', name), at('qa', name), { recursive: true });
  project.edit('stacks/olechka/qa/account.ts', /id: '\d+'/, "id: '345678901234'");
  project.edit('stacks/olechka/qa/account.ts', "name: 'staging'", "name: 'qa'");
  project.edit('stacks/olechka/qa/env.ts', "environment: 'staging'", "environment: 'qa'");
  project.edit('stacks/olechka/qa/eu-central-1/region.ts', '10.10.0.0/16', '10.12.0.0/16');
  project.edit(
    system,
    'import { root }',
    "import { env as qa } from './qa/env';\nimport { region as qaEu } from './qa/eu-central-1/region';\nimport { region as qaGlobal } from './qa/global/region';\nimport { root }",
  );
  project.edit(system, '[dev, staging, production]', '[dev, staging, qa, production]');
  project.edit(system, '    [production, productionGlobal', '    [qa, qaGlobal, qaEu],\n    [production, productionGlobal');
  expect((await typeCheck()).stdout).toContain(`Type '"qa"' is not assignable`);
  project.edit('stacks/olechka/values.ts', "'dev' | 'staging'", "'dev' | 'staging' | 'qa'");
  succeeded(await typeCheck());
  succeeded(await project.terrace(['synth', 'olechka/qa']));
  expect(JSON.parse(succeeded(await project.terrace(['list', 'olechka/qa', '--json'])).stdout).units).toHaveLength(20);
  expect(readFileSync(project.unit('olechka/_envcommon/network.hcl'), 'utf8')).toContain('qa');
}, 600_000);
