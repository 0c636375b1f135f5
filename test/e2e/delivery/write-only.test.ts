import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { awsStates } from '../../../terrace/delivery/record/states';
import { labProject, labOf, type LabProject } from '../../_helpers/lab-project';
import type { LabUnits } from '../../_helpers/lab-types';
import { succeeded, words } from '../../_helpers/scratch-project';

const held = 'a-held-secret-7f3a91c2';

const units: LabUnits = {
  'storage/secrets': {
    variables: { held: true },
    json: {
      'provider.aws': { region: 'eu-central-1' },
      'provider.random': {},
      'terraform.required_providers': {
        aws: { source: 'hashicorp/aws', version: '6.25.0' },
        random: { source: 'hashicorp/random', version: '3.7.2' },
      },
      'resource.random_password': { made: { length: 24, special: false } },
      'resource.aws_secretsmanager_secret': { one: { name: 'lab/one', description: 'held' } },
      'resource.aws_secretsmanager_secret_version': {
        one: { secret_id: '${aws_secretsmanager_secret.one.arn}', secret_string: 'postgres://app:${random_password.made.result}@db/x' },
      },
      'resource.aws_ssm_parameter': { held: { name: '/lab/held', type: 'SecureString', value: '${var.held}' } },
    },
    outputs: { arn: '${aws_secretsmanager_secret.one.arn}' },
  },
};

let lab: LabProject;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  lab = await labProject(labOf(units, { secrets: 'write-only' }));
  env = { ...lab.env, TF_VAR_held: held };
}, 600_000);
afterAll(() => lab.dispose());

const at = (name: string): string => path.join(lab.root, '.terrace', name);

function textsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile() && !file.endsWith('.age'))
    .map((file) => readFileSync(file, 'utf8'));
}

test('G18: with write-only secrets a plan is made, approved and applied, and they stand in no state, no masked plan and no log', async () => {
  const printed: string[] = [];
  const place = at('bundle');
  for (const args of [
    ['plan', 'lab', '--out', place],
    ['approve', place],
    ['apply', place],
  ])
    printed.push(succeeded(await lab.terrace(args, env)).output);
  const unit = lab.model().units.find(({ path: one }) => one === lab.path('storage/secrets'));
  if (unit === undefined) throw new Error('no unit');
  const state = (await awsStates.read(unit, env))?.text ?? '';
  const kept: { readonly resources: readonly { readonly type: string; readonly mode: string }[] } = JSON.parse(state);
  expect(kept.resources.map(({ type }) => type).toSorted()).toEqual([
    'aws_secretsmanager_secret',
    'aws_secretsmanager_secret_version',
    'aws_ssm_parameter',
  ]);
  for (const text of [state, ...printed, ...['bundle', 'logs'].flatMap((name) => textsBelow(at(name)))])
    expect([text.includes(held), text.includes('postgres://app:') && !text.includes('ephemeral.random_password')]).toEqual([false, false]);
  const again = await lab.terrace(['plan', 'lab', '--out', at('again')], env);
  expect([again.code, words(again).includes('no changes')]).toEqual([0, true]);
}, 600_000);
