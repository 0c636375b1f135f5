import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

import { expect, test } from '@jest/globals';

import type { AppliedRecord } from '../../../terrace/delivery/record/record';
import type { UnitModel } from '../../../terrace/model/model';
import { parseShape, plainJson, shapeText, type Shape } from '../../../terrace/rehearse/shape/shape';
import { takeShape, type ReadUnit } from '../../../terrace/rehearse/shape/take-shape';
import { parseState } from '../../../terrace/state/state-file';

const password = 'Canary-7Gq2-Zx"&<9';
const token = 'canarytoken0123456789abcdef';
const key = createHash('sha256').update('key of the tests').digest();

interface Given {
  readonly resources: readonly {
    readonly type: string;
    readonly config?: unknown;
    readonly attributes: object;
    readonly marks?: readonly string[];
  }[];
  readonly outputs?: object;
  readonly variables?: UnitModel['variables'];
  readonly env?: NodeJS.ProcessEnv;
  readonly path?: string;
  /** Optional variables that the record says were given. */
  readonly recorded?: readonly string[];
}

/** A record that says nothing of its own. */
const applied: AppliedRecord = {
  version: 1,
  unit: 'shop/prod/eu/data/db',
  status: 'applied',
  commit: null,
  files: 'a'.repeat(64),
  bundle: 'b'.repeat(64),
  round: 1,
  state: { lineage: 'b1e7', serial: 7 },
  consumed: [],
  salt: 'c'.repeat(64),
  at: '2026-11-30T00:00:00.000Z',
  terraform: 'terraform 1.11.4',
};

function read({ resources, outputs = {}, variables = [], env = {}, path = 'shop/prod/eu/data/db', recorded }: Given): ReadUnit {
  const [system = '', environment = '', region = '', layer = '', name = ''] = path.split('/');
  const unit: UnitModel = {
    path,
    system,
    environment,
    region,
    layer,
    name,
    stackId: path.replaceAll('/', '-'),
    wave: 0,
    dependencies: [],
    outputs: [],
    variables,
    backend: { bucket: 'states', key: `${path}.tfstate`, region: 'eu-central-1', useLockfile: true },
    bootstrap: false,
    appliedByBootstrap: false,
  };
  const state = {
    version: 4,
    terraform_version: '1.11.4',
    serial: 7,
    lineage: 'b1e7',
    outputs,
    resources: resources.map(({ type, attributes, marks = [] }, index) => ({
      mode: 'managed',
      type,
      name: `r${index}`,
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [
        {
          schema_version: 1,
          attributes,
          sensitive_attributes: marks.map((name_) => [{ type: 'get_attr', value: name_ }]),
          private: Buffer.from(`{"k":"${token}"}`).toString('base64'),
        },
      ],
    })),
  };
  const json: Record<string, Record<string, unknown>> = {};
  for (const [index, { type, config = {} }] of resources.entries()) json[type] = { ...json[type], [`r${index}`]: config };
  return {
    unit,
    account: '123456789012',
    state: parseState(JSON.stringify(state), path),
    record: recorded === undefined ? undefined : { ...applied, variables: recorded },
    changedUpstreams: new Set(),
    json: {
      resource: json,
      variable: Object.fromEntries(variables.map(({ name, required }) => [name, required ? {} : { default: null }])),
    },
    env,
  };
}

const shapeOf = (units: readonly ReadUnit[], sensitive: Readonly<Record<string, readonly string[]>> = {}): Shape =>
  takeShape(units, { key, sensitiveOf: (type) => sensitive[type] ?? [] }).shape;

/** Attributes of the n-th resource. */
const attributesOf = (shape: Shape, index: number): Record<string, unknown> =>
  plainJson(shape.resources[index]?.attributes ?? {}) as Record<string, unknown>;

test('what a state or a schema marks goes, wherever else it stands and in whatever encoding', () => {
  const shape = shapeOf(
    [
      read({
        resources: [
          { type: 'aws_db_instance', attributes: { id: 'db-1', password }, marks: ['password'] },
          {
            type: 'aws_ssm_parameter',
            attributes: {
              id: 'one',
              plain: `user=app;pw=${password};`,
              json: JSON.stringify({ inner: JSON.stringify({ password }) }),
              url: `https://host/?p=${encodeURIComponent(password)}`,
              base64: Buffer.from(`\u0001prefix ${password} suffix`).toString('base64'),
              twice: Buffer.from(Buffer.from(password).toString('base64')).toString('base64'),
              wide: Buffer.from(`net user app ${password}`, 'utf16le').toString('base64'),
              hex: Buffer.from(password).toString('hex'),
              zipped: gzipSync(`#cloud-config\npassword: ${password}\n`).toString('base64'),
              upper: password.toUpperCase(),
              nested: [{ deep: { [`key ${password}`]: 1 } }],
            },
          },
          { type: 'aws_x', attributes: { id: 'two', secret: { value: token } } },
        ],
      }),
    ],
    { aws_x: ['secret.value'] },
  );
  const text = shapeText(shape);
  const packed = [password, token].flatMap((secret) => [
    secret,
    secret.toUpperCase(),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64').slice(0, 12),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret, 'utf16le').toString('base64').slice(4, -4),
  ]);
  expect(packed.filter((form) => text.includes(form))).toEqual([]);
  const [, holder] = [attributesOf(shape, 0), attributesOf(shape, 1)];
  const other = String(attributesOf(shape, 0)['password']);
  expect(holder['plain']).toBe(`user=app;pw=${other};`);
  expect(JSON.parse(JSON.parse(String(holder['json'])).inner)).toEqual({ password: other });
  expect(decodeURIComponent(String(holder['url']).slice('https://host/?p='.length))).toBe(other);
  expect(Buffer.from(String(holder['base64']), 'base64').toString()).toBe(`\u0001prefix ${other} suffix`);
  expect(Buffer.from(Buffer.from(String(holder['twice']), 'base64').toString(), 'base64').toString()).toBe(other);
  expect(Buffer.from(String(holder['wide']), 'base64').toString('utf16le')).toBe(`net user app ${other}`);
  expect(Buffer.from(String(holder['hex']), 'hex').toString()).toBe(other);
  expect(gunzipSync(Buffer.from(String(holder['zipped']), 'base64')).toString()).toBe(`#cloud-config\npassword: ${other}\n`);
});

test('a random id that is used as a secret is the same stand-in in each of its writings', () => {
  const bytes = createHash('sha256').update('a random id').digest().subarray(0, 16);
  const hex = bytes.toString('hex');
  const writings = {
    hex,
    b64_std: bytes.toString('base64'),
    b64_url: bytes.toString('base64url'),
    dec: BigInt(`0x${hex}`).toString(),
  };
  const shape = shapeOf([
    read({
      resources: [
        { type: 'random_id', attributes: { id: writings.b64_url, ...writings } },
        { type: 'aws_db_instance', attributes: { id: 'db', password: hex }, marks: ['password'] },
      ],
    }),
  ]);
  const [id, database] = [attributesOf(shape, 0), attributesOf(shape, 1)].toSorted((a) => ('hex' in a ? -1 : 1));
  const other = Buffer.from(String(database?.['password']), 'hex');
  expect(other.equals(bytes)).toBe(false);
  expect(id).toEqual({
    id: other.toString('base64url'),
    hex: other.toString('hex'),
    b64_std: other.toString('base64'),
    b64_url: other.toString('base64url'),
    dec: BigInt(`0x${other.toString('hex')}`).toString(),
  });
});

test('a variable has the stand-in that stands where its value went, from the shell or from what the configuration says of it', () => {
  const variables: UnitModel['variables'] = [
    { name: 'password', type: 'string', sensitive: true, required: true, description: '' },
    { name: 'token', type: 'string', sensitive: true, required: true, description: '' },
    { name: 'domain', type: 'string', sensitive: false, required: true, description: '' },
  ];
  const shape = shapeOf([
    read({
      variables,
      env: { TF_VAR_password: password },
      resources: [
        { type: 'aws_a', config: { value: '${var.password}' }, attributes: { value: password } },
        {
          type: 'aws_b',
          config: { url: 'https://api.${var.domain}/?t=${var.token}' },
          attributes: { url: `https://api.shop.example/?t=${token}` },
        },
      ],
    }),
  ]);
  const given = shape.units[0]?.variables ?? {};
  expect(given['password']).toBe(attributesOf(shape, 0)['value']);
  expect(given['password']).not.toBe(password);
  expect(given['domain']).toBe('shop.example');
  expect(attributesOf(shape, 1)['url']).toBe(`https://api.shop.example/?t=${String(given['token'])}`);
  expect(shapeText(shape)).not.toContain(token);
});

test('a variable is what was applied, though a shell was given another value since; neither value is in the shape', () => {
  const variables: UnitModel['variables'] = [{ name: 'password', type: 'string', sensitive: true, required: true, description: '' }];
  const resources = [{ type: 'aws_a', config: { value: '${var.password}' }, attributes: { value: password } }];
  const shape = shapeOf([read({ variables, resources, env: { TF_VAR_password: token } })]);
  expect(shape.units[0]?.variables['password']).toBe(attributesOf(shape, 0)['value']);
  expect([password, token].filter((secret) => shapeText(shape).includes(secret))).toEqual([]);
});

test('an optional variable was given where the record says so, and where no record speaks of it where state or shell do', () => {
  const variables: UnitModel['variables'] = [{ name: 'channel', type: 'string', sensitive: false, required: false, description: '' }];
  const shown = [{ type: 'aws_a', config: { channel: '${var.channel}' }, attributes: { channel: 'C0123' } }];
  const hidden = [{ type: 'aws_a', config: { count: '${var.channel == null ? 0 : 1}' }, attributes: {} }];
  const env = { TF_VAR_channel: 'C9999' };
  const given = (one: Omit<Given, 'variables'>): unknown => shapeOf([read({ ...one, variables })]).units[0]?.variables['channel'];
  expect(given({ resources: hidden, env, recorded: [] })).toBeUndefined();
  expect(given({ resources: hidden, env, recorded: ['channel'] })).toBe('C9999');
  expect(given({ resources: shown, recorded: ['channel'] })).toBe('C0123');
  expect(given({ resources: shown })).toBe('C0123');
  expect(given({ resources: [{ ...shown[0], type: 'aws_a', attributes: { channel: null } }], env: {} })).toBeUndefined();
  expect(given({ resources: hidden, env })).toBe('C9999');
  expect(given({ resources: hidden })).toBeUndefined();
});

test('what nothing marks goes by its name and form, and names, ids and what the source says openly stay', () => {
  const kept = {
    id: 'sg-0a1b2c3d4e5f60718',
    arn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf',
    name: 'production-api-token-rotation',
    secret_arn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf',
    kms_key_id: '96a70e7f-9864-4ade-a1b7-c61eadfb5f46',
    engine_token: 'an-open-token-1',
    password_length: 32,
  };
  const shape = shapeOf([
    read({
      resources: [
        {
          type: 'aws_a',
          config: { engine_token: 'an-open-token-1' },
          attributes: {
            ...kept,
            api_key: 'k3y-8s9d7f6s9d8f7',
            note: 'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
            dsn: 'postgresql://app:s3cretW0rd@db.internal.example:5432/app',
          },
        },
      ],
    }),
  ]);
  const attributes = attributesOf(shape, 0);
  expect(attributes).toMatchObject(kept);
  expect(attributes['api_key']).not.toBe('k3y-8s9d7f6s9d8f7');
  expect(attributes['note']).not.toContain('16C7e42F292c6912E7710c838347Ae178B4a');
  expect(attributes['dsn']).toMatch(/^postgresql:\/\/app:[a-z]\d[a-z]{4}[A-Z]\d[a-z]{2}@db\.internal\.example:5432\/app$/);
});

test('secrets of outputs and of other units go in every unit alike', () => {
  const shape = shapeOf([
    read({ path: 'shop/prod/eu/data/db', resources: [], outputs: { password: { value: password, type: 'string', sensitive: true } } }),
    read({ path: 'shop/prod/eu/app/api', resources: [{ type: 'aws_a', attributes: { environment: { DB: `x${password}x` } } }] }),
  ]);
  const output = plainJson(shape.units.find(({ unit }) => unit.endsWith('/db'))?.outputs ?? {}) as { password: { value: string } };
  expect(attributesOf(shape, 0)['environment']).toEqual({ DB: `x${output.password.value}x` });
});

test('the text of a shape is the same whatever the order, holds a line a resource, keeps every digit, and is read again', async () => {
  const big = read({
    resources: [
      { type: 'aws_a', attributes: { id: 'a', serial: 1 } },
      { type: 'aws_b', attributes: { id: 'b' } },
    ],
  });
  const digits = parseState(big.state.text.replace('"serial":1', '"serial":123456789012345678901'), 'x');
  const other = read({ path: 'shop/prod/eu/app/api', resources: [] });
  const text = shapeText(shapeOf([{ ...big, state: digits }, other]));
  expect(shapeText(shapeOf([other, { ...big, state: digits }]))).toBe(text);
  expect(text.split('\n')).toHaveLength(1 + 1 + 2 + 1 + 1 + 2 + 1 + 1);
  expect(text).toContain('"serial":123456789012345678901');
  expect(shapeText(await parseShape(text, 'it'))).toBe(text);
  await expect(parseShape(text.replace('"version":1', '"version":2'), 'it')).rejects.toThrow(/E9501/);
});

test('attributes that are made one-way are named', () => {
  const digest = createHash('sha256').update(password).digest('hex');
  const shape = shapeOf([
    read({
      resources: [
        { type: 'aws_a', config: { checksum: '${sha256(var.password)}', other: '${var.x}' }, attributes: { checksum: digest, other: 'o' } },
        {
          type: 'aws_instance',
          config: { user_data: '${local.script}' },
          attributes: { user_data: createHash('sha1').update('x').digest('hex') },
        },
      ],
    }),
  ]);
  expect(shape.resources.map(({ derived }) => derived)).toEqual([['checksum'], ['user_data']]);
});
