import { isObject } from '../../base/json';
import type { UnitModel } from '../../model/model';
import { instancesOf, formatAddress } from '../../state/resource-address';
import { asList, asObject, asString, JsonNumber, type JsonObject } from '../../state/lossless-json';
import type { StateFile } from '../../state/state-file';
import type { AppliedRecord } from '../../delivery/record/record';
import { derivedIn } from './derived';
import { isDoubtful } from './doubt';
import { givenVariables, type Configured, type GivenVariables } from './given-variables';
import { markedPaths, type Marks } from './leaves';
import { replacingBy, type Replacing } from './replacing';
import { secretsIn, sourceTexts, type Examined, type SourceTexts } from './secrets-of';
import { plainJson, type Shape, type ShapedRecord, type ShapedResource, type ShapedUnit } from './shape';
import { standInsBy, type StandIn } from './stand-in';
import { lossless, withoutNulls, withoutSecrets } from './without-secrets';

/** What was read of one unit. */
export interface ReadUnit {
  readonly unit: UnitModel;
  readonly account: string;
  readonly state: StateFile;
  readonly record: AppliedRecord | undefined;
  /** Upstreams of the record whose outputs are no longer those that were consumed. */
  readonly changedUpstreams: ReadonlySet<string>;
  /** Its `main.tf.json`, parsed. */
  readonly json: unknown;
  /** Variables of the shell that its terraform would have. */
  readonly env: NodeJS.ProcessEnv;
}

export interface ShapeOptions {
  /** Key of the stand-ins: the same key gives the same ones. */
  readonly key: Uint8Array;
  /** Dotted names of attributes that a provider's schema calls sensitive, by type. */
  readonly sensitiveOf: (type: string) => readonly string[];
  /** States of units that were not asked for, which the units read: what they call sensitive is secret here too. @default none */
  readonly upstreams?: readonly StateFile[];
}

interface Opened extends ReadUnit {
  readonly source: SourceTexts;
  readonly variables: GivenVariables;
  readonly resources: readonly OpenedResource[];
}

interface OpenedResource {
  readonly block: JsonObject;
  readonly instance: JsonObject;
  readonly address: string;
  readonly config: unknown;
  readonly attributes: unknown;
  readonly marks: Marks;
}

/** A shape, and how many secrets have a stand-in in it. */
export interface TakenShape {
  readonly shape: Shape;
  readonly secrets: number;
}

/** The shape of what was read: units and resources with a stand-in in the place of every secret. Pure. */
export function takeShape(read: readonly ReadUnit[], options: ShapeOptions): TakenShape {
  const units = read.map((one) => open(one, options));
  const standIn = standInsBy(options.key);
  const replacing = replacingBy(secretsIn([...units.flatMap(examinedOf), ...(options.upstreams ?? []).flatMap(examinedUpstream)]), standIn);
  const ordered = units.toSorted((a, b) => (a.unit.path < b.unit.path ? -1 : 1));
  const shape: Shape = {
    version: 1,
    units: ordered.map((one) => shapedUnit(one, replacing, standIn)),
    resources: ordered.flatMap((one) =>
      one.resources
        .filter(({ block }) => block['mode'] === 'managed')
        .map((resource) => shapedResource(one, resource, replacing, standIn))
        .toSorted((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0)),
    ),
  };
  return { shape, secrets: replacing.size };
}

function open(read: ReadUnit, { sensitiveOf }: ShapeOptions): Opened {
  const resources = asList(read.state.json['resources'])
    .map(asObject)
    .filter((block) => block !== undefined)
    .flatMap((block) =>
      instancesOf(block).map(({ address, instance }): OpenedResource => {
        const type = asString(block['type']) ?? '';
        return {
          block,
          instance,
          address: formatAddress(address),
          config: address.module === '' ? configOf(read.json, block) : undefined,
          attributes: plainJson(instance['attributes'] ?? {}),
          marks: { paths: markedPaths(plainJson(instance['sensitive_attributes'] ?? [])), names: new Set(sensitiveOf(type)) },
        };
      }),
    )
    // What another state gave is read again at each plan; its secrets are that state's.
    .filter(({ block }) => block['type'] !== 'terraform_remote_state');
  const configured: readonly Configured[] = [
    ...resources.map(({ config, attributes }) => ({ config, value: attributes })),
    ...Object.entries(membersOf(membersOf(read.json)['output'])).map(([name, body]) => ({
      config: membersOf(body)['value'],
      value: membersOf(plainJson(asObject(read.state.json['outputs'])?.[name] ?? {}))['value'],
    })),
  ];
  return { ...read, source: sourceTexts(read.json), variables: givenVariables(read, configured), resources };
}

function configOf(json: unknown, block: JsonObject): unknown {
  const kind = block['mode'] === 'data' ? 'data' : 'resource';
  const body: unknown = membersOf(membersOf(membersOf(json)[kind])[asString(block['type']) ?? ''])[asString(block['name']) ?? ''];
  return Array.isArray(body) ? body[0] : body;
}

function membersOf(value: unknown): { readonly [name: string]: unknown } {
  return isObject(value) ? value : {};
}

const nothingMarked: Marks = { paths: [], names: new Set() };

function examinedOf({ unit, variables, resources, state, source, env }: Opened): readonly Examined[] {
  return [
    ...[...variables].map(([name, value]): Examined => ({
      value,
      name,
      marks: isSensitiveVariable(unit, name) ? true : nothingMarked,
      given: true,
      source,
    })),
    // Of a value that was changed since, both are secrets.
    ...unit.variables.flatMap(({ name, sensitive }): readonly Examined[] => {
      const value = env[`TF_VAR_${name}`];
      return value === undefined || !sensitive ? [] : [{ value, name, marks: true, given: true, source }];
    }),
    ...resources.map(({ attributes, marks }): Examined => ({ value: attributes, marks, source })),
    ...outputsOf(state).map(([name, value, sensitive]): Examined => ({ value, name, marks: sensitive ? true : nothingMarked, source })),
  ];
}

function examinedUpstream(state: StateFile): readonly Examined[] {
  const source: SourceTexts = { literals: new Set(), text: '' };
  return outputsOf(state).flatMap(([name, value, sensitive]) => (sensitive ? [{ value, name, marks: true, source } as const] : []));
}

function outputsOf(state: StateFile): readonly (readonly [string, unknown, boolean])[] {
  return Object.entries(asObject(state.json['outputs']) ?? {}).map(([name, raw]) => {
    const output = asObject(raw) ?? {};
    return [name, plainJson(output['value'] ?? null), output['sensitive'] === true];
  });
}

function isSensitiveVariable(unit: UnitModel, name: string): boolean {
  return unit.variables.some((variable) => variable.name === name && variable.sensitive);
}

function shapedUnit(one: Opened, replacing: Replacing, standIn: StandIn): ShapedUnit {
  const { unit, state } = one;
  const { backend } = unit;
  const outputs = Object.entries(asObject(state.json['outputs']) ?? {}).map(([name, raw]) => {
    const output = asObject(raw) ?? {};
    const sensitive = output['sensitive'] === true;
    return [
      name,
      { ...output, value: withoutSecrets(output['value'] ?? null, sensitive ? everything : nothingMarked, one.source, replacing, standIn) },
    ] as const;
  });
  const lookups = one.resources
    .filter(({ block }) => block['mode'] === 'data')
    .map(({ address, block, instance, marks }) => [
      address,
      {
        type: block['type'] ?? null,
        provider: block['provider'] ?? null,
        attributes: withoutSecrets(instance['attributes'] ?? {}, marks, one.source, replacing, standIn),
      },
    ]);
  return {
    unit: unit.path,
    account: one.account,
    backend: {
      bucket: backend.bucket,
      key: backend.key,
      region: backend.region,
      kmsKeyId: backend.kmsKeyId ?? null,
      dynamodbTable: backend.dynamodbTable ?? null,
      useLockfile: backend.useLockfile,
    },
    lineage: state.lineage,
    serial: state.serial,
    terraform: state.terraformVersion,
    record: one.record === undefined ? null : shapedRecord(one.record, one.changedUpstreams),
    outputs: Object.fromEntries(outputs),
    variables: Object.fromEntries(
      [...one.variables]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => [name, variableText(name, value, isSensitiveVariable(unit, name), replacing, standIn)]),
    ),
    providers: asObject(lossless(membersOf(one.json)['provider'] ?? {})) ?? {},
    lookups: Object.fromEntries(lookups),
  };
}

const everything: Marks = { paths: [[]], names: new Set() };

function variableText(name: string, value: unknown, sensitive: boolean, replacing: Replacing, standIn: StandIn): string {
  if (typeof value !== 'string') return JSON.stringify(plainJson(replacing.value(lossless(value))));
  const replaced = replacing.text(value);
  return replaced === value && (sensitive || isDoubtful(name, value)) && value.length < 4 ? standIn(value) : replaced;
}

function shapedRecord(record: AppliedRecord, changed: ReadonlySet<string>): ShapedRecord {
  const { status, commit, files, bundle, round, at, terraform } = record;
  return {
    status,
    commit,
    files,
    bundle,
    round,
    at,
    terraform,
    serial: record.state.serial,
    consumed: record.consumed.map(({ unit, outputs }) => ({ unit, outputs, current: !changed.has(unit) })),
    outputs: record.outputs ?? null,
    protects: record.protects ?? null,
    variables: record.variables ?? null,
  };
}

function shapedResource(one: Opened, resource: OpenedResource, replacing: Replacing, standIn: StandIn): ShapedResource {
  const { block, instance, marks, config, attributes } = resource;
  const {
    attributes: _attributes,
    private: _private,
    schema_version: _schema,
    identity: _identity,
    identity_schema_version: _version,
    ...kept
  } = instance;
  const { instances: _instances, mode: _mode, provider, type, ...named } = block;
  const replaced = asObject(withoutSecrets(instance['attributes'] ?? {}, marks, one.source, replacing, standIn)) ?? {};
  const id = replaced['id'];
  return {
    unit: one.unit.path,
    address: addressWithout(resource, replacing),
    type: asString(type) ?? '',
    provider: asString(provider) ?? '',
    id: typeof id === 'string' ? id : id instanceof JsonNumber ? id.text : null,
    attributes: isBuiltin(asString(provider)) ? replaced : withoutNulls(replaced),
    state: keptWithout({ ...named, ...kept }, replacing),
    derived: derivedIn(config, attributes),
  };
}

/** Names come from the source; keys of instances may be anything. */
function keptWithout({ index_key, ...names }: JsonObject, replacing: Replacing): JsonObject {
  return index_key === undefined ? names : { ...names, index_key: replacing.value(index_key) };
}

function addressWithout({ address, instance }: OpenedResource, replacing: Replacing): string {
  const key = instance['index_key'];
  if (typeof key !== 'string') return address;
  const written = JSON.stringify(key);
  return `${address.slice(0, -written.length - 1)}${JSON.stringify(replacing.text(key))}]`;
}

/** Its states are read as they are; those of every other provider go through its schema, for which an absent member is null. */
function isBuiltin(provider = ''): boolean {
  return provider.includes('terraform.io/builtin/terraform');
}
