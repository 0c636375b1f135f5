import { canonicalText, sha256 } from '../base/canonical';
import { isObject } from '../base/json';

/** A unit's files by their path relative to its folder, with `/`. */
export type UnitFiles = ReadonlyMap<string, Uint8Array>;

/**
 * The digest of each file without what makes no difference: key order, blanks and `//` comments of Terraform JSON,
 * comments and blank lines of lock files and of terragrunt.hcl. Everything else counts byte by byte.
 */
export function contentDigests(files: UnitFiles): ReadonlyMap<string, string> {
  return new Map(
    [...files].map(([name, bytes]) => [name, sha256(normalized(name, bytes))] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** One digest of all files of a unit, by their content digests. */
export function contentDigest(files: UnitFiles): string {
  return sha256(canonicalText(Object.fromEntries(contentDigests(files))));
}

/** Files of HCL that only terraform and Terragrunt read; any other may be a text that something else takes as it is. */
const readAsHcl = /^(?:\.terraform\.lock|terragrunt)\.hcl$/;

function normalized(name: string, bytes: Uint8Array): Uint8Array | string {
  if (name.endsWith('.tf.json')) {
    try {
      return canonicalText(withoutComments(JSON.parse(Buffer.from(bytes).toString('utf8'))));
    } catch {
      return bytes;
    }
  }
  if (readAsHcl.test(name)) {
    return Buffer.from(bytes)
      .toString('utf8')
      .split(/\r?\n/)
      .map((line) => line.trimEnd())
      .filter((line) => line.trim() !== '' && !/^\s*(#|\/\/)/.test(line))
      .join('\n');
  }
  return bytes;
}

/** How many names stand between a top-level block and its body. */
const bodyDepth: Readonly<Record<string, number>> = {
  terraform: 0,
  locals: 0,
  variable: 1,
  output: 1,
  provider: 1,
  module: 1,
  resource: 2,
  data: 2,
  ephemeral: 2,
  check: 1,
};

/** Terraform JSON ignores the property `//` of every block body; as a key of a map within an argument it is a value and stays. */
export function withoutComments(json: unknown): unknown {
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key]) => key !== '//')
      .map(([key, value]) => [key, bodies(value, bodyDepth[key] ?? 0)]),
  );
}

function bodies(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return value.map((item) => bodies(item, depth));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '//');
  return Object.fromEntries(depth === 0 ? entries : entries.map(([key, item]) => [key, bodies(item, depth - 1)]));
}
