import type { UnitModel } from '../../model/model';

import type { Bundle } from './bundle';
import { remarkKinds } from './remark';
import { either, exactly, listOf, oneOf, only, orNull, text, type Schema } from './typed-schema';

const count: Schema<number> = { type: 'integer', minimum: 0 };
const flag: Schema<boolean> = { type: 'boolean' };
const digest: Schema<string> = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const instant: Schema<string> = { type: 'string', format: 'date-time' };
const unitPath: Schema<string> = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){4}$' };
const filePath: Schema<string> = { type: 'string', pattern: '^(?!/)(?!.*(^|/)\\.\\.?(/|$))[^\\\\\\u0000]+$' };
const account: Schema<string> = { type: 'string', pattern: '^[0-9]{12}$' };
const commit: Schema<string> = { type: 'string', pattern: '^[0-9a-f]{40}([0-9a-f]{24})?$' };
const ordinal: Schema<number> = { type: 'integer', minimum: 1 };
const anything: Schema<unknown> = {};

const file = exactly({ sha256: digest, size: count });

/** The unit as `synth.json` describes it. */
const unitModelSchema: Schema<UnitModel> = exactly(
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
        type: oneOf(['string', 'number', 'bool', 'list(string)', 'list(number)', 'map(string)', 'any']),
        sensitive: flag,
        mock: anything,
      }),
    ),
    variables: listOf(exactly({ name: text, type: text, sensitive: flag, required: flag, description: text })),
    backend: exactly({ bucket: text, key: text, region: text, kmsKeyId: text, dynamodbTable: text, useLockfile: flag, keyTemplate: text }, [
      'kmsKeyId',
      'dynamodbTable',
      'keyTemplate',
    ]),
    awsRegion: text,
    bootstrap: flag,
    appliedByBootstrap: flag,
    movedFrom: text,
    planned: flag,
    shared: flag,
  },
  ['awsRegion', 'movedFrom', 'planned', 'shared'],
);

const unit = exactly({
  unit: unitModelSchema,
  environment: exactly({
    stateAccount: account,
    credentials: either(
      exactly({ kind: only('ambient') }),
      exactly({ kind: only('profile'), profile: text }),
      exactly({ kind: only('role'), roleArn: text }),
    ),
  }),
  operation: oneOf(['apply', 'destroy']),
  after: listOf(unitPath),
  files: listOf(exactly({ path: filePath, sha256: digest, size: count })),
  contentDigest: digest,
  lockFile: orNull(digest),
  state: exactly({ lineage: orNull(text), serial: count }),
  consumed: listOf(exactly({ unit: unitPath, lineage: orNull(text), outputs: listOf(text), digest })),
  plan: orNull(file),
  show: file,
  masked: file,
  encrypted: file,
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
  unchanged: flag,
  mocks: listOf(exactly({ unit: unitPath, output: text, local: text })),
});

/** JSON Schema of `bundle.json`; published as docs/schemas/bundle.v1.json. */
export const bundleSchema: Schema<Bundle> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:terrace:schema:bundle:1',
  title: 'Terrace bundle',
  description:
    'Saved plans of one round, sealed with what they were made from. The bytes are the canonical form (RFC 8785) of this document.',
  ...exactly(
    {
      format: only('terrace-bundle'),
      version: only(1),
      commit: orNull(commit),
      dirty: flag,
      authors: listOf(text),
      rules: orNull(exactly({ base: text, files: listOf(text) })),
      terraform: exactly({ name: oneOf(['terraform', 'tofu']), version: text }),
      createdAt: instant,
      expiresAt: instant,
      round: ordinal,
      shard: orNull(exactly({ index: ordinal, count: ordinal })),
      selection: digest,
      units: listOf(unit),
      deferred: listOf(
        exactly(
          {
            unit: unitPath,
            reason: text,
            upstream: unitPath,
            outputs: listOf(text),
            source: exactly({ how: oneOf(['new', 'same', 'changes']), masked: orNull(file) }),
          },
          ['source'],
        ),
      ),
      failed: listOf(exactly({ unit: unitPath, error: text })),
      remarks: listOf(exactly({ kind: oneOf(remarkKinds), unit: unitPath, text })),
      covers: listOf(
        exactly({ environment: text, units: listOf(exactly({ unit: unitPath, files: digest })), artifacts: digest }, ['artifacts']),
      ),
      supersedes: commit,
    },
    ['remarks', 'covers', 'supersedes'],
  ),
};
