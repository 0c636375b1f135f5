import type { Problem } from '../base/errors';
import { isObject } from '../base/json';

type Block = { readonly [key: string]: unknown };

/**
 * Arguments that a provider takes in a form which terraform keeps nowhere (`<argument>_wo`), by type of resource, as the bindings have them;
 * each is sent again when its version is raised.
 */
const writeOnly: { readonly [type: string]: readonly string[] } = {
  aws_db_instance: ['password'],
  aws_docdb_cluster: ['master_password'],
  aws_rds_cluster: ['master_password'],
  aws_redshift_cluster: ['master_password'],
  aws_redshiftserverless_namespace: ['admin_user_password'],
  aws_secretsmanager_secret_version: ['secret_string'],
  aws_ssm_parameter: ['value'],
  azurerm_key_vault_secret: ['value'],
  azurerm_mssql_job_credential: ['password'],
  azurerm_mssql_server: ['administrator_login_password'],
  azurerm_mysql_flexible_server: ['administrator_password'],
  azurerm_postgresql_flexible_server: ['administrator_password'],
  azurerm_postgresql_server: ['administrator_login_password'],
  google_secret_manager_secret_version: ['secret_data'],
  google_sql_user: ['password'],
  kubernetes_secret: ['data', 'binary_data'],
  kubernetes_secret_v1: ['data', 'binary_data'],
};

/** What counts the versions; Kubernetes calls it otherwise. */
const versionOf = (type: string, argument: string): string => `${argument}_wo_${type.startsWith('kubernetes_') ? 'revision' : 'version'}`;

/** What the write-only form of a unit's JSON is, or why there is none. */
export interface WriteOnlyJson {
  readonly json: Block;
  readonly problems: readonly Problem[];
}

/**
 * A unit's JSON with its secrets in the write-only form of their arguments, so that they stand in no state; random passwords that
 * go nowhere else become ephemeral ones. `version` counts up when they are to be sent again: terraform cannot see that they changed. E1323
 * for a secret that something reads back: it would read nothing. Needs terraform 1.11. Pure.
 */
export function withWriteOnly(unit: string, json: Block, version: number): WriteOnlyJson {
  const addresses: string[] = [];
  const resource = mapBlocks(json['resource'], (type, name, body) => {
    const arguments_ = (writeOnly[type] ?? []).filter(
      (one) => isGiven(body[one]) && !(type === 'aws_ssm_parameter' && body['type'] !== 'SecureString'),
    );
    if (arguments_.length === 0) return body;
    addresses.push(...arguments_.map((one) => `${type}.${name}.${one}`));
    return Object.fromEntries(
      Object.entries(body).flatMap(([key, value]) => {
        if (key === 'lifecycle') return [[key, withoutIgnored(value, arguments_)]];
        if (!arguments_.includes(key)) return [[key, value]];
        return [
          [`${key}_wo`, value],
          [versionOf(type, key), version],
        ];
      }),
    );
  });
  const written = { ...json, ...(resource === undefined ? {} : { resource }) };
  const problems = addresses
    .filter((address) => textsOutside(written, () => false).some((text) => mentions(text, address)))
    .map((address): Problem => ({
      code: 'E1323',
      title: 'write-only secret is read',
      place: unit,
      found: `${address} is read elsewhere in the unit, but with \`secrets: 'write-only'\` it is not stored anywhere`,
      todo: 'take the value from its source, not from the resource that it was passed to',
    }));
  return { json: withEphemeralPasswords(written), problems };
}

/** Random passwords whose every reader is a write-only argument, as ephemeral resources: made anew each time, kept nowhere. */
function withEphemeralPasswords(json: Block): Block {
  const { resource } = json;
  if (!isObject(resource) || !isObject(resource['random_password'])) return json;
  const outside = textsOutside(json, (key) => key.endsWith('_wo'));
  const names = Object.keys(resource['random_password']).filter((name) => {
    const address = `random_password.${name}`;
    return !outside.some((text) => mentions(text, address)) && textsOutside(json, () => false).some((text) => mentions(text, address));
  });
  if (names.length === 0) return json;
  const { random_password: all, ...others } = resource;
  const bodies = Object.entries(isObject(all) ? all : {});
  const kept = Object.fromEntries(bodies.filter(([name]) => !names.includes(name)));
  const moved = Object.fromEntries(bodies.filter(([name]) => names.includes(name)).map(([name, body]) => [name, ephemeralBody(body)]));
  const ephemeral = isObject(json['ephemeral']) ? json['ephemeral'] : {};
  const rest = { ...others, ...(Object.keys(kept).length === 0 ? {} : { random_password: kept }) };
  return {
    ...withTexts({ ...json, resource: rest }, (text) =>
      names.reduce((now, name) => now.replaceAll(reference(`random_password.${name}`), `ephemeral.random_password.${name}`), text),
    ),
    ephemeral: { ...ephemeral, random_password: moved },
  };
}

/** What an ephemeral resource has of its resource: all but what decides when it is made anew. */
function ephemeralBody(body: unknown): unknown {
  if (!isObject(body)) return body;
  const { keepers: _keepers, lifecycle: _lifecycle, ...rest } = body;
  return rest;
}

function withoutIgnored(lifecycle: unknown, arguments_: readonly string[]): unknown {
  if (!isObject(lifecycle) || !Array.isArray(lifecycle['ignore_changes'])) return lifecycle;
  return { ...lifecycle, ignore_changes: lifecycle['ignore_changes'].filter((one) => !arguments_.includes(String(one))) };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function mapBlocks(blocks: unknown, map: (type: string, name: string, body: Block) => Block): Block | undefined {
  if (!isObject(blocks)) return undefined;
  return Object.fromEntries(
    Object.entries(blocks).map(([type, named]) => [
      type,
      isObject(named)
        ? Object.fromEntries(Object.entries(named).map(([name, body]) => [name, isObject(body) ? map(type, name, body) : body]))
        : named,
    ]),
  );
}

/** A reference to something at this address, whatever comes after it. */
function reference(address: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_.-])${address.replaceAll('.', String.raw`\.`)}(?![A-Za-z0-9_-])`, 'g');
}

function mentions(text: string, address: string): boolean {
  return text === address || ((text.includes('${') || text.includes('%{')) && reference(address).test(text));
}

/** Every text in a value, without those below keys that are left out. Comments count for nothing. */
function textsOutside(value: unknown, isLeftOut: (key: string) => boolean): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((item) => textsOutside(item, isLeftOut));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '//' || isLeftOut(key) ? [] : [key, ...textsOutside(inner, isLeftOut)]));
}

function withTexts(value: Block, map: (text: string) => string): Block {
  const mapped = (one: unknown): unknown => {
    if (typeof one === 'string') return map(one);
    if (Array.isArray(one)) return one.map(mapped);
    if (!isObject(one)) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, key === '//' ? inner : mapped(inner)]));
  };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapped(inner)]));
}
