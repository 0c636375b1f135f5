import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { awsStates } from '../../../terrace/delivery/record/states';
import { projectRoot } from '../../_helpers/project-root';
import { openShop, type Shop } from '../../_helpers/shop';
import { reads, shopModel, shopPath, type ShopUnit } from '../../_helpers/shop-tree';
import { terraceCli } from '../../_helpers/terrace-cli';

/** What terraform gets and nobody may read. None of it is in the source: secrets come as variables, from providers and from other states. */
const canaries = {
  token: 'canary-value-7f3a91',
  owner: 'canary-tag-7f3b92',
  name: 'canary-name-7f3c93',
  key: 'canary-key-7f3d94',
};

const requiredProviders = {
  aws: { source: 'hashicorp/aws', version: '6.25.0' },
  random: { source: 'hashicorp/random', version: '3.7.2' },
};
const aws = { region: 'eu-central-1', allowed_account_ids: ['123456789012'] };
const variables = Object.keys(canaries).map((name) => ({
  name,
  type: 'string',
  sensitive: true,
  required: true,
  description: 'Set by hand',
}));
const variable = Object.fromEntries(Object.keys(canaries).map((name) => [name, { type: 'string', sensitive: true }]));

function secretive(version: string): readonly ShopUnit[] {
  const store: ShopUnit = {
    id: 'secret/store',
    variables,
    outputs: [{ name: 'password', sensitive: true }, { name: 'generated', sensitive: true }, { name: 'parameter' }],
    json: {
      terraform: { required_providers: requiredProviders },
      provider: { aws },
      variable,
      resource: {
        random_password: { generated: { length: 24, special: false } },
        aws_ssm_parameter: {
          held: { name: '/shop/held', type: 'SecureString', value: '${var.token}', tags: { Owner: '${var.owner}', Version: version } },
          named: { name: '/shop/${var.name}', type: 'SecureString', value: '${random_password.generated.result}' },
        },
        terraform_data: {
          nested: { input: { deep: [{ token: 'prefix-${var.token}-suffix', tags: { Owner: '${var.owner}' } }], version } },
          keyed: { input: `\${zipmap([var.key], ["${version}"])}` },
        },
      },
      output: {
        password: { value: '${var.key}', sensitive: true },
        generated: { value: '${random_password.generated.result}', sensitive: true },
        parameter: { value: '${aws_ssm_parameter.held.name}' },
      },
    },
  };
  const reader: ShopUnit = {
    id: 'secret/reader',
    reads: { 'secret/store': ['password', 'generated', 'parameter'] },
    json: {
      terraform: { required_providers: { aws: requiredProviders.aws } },
      provider: { aws },
      data: { aws_ssm_parameter: { held: { name: reads('secret/store', 'parameter') } } },
      resource: {
        terraform_data: {
          taken: {
            input: {
              password: reads('secret/store', 'password'),
              note: `uses ${reads('secret/store', 'generated')} here`,
              looked_up: '${sensitive(data.aws_ssm_parameter.held.value)}',
              version,
            },
          },
        },
      },
    },
  };
  const failing: ShopUnit = {
    id: 'secret/failing',
    variables: variables.slice(0, 1),
    json: {
      variable: { token: { type: 'string' } },
      resource: {
        terraform_data: { broken: { input: version, provisioner: [{ 'local-exec': { command: 'echo with ${var.token} >&2; exit 3' } }] } },
      },
    },
  };
  const marked: ShopUnit = {
    ...failing,
    id: 'secret/marked',
    json: { ...failing.json, variable: { token: { type: 'string', sensitive: true } } },
  };
  return [store, reader, failing, marked];
}

let shop: Shop;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  shop = await openShop();
  env = { ...shop.env, ...Object.fromEntries(Object.entries(canaries).map(([name, value]) => [`TF_VAR_${name}`, value])) };
}, 600_000);
afterAll(() => shop.dispose());

/** Everything that was printed, by the command. */
const printed = new Map<string, string>();

async function run(accepted: readonly number[], ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await terraceCli(args, env);
  printed.set(`terrace ${args.join(' ')}`, `${stdout}\n${stderr}`);
  if (!accepted.includes(code ?? -1)) throw new Error(`terrace ${args.join(' ')} ended with ${String(code)}\n${stdout}\n${stderr}`);
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

const rounds = { folder: () => shop.at('out'), bundle: (number: number) => shop.at('out', `round-${number}`) };

/** Plans, approves and applies; everything that happens goes into a file too. */
async function carryOut(number: number, between: () => Promise<void> = async () => undefined): Promise<void> {
  const place = rounds.bundle(number);
  const events = ['--events', path.join(rounds.folder(), `events-${number}.jsonl`)];
  mkdirSync(rounds.folder(), { recursive: true });
  await run([0], 'plan', '--tree', shop.at('live'), '--out', place, '--round', String(number), ...events);
  await between();
  await run([0], 'approve', place, '--comment', 'read');
  await run([1], 'apply', place, '--json', ...events);
}

/** Everything that shows a bundle. */
async function show(place: string): Promise<void> {
  const policies = ['--policies', path.join(projectRoot, 'policies')];
  const file = (name: string): string => path.join(rounds.folder(), name);
  await run([0], 'bundle', 'show', place);
  await run([0], 'bundle', 'show', place, '--json');
  await run([0], 'review', place);
  await run(
    [0],
    'review',
    place,
    '--html',
    file('review.html'),
    '--markdown',
    file('review.md'),
    '--sarif',
    file('review.sarif'),
    '--json',
    file('review.json'),
    ...policies,
  );
  await run([0, 3], 'policy', 'check', place, '--json', ...policies);
  await run([3], 'verify', place);
}

test('G9: canaries in names, tags, values, keys and data sources stand in nothing that is shown, logged, sealed in clear or recorded', async () => {
  const logs = path.join(projectRoot, '.terrace', 'logs', shopPath('secret/store'), '..');
  shop.write(secretive('v1'));
  await carryOut(1);
  await carryOut(2);
  shop.write(secretive('v2'));
  await carryOut(3, () => show(rounds.bundle(3)));
  for (const args of [['status'], ['status', '--json']]) await run([0], ...args, '--tree', shop.at('live'));
  for (const form of ['--json', '--markdown']) await run([0], 'drift', form, '--tree', shop.at('live'));

  const model = shopModel(secretive('v2'));
  const states = await Promise.all(model.units.map((unit) => awsStates.read(unit, env)));
  const generated = states
    .flatMap((state) => (state === undefined ? [] : [state.outputs['generated']?.value]))
    .find((value) => typeof value === 'string');
  const all = JSON.stringify(states.map((state) => state?.text));
  for (const canary of Object.values(canaries)) expect([canary, all.includes(canary)]).toEqual([canary, true]);
  expect(all).toContain(`uses ${String(generated)} here`);
  const reader = states[model.units.findIndex((unit) => unit.path === shopPath('secret/reader'))]?.text;
  expect([reader?.includes(canaries.token), reader?.includes(canaries.key)]).toEqual([true, true]);

  const records = await Promise.all(model.units.map((unit) => awsStates.readRecord(unit, env)));
  const places = new Map([
    ...printed,
    ...[...filesBelow(shop.at('out')), ...filesBelow(shop.at('live')), ...filesBelow(logs)]
      .filter((file) => !file.endsWith('.age'))
      .map((file) => [file, readFileSync(file, 'utf8')] as const),
    ['records', JSON.stringify(records)],
  ]);
  const names = [...places.keys()];
  for (const kind of [
    /bundle\.json$/,
    /plan\.masked\.json$/,
    /files\/main\.tf\.json$/,
    /review\.(html|md|sarif|json)$/,
    /\.jsonl$/,
    /store\.log$/,
    /failing\.log$/,
    /\.dsse\.json$/,
  ])
    expect([String(kind), names.some((name) => kind.test(name))]).toEqual([String(kind), true]);
  const leaks = names.flatMap((name) =>
    [...Object.values(canaries), String(generated)].flatMap((canary) =>
      places.get(name)?.includes(canary) === true ? [`${canary} in ${name}`] : [],
    ),
  );
  expect(leaks).toEqual([]);
}, 600_000);
