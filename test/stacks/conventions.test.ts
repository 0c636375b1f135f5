import { beforeAll, expect, test } from '@jest/globals';

import { project } from '../../main';
import type { Model, UnitModel } from '../../terrace/model/model';
import { synthesizeInMemory } from '../../terrace/synth/synthesize';
import { inTemporaryFolder } from '../_helpers/demo-project';

interface Block {
  readonly [name: string]: unknown;
}
interface Json {
  readonly terraform: {
    readonly backend: { readonly s3: Block };
    readonly required_providers: Readonly<Record<string, { readonly source: string; readonly version: string }>>;
    readonly required_version: string;
  };
  readonly provider?: Readonly<Record<string, readonly Block[]>>;
  readonly data?: { readonly terraform_remote_state?: Readonly<Record<string, { readonly backend: string; readonly config: Block }>> };
  readonly variable?: Readonly<Record<string, { readonly default?: unknown; readonly sensitive?: boolean }>>;
  readonly output?: Readonly<Record<string, { readonly sensitive?: boolean }>>;
}

let model: Model;
let files: ReadonlyMap<string, string>;

beforeAll(async () => {
  await inTemporaryFolder(async (scratch) => {
    const result = await synthesizeInMemory(project, { root: process.cwd(), selectors: [], scratch, commit: null, dirty: false });
    model = result.tree.model;
    files = new Map(result.files.live.map((file) => [file.path, file.content.toString('utf8')]));
  });
}, 600_000);

const jsonOf = (unit: UnitModel): Json => JSON.parse(files.get(`${unit.path}/main.tf.json`) ?? '{}');
const textOf = (name: string): string => files.get(name) ?? '';
/** What is wrong, as sentences: an empty list is what a convention asks for. */
const wrong = (check: (unit: UnitModel, json: Json) => readonly string[]): readonly string[] =>
  model.units.flatMap((unit) => check(unit, jsonOf(unit)).map((text) => `${unit.path}: ${text}`));
const only = (condition: boolean, text: string): readonly string[] => (condition ? [] : [text]);

test('there are units to look at', () => expect(model.units.length).toBeGreaterThan(100));

test('each unit has its JSON and a terragrunt.hcl that includes root and names every unit whose state it reads', () => {
  expect(
    wrong((unit) => {
      const hcl = textOf(`${unit.path}/terragrunt.hcl`);
      const paths =
        /paths = \[([^\]]*)\]/
          .exec(hcl)?.[1]
          ?.match(/"([^"]+)"/g)
          ?.map((text) => new URL(text.slice(1, -1), `file:///${unit.path}/`).pathname.slice(1)) ?? [];
      return [
        ...only(hcl.includes('path = find_in_parent_folders("root.hcl")'), 'does not include root'),
        ...only(
          JSON.stringify([...paths].sort()) === JSON.stringify(unit.dependencies.map((dependency) => dependency.unit)),
          `names ${paths.join(', ')}`,
        ),
      ];
    }),
  ).toEqual([]);
});

test("the backend's values are literals of the unit's own place", () => {
  expect(
    wrong((unit, { terraform: { backend } }) => {
      const system = model.systems.find(({ name }) => name === unit.system);
      const account = system?.environments.find(({ name }) => name === unit.environment)?.stateAccount ?? '';
      const region = String(backend.s3['region']);
      return [
        ...only(/^\d{12}$/.test(account), `account ${account}`),
        ...only(backend.s3['bucket'] === `terraform-state-${account}-${region}`, `bucket ${String(backend.s3['bucket'])}`),
        ...only(
          backend.s3['key'] === `${system?.keyPrefix ?? ''}${unit.environment}/${unit.region}/${unit.layer}/${unit.name}/terraform.tfstate`,
          `key ${String(backend.s3['key'])}`,
        ),
        ...only(backend.s3['encrypt'] === true, 'is not encrypted'),
        ...only(
          backend.s3['kms_key_id'] === `arn:aws:kms:${region}:${account}:alias/terraform-state`,
          `kms_key_id ${String(backend.s3['kms_key_id'])}`,
        ),
        ...only(
          system?.lock === 's3' || backend.s3['dynamodb_table'] === `terraform-locks-${account}`,
          `table ${String(backend.s3['dynamodb_table'])}`,
        ),
      ];
    }),
  ).toEqual([]);
});

test('no two units share a bucket and a key', () => {
  const states = model.units.map(({ backend }) => `${backend.bucket}/${backend.key}`);
  expect(new Set(states).size).toBe(states.length);
});

test('a remote state has bucket, key and region of another unit, as literals, and nothing else', () => {
  const known = new Map(model.units.map((unit) => [`${unit.backend.bucket}/${unit.backend.key}`, unit]));
  expect(
    wrong((unit, { data }) =>
      Object.entries(data?.terraform_remote_state ?? {}).flatMap(([name, { backend, config }]) => {
        const owner = known.get(`${String(config['bucket'])}/${String(config['key'])}`);
        const inside = owner?.system === unit.system && owner.environment === unit.environment;
        return [
          ...only(
            backend === 's3' && JSON.stringify(Object.keys(config).sort()) === '["bucket","key","region"]',
            `${name} has ${Object.keys(config).join(', ')}`,
          ),
          ...only(owner !== undefined, `${name} reads a state that no unit writes`),
          ...only(owner?.backend.region === config['region'], `${name} has region ${String(config['region'])}`),
          ...only(inside || owner?.name === 'zone', `${name} reads ${owner?.path ?? '?'} of another environment`),
        ];
      }),
    ),
  ).toEqual([]);
});

test('every provider has a qualified source and an exact version', () => {
  expect(
    wrong((_, { terraform }) =>
      Object.entries(terraform.required_providers ?? {}).flatMap(([name, { source, version }]) => [
        ...only(/^[\w-]+\/[\w-]+$/i.test(source), `${name} has source ${source}`),
        ...only(/^\d+\.\d+\.\d+$/.test(version), `${name} has version ${version}`),
      ]),
    ),
  ).toEqual([]);
});

test("the default AWS provider works in the folder's region and in the state's account or its own, and no other", () => {
  expect(
    wrong((unit, { provider }) =>
      (provider?.['aws'] ?? []).flatMap((block) => [
        ...only(Array.isArray(block['allowed_account_ids']) && block['allowed_account_ids'].length === 1, 'has no allowed_account_ids'),
        ...(block['alias'] === undefined
          ? only(
              block['region'] ===
                /aws_region\s*= "([^"]+)"/.exec(textOf(`${unit.system}/${unit.environment}/${unit.region}/region.hcl`))?.[1],
              `has region ${String(block['region'])}`,
            )
          : []),
      ]),
    ),
  ).toEqual([]);
});

test('account.hcl, env.hcl and region.hcl hold the literals that root.hcl computes the backend from', () => {
  expect(
    wrong((unit) => {
      const account = textOf(`${unit.system}/${unit.environment}/account.hcl`);
      const region = textOf(`${unit.system}/${unit.environment}/${unit.region}/region.hcl`);
      return [
        ...only(
          unit.backend.bucket ===
            `terraform-state-${/state_account_id = "([^"]+)"/.exec(account)?.[1]}-${/state_region\s*= "([^"]+)"/.exec(region)?.[1]}`,
          'root.hcl computes another bucket',
        ),
        ...only(
          /environment = "([^"]+)"/.exec(textOf(`${unit.system}/${unit.environment}/env.hcl`))?.[1] === unit.environment,
          'env.hcl names another environment',
        ),
        ...only(/^\s*region\s*= "([^"]+)"/m.exec(region)?.[1] === unit.region, 'region.hcl names another region'),
        ...only(/account_id\s*= "[^"$]+"/.test(account), 'account.hcl has no account'),
      ];
    }),
  ).toEqual([]);
});

const secretName = /(?:^|_)(?:password|passwd|secret|token|private_key|api_key|webhook)(?:$|_)/;
/** Names that hold a secret's name or place, not the secret. */
const reference = /_(?:arn|arns|id|ids|name|names|path|version|url)$/;

test('nothing secret is a literal: variables and outputs named like a secret are sensitive, and such variables have no default', () => {
  expect(
    wrong((_, { variable, output }) => [
      ...Object.entries(variable ?? {}).flatMap(([name, block]) =>
        secretName.test(name) && !reference.test(name)
          ? [
              ...only(block.sensitive === true, `var.${name} is not sensitive`),
              ...only(!('default' in block) || block.default === null, `var.${name} has a default`),
            ]
          : [],
      ),
      ...Object.entries(output ?? {}).flatMap(([name, block]) =>
        secretName.test(name) && !reference.test(name) ? only(block.sensitive === true, `output ${name} is not sensitive`) : [],
      ),
    ]),
  ).toEqual([]);
});

test("no unit's JSON points outside its folder", () => {
  expect(
    wrong((unit) => only(!/"(?:\.\.\/|\/(?:home|root|tmp|work|Users)\/)/.test(textOf(`${unit.path}/main.tf.json`)), 'points outside')),
  ).toEqual([]);
});

test('no output of another stack is passed by cdktf itself', () => {
  expect([...files.values()].filter((text) => text.includes('cross-stack'))).toEqual([]);
});
