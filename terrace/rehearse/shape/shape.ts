import { exactly, listOf, mapOf, oneOf, only, orNull, published, text, type Schema } from '../../delivery/bundle/typed-schema';
import { readAs } from '../../delivery/bundle/validate';
import { TerraceError } from '../../base/errors';
import { messageOf } from '../../base/message';
import { asList, asObject, JsonNumber, parseLossless, type JsonObject, type LosslessJson } from '../../state/lossless-json';

/** What an apply read of one upstream, as far as a shape says it. */
export interface ShapedInput {
  readonly unit: string;
  readonly outputs: readonly string[];
  /** Whether the upstream still gave the same values when the shape was taken. */
  readonly current: boolean;
}

/** A record without its digests: those of secrets would betray them. */
export interface ShapedRecord {
  readonly status: 'applying' | 'applied' | 'failed' | 'destroyed';
  readonly commit: string | null;
  readonly files: string;
  readonly bundle: string;
  readonly round: number;
  readonly serial: number;
  readonly at: string;
  readonly terraform: string;
  readonly consumed: readonly ShapedInput[];
  readonly outputs: readonly string[] | null;
  readonly protects: readonly string[] | null;
  /** Optional variables that were given. */
  readonly variables: readonly string[] | null;
}

/** Where a unit's state lies. */
export interface ShapedBackend {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly kmsKeyId: string | null;
  readonly dynamodbTable: string | null;
  readonly useLockfile: boolean;
}

/** One unit: its state without resources, its record, and what it was applied with. */
export interface ShapedUnit {
  readonly unit: string;
  /** 12 digits. */
  readonly account: string;
  readonly backend: ShapedBackend;
  readonly lineage: string;
  readonly serial: number;
  /** Version that wrote the state. */
  readonly terraform: string;
  readonly record: ShapedRecord | null;
  /** As the state has them, with stand-ins. */
  readonly outputs: JsonObject;
  /** Values of `TF_VAR_<name>`, with stand-ins. */
  readonly variables: Readonly<Record<string, string>>;
  /** Provider blocks of its JSON, by name: where its resources are looked for. */
  readonly providers: JsonObject;
  /** What it looked up when it was applied, by address: a cloud without these things answers with them. */
  readonly lookups: JsonObject;
}

/** One resource. */
export interface ShapedResource {
  readonly unit: string;
  readonly address: string;
  readonly type: string;
  /** `provider["registry.terraform.io/hashicorp/aws"].alias`, as the state writes it. */
  readonly provider: string;
  readonly id: string | null;
  /** As the state has them, with stand-ins. */
  readonly attributes: JsonObject;
  /** What else the state keeps of the resource and its instance: name, module, index, dependencies, marks. */
  readonly state: JsonObject;
  /** Attributes that were made one-way of a secret, or may have been: dotted names. */
  readonly derived: readonly string[];
}

/** What an environment holds, without secrets. */
export interface Shape {
  readonly version: 1;
  /** Sorted by path. */
  readonly units: readonly ShapedUnit[];
  /** Sorted by unit and address. */
  readonly resources: readonly ShapedResource[];
}

const number: Schema<number> = { type: 'integer', minimum: 0 };
const flag: Schema<boolean> = { type: 'boolean' };
const twelveDigits: Schema<string> = { type: 'string', pattern: '^\\d{12}$' };
const members: Schema<JsonObject> = { type: 'object' };

/** JSON Schema of a shape; published as docs/schemas/shape.v1.json. */
export const shapeSchema: Schema<Shape> = published(
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:terrace:schema:shape:1',
    title: 'Terrace shape: what states hold, without secrets',
  },
  exactly({
    version: only(1),
    units: listOf(
      exactly({
        unit: text,
        account: twelveDigits,
        backend: exactly({
          bucket: text,
          key: text,
          region: text,
          kmsKeyId: orNull(text),
          dynamodbTable: orNull(text),
          useLockfile: flag,
        }),
        lineage: text,
        serial: number,
        terraform: text,
        record: orNull(
          exactly({
            status: oneOf(['applying', 'applied', 'failed', 'destroyed']),
            commit: orNull(text),
            files: text,
            bundle: text,
            round: number,
            serial: number,
            at: text,
            terraform: text,
            consumed: listOf(exactly({ unit: text, outputs: listOf(text), current: flag })),
            outputs: orNull(listOf(text)),
            protects: orNull(listOf(text)),
            variables: orNull(listOf(text)),
          }),
        ),
        outputs: members,
        variables: mapOf('^[A-Za-z_]', text),
        providers: members,
        lookups: members,
      }),
    ),
    resources: listOf(
      exactly({
        unit: text,
        address: text,
        type: text,
        provider: text,
        id: orNull(text),
        attributes: members,
        state: members,
        derived: listOf(text),
      }),
    ),
  }),
);

/** The one text of a shape: a line for each unit and each resource, members sorted, numbers as the state had them. */
export function shapeText({ units, resources }: Shape): string {
  const lines = (all: readonly object[]): string => all.map((one) => oneLine(one)).join(',\n');
  return `{"version":1,\n"units":[\n${lines(units)}\n],\n"resources":[\n${lines(resources)}\n]}\n`;
}

/** Reads a shape. Raises E9501 for anything else. */
export async function parseShape(content: string, place: string): Promise<Shape> {
  let plain: unknown;
  let lossless: JsonObject | undefined;
  try {
    plain = JSON.parse(content);
    lossless = asObject(parseLossless(content));
  } catch (cause) {
    throw notAShape(place, `not JSON: ${messageOf(cause)}`, cause);
  }
  const read = await readAs(shapeSchema, plain);
  if ('problems' in read) throw notAShape(place, read.problems.join('\n'));
  // Numbers of states may have more digits than a double: attributes are those of the lossless reading.
  const [units, resources] = [asList(lossless?.['units']), asList(lossless?.['resources'])];
  const member = (list: readonly LosslessJson[], index: number, name: string): JsonObject => asObject(asObject(list[index])?.[name]) ?? {};
  return {
    version: 1,
    units: read.value.units.map((unit, index) => ({
      ...unit,
      outputs: member(units, index, 'outputs'),
      providers: member(units, index, 'providers'),
      lookups: member(units, index, 'lookups'),
    })),
    resources: read.value.resources.map((resource, index) => ({
      ...resource,
      attributes: member(resources, index, 'attributes'),
      state: member(resources, index, 'state'),
    })),
  };
}

/** JSON on one line, members sorted. */
export function oneLine(value: unknown): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(oneLine).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${oneLine(one)}`).join(',')}}`;
}

/** The value as `JSON.parse` would have read it. */
export function plainJson(value: LosslessJson): unknown {
  const parsed: unknown = JSON.parse(oneLine(value));
  return parsed;
}

function notAShape(place: string, found: string, cause?: unknown) {
  return new TerraceError(
    {
      code: 'E9501',
      title: 'not a shape',
      place,
      found,
      expected: 'docs/schemas/shape.v1.json',
      todo: 'take the shape again: terrace state shape <selectors> --out FILE',
    },
    1,
    { cause },
  );
}
