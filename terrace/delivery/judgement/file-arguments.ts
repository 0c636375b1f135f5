import { isObject, type JsonObject } from '../../base/json';
import type { Block } from '../../terraform/blocks';
import { literalPath } from '../../terraform/template';

import { isInside } from './inside';

/** Arguments that name a file of the machine in whichever resource they stand, at any depth. */
const always = new Set([
  'content_file',
  'filename',
  'package_file',
  'pem_file',
  'python_script_file',
  'source_dir',
  'source_file',
  'sql_script_file',
  'zip_deploy_file',
  'zip_file',
]);

/** Those that do in resources and data sources of a type alone. */
const ofType: { readonly [type: string]: readonly string[] } = {
  local_file: ['source'],
  local_sensitive_file: ['source'],
  archive_file: ['output_path'],
  aws_s3_object: ['source'],
  aws_s3_bucket_object: ['source'],
  azurerm_storage_blob: ['source'],
  google_storage_bucket_object: ['source'],
  helm_release: ['postrender', 'keyring', 'repository_key_file', 'repository_cert_file', 'repository_ca_file'],
};

/** What says where a chart comes from, and what is sent there to get it: in an address of OCI its version stands too. */
const chartArguments = ['repository', 'chart', 'version', 'repository_username', 'repository_password'];

/** Arguments whose address is asked while planning: what is computed there could send a secret away in it, or to it. */
const asked: { readonly [type: string]: readonly string[] } = {
  helm_release: chartArguments,
  helm_template: chartArguments,
  tls_certificate: ['url'],
};

/** Types whose `filename` is a name that they give, and no file that they read. */
const naming = new Set(['cloudinit_config']);

/**
 * Arguments of a resource or data source that name a file outside of the unit's folder, or an address that is computed and asked while
 * planning. A file that whoever plans hands over in a variable
 * (`given`), with a file of the folder in the place of none, is theirs to choose: the change cannot say which.
 */
export function fileProblems(place: string, type: string, body: JsonObject, given: ReadonlySet<string> = new Set()): readonly string[] {
  const own = ofType[type] ?? [];
  return Object.entries(body).flatMap(([name, value]) =>
    asked[type]?.includes(name) === true && isComputed(value)
      ? [`${place}.${name} is computed, and is read while planning: it must be a literal`]
      : own.includes(name)
        ? fileProblem(`${place}.${name}`, value, given)
        : deeper(`${place}.${name}`, type, name, value, given),
  );
}

function isComputed(value: unknown): boolean {
  return value !== null && (typeof value !== 'string' || value.includes('${') || value.includes('%{'));
}

function deeper(place: string, type: string, name: string, value: unknown, given: ReadonlySet<string>): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => deeper(place, type, name, item, given));
  if (isObject(value)) return Object.entries(value).flatMap(([key, inner]) => deeper(`${place}.${key}`, type, key, inner, given));
  return always.has(name) && !naming.has(type) ? fileProblem(place, value, given) : [];
}

function fileProblem(place: string, value: unknown, given: ReadonlySet<string>): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value !== 'string') return [`${place} is not text`];
  const literal = literalPath(value);
  const isArchive = /^\$\{\s*data\.archive_file\.[A-Za-z0-9_-]+\.output_path\s*\}$/.test(value);
  return (literal === null ? isArchive || isHandedOver(value, given) : isInside(literal))
    ? []
    : [`${place} names ${value}, which is not a file of the unit's folder`];
}

/** `${try(var.bundle.path, "assets/placeholder.mjs")}` */
function isHandedOver(value: string, given: ReadonlySet<string>): boolean {
  const [, name = '', otherwise = ''] = /^\$\{\s*try\(var\.([\w-]+)(?:\.[\w-]+)*,\s*"([^"\\$%]*)"\)\s*\}$/.exec(value) ?? [];
  return given.has(name) && isInside(otherwise);
}

/** Variables of a unit to which only whoever plans gives a value: its files say none, or null. */
export function givenVariables(blocks: readonly Block[]): ReadonlySet<string> {
  return new Set(blocks.flatMap(({ kind, labels, body }) => (kind === 'variable' && (body['default'] ?? null) === null ? labels : [])));
}
