import { createHash } from 'node:crypto';

import { Refusal } from '../../engine/refusal';
import { isList, isObject, textOf, type ObjectValue, type Value } from '../../protocol/value';

type Statement = Record<string, unknown>;

/**
 * What `aws_iam_policy_document` answers: the policy as the real data source writes it, members in its order,
 * one action or resource as a text and several as a sorted list, conditions grouped by test and variable.
 */
export function policyDocument(config: ObjectValue): ObjectValue {
  const statements: Statement[] = [];
  for (const source of texts(config['source_policy_documents'])) merge(statements, parse(source).statements, 'source_policy_documents');
  merge(statements, blocks(config['statement']).map(statementOf), undefined);
  for (const override of texts(config['override_policy_documents'])) merge(statements, parse(override).statements, undefined);
  const version = textOf(config['version']) ?? '2012-10-17';
  const id = textOf(config['policy_id']);
  const document = {
    Version: version,
    ...(id === undefined ? {} : { Id: id }),
    ...(statements.length === 0 ? {} : { Statement: statements }),
  };
  const json = JSON.stringify(document, undefined, 2);
  return { id: String(crc32(json)), json, minified_json: JSON.stringify(document), version };
}

function statementOf(block: ObjectValue): Statement {
  const statement: Statement = {};
  const sid = textOf(block['sid']);
  if (sid !== undefined && sid !== '') statement['Sid'] = sid;
  statement['Effect'] = textOf(block['effect']) ?? 'Allow';
  put(statement, 'Action', oneOrSorted(texts(block['actions'])));
  put(statement, 'NotAction', oneOrSorted(texts(block['not_actions'])));
  put(statement, 'Resource', oneOrSorted(texts(block['resources']).map(variables)));
  put(statement, 'NotResource', oneOrSorted(texts(block['not_resources']).map(variables)));
  put(statement, 'Principal', principalsOf(blocks(block['principals'])));
  put(statement, 'NotPrincipal', principalsOf(blocks(block['not_principals'])));
  put(statement, 'Condition', conditionsOf(blocks(block['condition'])));
  return statement;
}

function principalsOf(principals: readonly ObjectValue[]): unknown {
  if (principals.length === 0) return undefined;
  const [only] = principals;
  const identifiers = texts(only?.['identifiers']);
  if (principals.length === 1 && only?.['type'] === '*' && identifiers.length === 1 && identifiers[0] === '*') return '*';
  const grouped = new Map<string, string[]>();
  for (const principal of principals) {
    const type = String(principal['type'] ?? '');
    grouped.set(type, [...(grouped.get(type) ?? []), ...texts(principal['identifiers']).map(variables)]);
  }
  return Object.fromEntries([...grouped].sort(([left], [right]) => (left < right ? -1 : 1)).map(([type, all]) => [type, oneOrSorted(all)]));
}

function conditionsOf(conditions: readonly ObjectValue[]): unknown {
  if (conditions.length === 0) return undefined;
  const tests: Record<string, Record<string, unknown>> = {};
  for (const condition of conditions) {
    const values = texts(condition['values']).map(variables);
    const test = (tests[String(condition['test'] ?? '')] ??= {});
    test[String(condition['variable'] ?? '')] = values.length === 1 ? values[0] : values;
  }
  return sortKeys(tests);
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, one]) => [name, sortKeys(one)]),
  );
}

/** Statements with the same sid are replaced in place; in a merge of source documents they may not repeat. */
function merge(statements: Statement[], added: readonly Statement[], unique: string | undefined): void {
  for (const statement of added) {
    const sid = statement['Sid'];
    const index = sid === undefined || sid === '' ? -1 : statements.findIndex((one) => one['Sid'] === sid);
    if (index >= 0 && unique !== undefined)
      throw new Refusal('duplicate Sid', `(${String(sid)}) in ${unique}. Remove the Sid or ensure Sids are unique.`, unique);
    if (index >= 0) statements[index] = statement;
    else statements.push(statement);
  }
}

function parse(json: string): { statements: Statement[] } {
  try {
    const raw: unknown = JSON.parse(json);
    const list: unknown = typeof raw === 'object' && raw !== null && 'Statement' in raw ? raw.Statement : [];
    const all: readonly unknown[] = Array.isArray(list) ? list : [list];
    return { statements: all.flatMap((one) => (typeof one === 'object' && one !== null ? [Object.fromEntries(Object.entries(one))] : [])) };
  } catch {
    throw new Refusal('reading IAM policy document', 'a source or override document is not JSON');
  }
}

/** The data source writes AWS policy variables as `&{…}`, since `${…}` is terraform's own. */
function variables(text: string): string {
  return text.replaceAll('&{', '${');
}

/** The provider sorts descending. */
function oneOrSorted(all: readonly string[]): string | readonly string[] | undefined {
  return all.length === 0 ? undefined : all.length === 1 ? all[0] : [...all].sort((left, right) => (left < right ? 1 : -1));
}

function put(statement: Statement, name: string, value: unknown): void {
  if (value !== undefined) statement[name] = value;
}

function blocks(value: Value | undefined): ObjectValue[] {
  return isList(value) ? value.filter(isObject) : [];
}

function texts(value: Value | undefined): string[] {
  return isList(value) ? value.filter((one) => typeof one === 'string') : [];
}

function crc32(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}
