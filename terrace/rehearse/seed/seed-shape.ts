import { randomBytes } from 'node:crypto';

import { keyedDigest } from '../../base/canonical';
import { TerraceError } from '../../base/errors';
import { isObject, type Json } from '../../base/json';
import type { AppliedRecord } from '../../delivery/record/record';
import { consumedValues } from '../../terraform/remote-states';
import { recordKey } from '../../state/applied-record';
import { digestOf } from '../../state/state-file';
import type { Seeding } from '../../sandbox/seeding/seeding';
import { asObject, asString, type JsonObject } from '../../state/lossless-json';
import { oneLine, plainJson, type Shape, type ShapedRecord, type ShapedResource, type ShapedUnit } from '../shape/shape';

/** A resource of a shape that the simulated clouds cannot hold, or a data source whose answer they cannot give. */
export interface Unseeded {
  readonly unit: string;
  readonly address: string;
  readonly type: string;
  readonly reason: string;
}

/** An attribute that was made one-way of a secret, or may have been. */
export interface DerivedAttribute {
  readonly unit: string;
  readonly address: string;
  /** Dotted, without indices. */
  readonly attribute: string;
}

/** What a seed put into a sandbox. */
export interface SeedReport {
  readonly units: number;
  readonly resources: number;
  readonly unseeded: readonly Unseeded[];
  /** What resources would have brought with them and did not. */
  readonly incomplete: readonly string[];
}

/**
 * Writes a shape into the folder of a sandbox: the clouds' objects with their children, then states with the sandbox's mark, digests and
 * records, so that units plan as they did where the shape was taken. What cannot be seeded is in no state, and named. Raises E9503 where a
 * state stands already.
 */
export async function seedShape(seeding: Seeding, shape: Shape): Promise<SeedReport> {
  const standing = shape.units.filter(({ backend }) => seeding.hasObject(backend.bucket, backend.key));
  if (standing.length > 0)
    throw new TerraceError({
      code: 'E9503',
      title: 'sandbox is not empty',
      place: standing.map(({ unit }) => unit).join(', '),
      found: 'these units already have states',
      todo: 'empty it (npx --no terrace sandbox reset), or seed a fork: npx --no terrace sandbox fork --empty',
    });
  const units = new Map(shape.units.map((unit) => [unit.unit, unit]));
  const unseeded: Unseeded[] = [];
  const instances = new Map<string, PlacedInstance[]>();
  let resources = 0;
  for (const resource of shape.resources) {
    const unit = units.get(resource.unit);
    const placed = unit === undefined ? 'the shape has no such unit' : placeOne(seeding, unit, resource);
    if (typeof placed === 'string') {
      unseeded.push({ unit: resource.unit, address: resource.address, type: resource.type, reason: placed });
      continue;
    }
    resources += 1;
    const own = instances.get(resource.unit) ?? [];
    own.push(placed);
    instances.set(resource.unit, own);
  }
  for (const unit of shape.units)
    for (const [address, lookup] of Object.entries(unit.lookups)) {
      const reason = answerOne(seeding, unit, asObject(lookup) ?? {});
      if (reason !== undefined) unseeded.push({ unit: unit.unit, address, type: asString(asObject(lookup)?.['type']) ?? '', reason });
    }
  const incomplete = await seeding.settle();
  const outputs = new Map(shape.units.map((unit) => [unit.unit, outputValues(unit)]));
  for (const unit of shape.units) {
    const text = stateTextOf(unit, instances.get(unit.unit) ?? []);
    write(seeding, unit, unit.backend.key, text);
    const { dynamodbTable, region, bucket, key } = unit.backend;
    if (dynamodbTable !== null)
      seeding.digest(dynamodbTable, region, accountIn(bucket) ?? unit.account, `${bucket}/${key}-md5`, digestOf(text));
    if (unit.record !== null) write(seeding, unit, recordKey(key), `${JSON.stringify(recordOf(unit, unit.record, outputs, units))}\n`);
  }
  return { units: shape.units.length, resources, unseeded, incomplete };
}

/** A resource in a state: its block without instances, and one instance. */
interface PlacedInstance {
  readonly block: JsonObject;
  readonly instance: Readonly<Record<string, unknown>>;
}

/** A resource as it stands in the seeded state; a text says why the simulated cloud cannot hold it. */
function placeOne(seeding: Seeding, unit: ShapedUnit, resource: ShapedResource): PlacedInstance | string {
  const { index_key, dependencies, sensitive_attributes, status, create_before_destroy, deposed, ...named } = resource.state;
  const block: JsonObject = { mode: 'managed', type: resource.type, provider: resource.provider, ...named };
  const kept: JsonObject = Object.fromEntries(
    Object.entries({ index_key, dependencies, sensitive_attributes, status, create_before_destroy, deposed }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  if (resource.provider.includes('terraform.io/builtin/terraform'))
    return { block, instance: { schema_version: 0, attributes: resource.attributes, ...kept } };
  const placed = seeding.place({
    type: resource.type,
    account: unit.account,
    config: providerConfig(unit, resource.provider),
    attributes: plainJson(resource.attributes),
  });
  if (typeof placed === 'string') return placed;
  return {
    block,
    instance: {
      schema_version: placed.schemaVersion,
      attributes: placed.attributes,
      ...kept,
      private: placed.private,
    },
  };
}

/** What a data source answered where the shape was taken; a text says why the simulated cloud cannot give that. */
function answerOne(seeding: Seeding, unit: ShapedUnit, lookup: JsonObject): string | undefined {
  return seeding.answer({
    type: asString(lookup['type']) ?? '',
    account: unit.account,
    config: providerConfig(unit, asString(lookup['provider']) ?? ''),
    attributes: plainJson(lookup['attributes'] ?? {}),
  });
}

/** The provider block behind `provider["registry.terraform.io/hashicorp/aws"].alias`, with the unit's variables in it. */
function providerConfig(unit: ShapedUnit, address: string): Readonly<Record<string, unknown>> {
  const [, source = '', alias] = /provider\["([^"]+)"\](?:\.([\w-]+))?$/.exec(address) ?? [];
  const name = source.split('/').at(-1) ?? '';
  const providers = plainJson(unit.providers);
  const blocks = isObject(providers) ? Object.entries(providers).filter(([key]) => name === key || name.endsWith(`-${key}`)) : [];
  const all: readonly unknown[] = blocks.flatMap(([, body]) => (Array.isArray(body) ? body : [body]));
  const found = all.find((one) => isObject(one) && one['alias'] === alias) ?? {};
  const resolved = withVariables(found, unit.variables);
  if (!isObject(resolved)) return {};
  const { alias: _alias, version: _version, ...config } = resolved;
  return config;
}

/** References become the variable's value, or nothing: where a resource lies does not depend on a token. */
function withVariables(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    const name = /^\$\{var\.([\w-]+)\}$/.exec(value)?.[1];
    if (name !== undefined) return variables[name] ?? null;
    return value.includes('${') ? null : value;
  }
  if (Array.isArray(value)) return value.map((one) => withVariables(one, variables));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withVariables(one, variables)])) : value;
}

function stateTextOf(unit: ShapedUnit, placed: readonly PlacedInstance[]): string {
  const blocks = new Map<string, { readonly block: JsonObject; readonly instances: PlacedInstance['instance'][] }>();
  for (const { block, instance } of placed) {
    const key = oneLine(['module', 'type', 'name', 'provider'].map((name) => asString(block[name]) ?? ''));
    const known = blocks.get(key);
    if (known === undefined) blocks.set(key, { block, instances: [instance] });
    else known.instances.push(instance);
  }
  const resources = [...blocks.values()].map(({ block, instances }) => ({ ...block, instances }));
  return `${oneLine({
    version: 4,
    terraform_version: unit.terraform,
    serial: unit.serial,
    lineage: unit.lineage,
    outputs: unit.outputs,
    resources,
    check_results: null,
  })}\n`;
}

function write(seeding: Seeding, unit: ShapedUnit, key: string, body: string): void {
  const { bucket, region, kmsKeyId } = unit.backend;
  seeding.put({ bucket, region, account: accountIn(bucket) ?? unit.account, key, body, ...(kmsKeyId === null ? {} : { kmsKeyId }) });
}

/** The account in a bucket's name. */
function accountIn(bucket: string): string | undefined {
  return /(?<!\d)\d{12}(?!\d)/.exec(bucket)?.[0];
}

type Values = { readonly [name: string]: Json };

function outputValues({ outputs }: ShapedUnit): Values {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => [name, plainJson(asObject(output)?.['value'] ?? null) as Json]),
  );
}

/** The record with digests of what is seeded: one of an upstream that had changed since fits nothing. */
function recordOf(
  unit: ShapedUnit,
  record: ShapedRecord,
  outputs: ReadonlyMap<string, Values>,
  units: ReadonlyMap<string, ShapedUnit>,
): AppliedRecord {
  const salt = randomBytes(32);
  const { status, commit, files, bundle, round, serial, at, terraform, consumed } = record;
  return {
    version: 1,
    unit: unit.unit,
    status,
    commit,
    files,
    bundle,
    round,
    state: { lineage: unit.lineage, serial },
    consumed: consumed.map((input) => ({
      unit: input.unit,
      lineage: units.get(input.unit)?.lineage ?? null,
      outputs: input.outputs,
      digest: keyedDigest(salt, input.current ? consumedValues(outputs.get(input.unit) ?? {}, input.outputs) : { changed: true }),
    })),
    salt: salt.toString('hex'),
    at,
    terraform,
    ...(record.outputs === null ? {} : { outputs: record.outputs }),
    ...(record.protects === null ? {} : { protects: record.protects }),
    ...(record.variables === null ? {} : { variables: record.variables }),
  };
}
