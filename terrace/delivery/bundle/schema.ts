type Schema = { readonly [keyword: string]: unknown };

const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer', minimum: 0 };
const digest: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const instant: Schema = { type: 'string', format: 'date-time' };
const unitPath: Schema = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){4}$' };
const filePath: Schema = { type: 'string', pattern: '^(?!/)(?!.*(^|/)\\.\\.?(/|$))[^\\\\\\u0000]+$' };

/** An object with exactly these properties; those named in `optional` may be absent. */
export function exactly(properties: { readonly [name: string]: Schema }, optional: readonly string[] = []): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    properties,
  };
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

export function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

const file = exactly({ sha256: digest, size: count });

/** The unit as `synth.json` describes it. */
export const unitModelSchema: Schema = exactly(
  {
    path: unitPath,
    system: text,
    environment: text,
    region: text,
    layer: text,
    name: text,
    stackId: text,
    wave: count,
    dependencies: listOf(exactly({ unit: unitPath, outputs: listOf(text), remoteState: text })),
    outputs: listOf(
      exactly({
        name: text,
        type: { enum: ['string', 'number', 'bool', 'list(string)', 'list(number)', 'map(string)', 'any'] },
        sensitive: { type: 'boolean' },
        mock: {},
      }),
    ),
    variables: listOf(
      exactly({ name: text, type: text, sensitive: { type: 'boolean' }, required: { type: 'boolean' }, description: text }),
    ),
    backend: exactly({ bucket: text, key: text, region: text, kmsKeyId: text, dynamodbTable: text, useLockfile: { type: 'boolean' } }, [
      'dynamodbTable',
    ]),
    awsRegion: text,
    bootstrap: { type: 'boolean' },
    appliedByBootstrap: { type: 'boolean' },
    movedFrom: text,
  },
  ['awsRegion', 'movedFrom'],
);

const unit = exactly({
  unit: unitModelSchema,
  environment: exactly({
    stateAccount: { type: 'string', pattern: '^[0-9]{12}$' },
    credentials: {
      anyOf: [
        exactly({ kind: { const: 'ambient' } }),
        exactly({ kind: { const: 'profile' }, profile: text }),
        exactly({ kind: { const: 'role' }, roleArn: text }),
      ],
    },
  }),
  operation: { enum: ['apply', 'destroy'] },
  after: listOf(unitPath),
  files: listOf(exactly({ path: filePath, sha256: digest, size: count })),
  meaning: digest,
  lockFile: orNull(digest),
  state: exactly({ lineage: orNull(text), serial: count }),
  consumed: listOf(exactly({ unit: unitPath, lineage: orNull(text), outputs: listOf(text), digest })),
  plan: orNull(file),
  show: file,
  redacted: file,
  sealed: file,
  actions: exactly({
    create: count,
    update: count,
    replace: count,
    destroy: count,
    read: count,
    import: count,
    move: count,
    forget: count,
    outputs: count,
  }),
  unchanged: { type: 'boolean' },
  mocks: listOf(exactly({ unit: unitPath, output: text, local: text })),
});

/** JSON Schema of `bundle.json`; published as docs/schemas/bundle.v1.json. */
export const bundleSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:terrace:schema:bundle:1',
  title: 'Terrace bundle',
  description:
    'Saved plans of one wave, sealed with what they were made from. The bytes are the canonical form (RFC 8785) of this document.',
  ...exactly({
    format: { const: 'terrace-bundle' },
    version: { const: 1 },
    commit: orNull({ type: 'string', pattern: '^[0-9a-f]{40}([0-9a-f]{24})?$' }),
    dirty: { type: 'boolean' },
    authors: listOf(text),
    rules: orNull(exactly({ base: text, files: listOf(text) })),
    terraform: exactly({ name: { enum: ['terraform', 'tofu'] }, version: text }),
    createdAt: instant,
    expiresAt: instant,
    wave: { type: 'integer', minimum: 1 },
    shard: orNull(exactly({ index: { type: 'integer', minimum: 1 }, count: { type: 'integer', minimum: 1 } })),
    selection: digest,
    units: listOf(unit),
    deferred: listOf(exactly({ unit: unitPath, reason: text, upstream: unitPath, outputs: listOf(text) })),
    failed: listOf(exactly({ unit: unitPath, error: text })),
  }),
};
