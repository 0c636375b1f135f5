import { createHash } from 'node:crypto';

import { TerraceError, type Problem } from '../base/errors';
import { isSandbox } from '../base/sandbox-shell';
import { messageOf } from '../base/message';
import { asList, asObject, asString, formatLossless, JsonNumber, parseLossless, type JsonObject } from './lossless-json';

/** One terraform state, read. */
export interface StateFile {
  /** The bytes it was read from, as text. */
  readonly text: string;
  /** Everything in it, lossless; `formatState` writes it again. */
  readonly json: JsonObject;
  readonly serial: number;
  readonly lineage: string;
  readonly terraformVersion: string;
  /** Instances of managed resources. */
  readonly instances: number;
  readonly outputs: readonly string[];
}

/** Reads a state of format 4. Raises E4501 for anything else, with what is wrong. */
export function parseState(text: string, place: string): StateFile {
  const json = readObject(text, place);
  const number = (name: string): number | undefined => (json[name] instanceof JsonNumber ? Number(json[name].text) : undefined);
  const [version, serial, lineage] = [number('version'), number('serial'), asString(json['lineage'])];
  const wrong = [
    ...(version === 4 ? [] : [`format version ${version ?? 'missing'}, not 4`]),
    ...(serial !== undefined && Number.isSafeInteger(serial) && serial >= 0 ? [] : ['no serial']),
    ...(lineage ? [] : ['no lineage']),
    ...(Array.isArray(json['resources']) ? [] : ['no list of resources']),
  ];
  if (wrong.length > 0 || serial === undefined || lineage === undefined) throw notAState(place, wrong.join(', '));
  return {
    text,
    json,
    serial,
    lineage,
    terraformVersion: asString(json['terraform_version']) ?? '',
    instances: managedResources(json).reduce((sum, resource) => sum + asList(resource['instances']).length, 0),
    outputs: Object.keys(asObject(json['outputs']) ?? {}),
  };
}

function readObject(text: string, place: string): JsonObject {
  let parsed;
  try {
    parsed = asObject(parseLossless(text));
  } catch (error) {
    throw notAState(place, `not JSON: ${messageOf(error)}`);
  }
  if (parsed === undefined) throw notAState(place, 'not a JSON object');
  return parsed;
}

function notAState(place: string, found: string): TerraceError {
  return new TerraceError({
    code: 'E4501',
    title: 'not a state',
    place,
    found,
    todo: 'look at it and at its versions (terrace state history); terrace state restore brings back an earlier one',
  });
}

/** The resources that terraform manages (not its data sources). */
export function managedResources(json: JsonObject): readonly JsonObject[] {
  return asList(json['resources'])
    .map(asObject)
    .filter((resource) => resource !== undefined)
    .filter((resource) => resource['mode'] === 'managed');
}

/** The state's text with some of its top-level members replaced; everything else stays, digit by digit. */
export function formatState(state: StateFile, changes: JsonObject): string {
  return formatLossless({ ...state.json, ...changes });
}

/** A serial as JSON. */
export function serialJson(serial: number): JsonNumber {
  return new JsonNumber(String(serial));
}

/** Hex MD5, which terraform keeps in the digest item. */
export function digestOf(text: string | Uint8Array): string {
  return createHash('md5').update(text).digest('hex');
}

const sandboxMark = /terrace-sandbox:[\w-]*/;

/** The mark as terraform writes it: the first 15 bytes of a `private`, in base64. */
const markInText = /"private":\s*"dGVycmFjZS1zYW5kYm94/;

/** The mark that simulated providers leave in each resource's `private`; undefined where there is none. */
export function sandboxMarkOf(state: StateFile): string | undefined {
  for (const resource of managedResources(state.json)) {
    for (const instance of asList(resource['instances'])) {
      const found = asString(asObject(instance)?.['private']);
      const mark = found === undefined ? null : sandboxMark.exec(Buffer.from(found, 'base64').toString('utf8'));
      if (mark !== null) return mark[0];
    }
  }
  return undefined;
}

/** What E4507 says of a state that stands where simulated resources must not. */
export function simulatedProblem(place: string, mark: string): Problem {
  return {
    code: 'E4507',
    title: 'sandbox state',
    place,
    found: `resources of a simulated provider (${mark})`,
    expected: 'resources that exist',
    todo: `these resources do not exist: find out who wrote the state (a shell with TF_REATTACH_PROVIDERS from a sandbox), then restore the previous version: terrace state history ${place}, terrace state restore ${place} --version V`,
  };
}

/** Raises E4507 (exit 3) where a state that was read outside a sandbox holds simulated resources. Cheap where it holds none. */
export function refuseSimulated(text: string, place: string, env: NodeJS.ProcessEnv): void {
  if (!markInText.test(text) || isSandbox(env)) return;
  const mark = sandboxMarkOf(parseState(text, place));
  if (mark !== undefined) throw new TerraceError(simulatedProblem(place, mark), 3);
}

/** Raises E4507 where a state of simulated resources would be written outside a sandbox. */
export function refuseSandboxState(state: StateFile, place: string, env: NodeJS.ProcessEnv): void {
  const mark = sandboxMarkOf(state);
  if (mark === undefined || isSandbox(env)) return;
  throw new TerraceError(
    {
      code: 'E4507',
      title: 'sandbox state',
      place,
      found: `resources of a simulated provider (${mark})`,
      expected: 'resources that exist',
      todo: 'this state belongs in the sandbox that made it: eval "$(npx --no terrace sandbox env)"',
    },
    3,
  );
}
