import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { runRego } from '../../terrace/policy/rego';
import type { PolicySource } from '../../terrace/policy/source';
import { planWith } from '../../terrace/policy/policy';
import { temporaryFolder } from '../_helpers/sandbox';

const rego: PolicySource = {
  place: 'made',
  files: new Map([
    [
      'regions.rego',
      'package terrace\n\nimport rego.v1\n\ndeny contains {"msg": m, "unit": u.path} if { some u in input.units; u.region == "us-west-2"; m := "a region nobody uses" }\n',
    ],
  ]),
};
const plan = planWith('shop/dev/us-west-2/network/vpc', 'aws_vpc.main', {});

/** A program of that name which prints the text and ends with the code, after it wrote down what it was given. */
function standIn(name: string, output: string, code = 0): { readonly env: NodeJS.ProcessEnv; readonly folder: string } {
  const folder = temporaryFolder('terrace-rego-test-');
  const file = path.join(folder, name);
  writeFileSync(
    file,
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/arguments'\n/usr/bin/env > '${folder}/environment'\ncat <<'END'\n${output}\nEND\nexit ${code}\n`,
  );
  chmodSync(file, 0o755);
  return { env: { PATH: `${folder}:/usr/bin:/bin`, AWS_SECRET_ACCESS_KEY: 'CANARY' }, folder };
}

test('conftest’s failures refuse and its warnings warn, with unit and address', async () => {
  const { env } = standIn(
    'conftest',
    JSON.stringify([
      {
        filename: 'plan.json',
        failures: [{ msg: 'a region nobody uses', metadata: { unit: 'shop/dev/us-west-2/network/vpc', address: 'aws_vpc.main' } }],
        warnings: [{ msg: 'hm' }],
      },
    ]),
    1,
  );
  expect(await runRego(rego, plan, env)).toMatchObject([
    { policy: 'rego', severity: 'deny', message: 'a region nobody uses', unit: 'shop/dev/us-west-2/network/vpc', address: 'aws_vpc.main' },
    { policy: 'rego', severity: 'warn', message: 'hm' },
  ]);
});

test('opa’s package terrace is read as texts or objects', async () => {
  const { env } = standIn(
    'opa',
    JSON.stringify({
      result: [{ expressions: [{ value: { deny: ['no', { msg: 'there', id: 'regions', unit: 'a/b/c/d/e' }], warn: [] } }] }],
    }),
  );
  expect(await runRego(rego, plan, env)).toMatchObject([
    { severity: 'deny', message: 'no' },
    { policy: 'regions', severity: 'deny', message: 'there', unit: 'a/b/c/d/e' },
  ]);
});

test('the program gets no credentials', async () => {
  const { env, folder } = standIn('conftest', '[]');
  await runRego(rego, plan, env);
  const { readFileSync } = await import('node:fs');
  expect(readFileSync(path.join(folder, 'environment'), 'utf8')).not.toContain('CANARY');
  expect(readFileSync(path.join(folder, 'arguments'), 'utf8')).toMatch(/--namespace\nterrace\n/);
});

test('without Rego files no program is asked for; with them and without a program the check refuses', async () => {
  expect(await runRego({ place: 'made', files: new Map([['a.ts', '']]) }, plan, { PATH: '/nowhere' })).toEqual([]);
  await expect(runRego(rego, plan, { PATH: '/nowhere' })).rejects.toThrow(/^E7104 no program for Rego/);
});

test('a program that fails, or prints something else, refuses', async () => {
  await expect(runRego(rego, plan, standIn('conftest', 'rego_parse_error', 2).env)).rejects.toThrow(/^E7105/);
  await expect(runRego(rego, plan, standIn('opa', '{}').env)).rejects.toThrow(/E7105[\s\S]*do not define the package terrace/);
});
