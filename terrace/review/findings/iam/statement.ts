import { documentOf } from '../../diff/value-diff';
import { canonicalText, isList, isMap, texts, type ShownValue, type ShownObject } from '../../values/shown-value';

/** One condition of a statement: `StringEquals`, `aws:SourceAccount`, its values. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement of an AWS policy, with lists where AWS allows single values. */
export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** `AWS:arn:…`, `Service:ecs.amazonaws.com`, `*`; empty in an identity's policy. */
  readonly principals: readonly string[];
  readonly notPrincipals: readonly string[];
  readonly conditions: readonly Condition[];
}

function principals(value: ShownValue | undefined): readonly string[] {
  if (value === '*') return ['*'];
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([kind, names]) =>
    texts(names).map((name) => (name === '*' && kind === 'AWS' ? '*' : `${kind}:${name}`)),
  );
}

function conditions(value: ShownValue | undefined): readonly Condition[] {
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    isMap(keys)
      ? Object.entries(keys).map(([key, values]) => ({
          operator,
          key,
          values: (isList(values) ? values : [values]).map((item) => (typeof item === 'string' ? item : canonicalText(item))),
        }))
      : [],
  );
}

function statement(value: ShownObject): Statement {
  const sid = value['Sid'];
  return {
    ...(typeof sid === 'string' && sid !== '' ? { sid } : {}),
    effect: value['Effect'] === 'Deny' ? 'Deny' : 'Allow',
    actions: texts(value['Action']),
    notActions: texts(value['NotAction']),
    resources: texts(value['Resource']),
    notResources: texts(value['NotResource']),
    principals: principals(value['Principal']),
    notPrincipals: principals(value['NotPrincipal']),
    conditions: conditions(value['Condition']),
  };
}

/** The statements of a policy document in a string; undefined where it is not one (unknown, sensitive, not JSON). An absent policy has none. */
export function statementsOf(policy: ShownValue | undefined): readonly Statement[] | undefined {
  if (policy === undefined || policy === null || policy === '') return [];
  const document = documentOf(policy);
  if (!isMap(document)) return undefined;
  const list = document['Statement'];
  return (isList(list) ? list : [list]).filter((item) => item !== undefined && isMap(item)).map(statement);
}

/** The same of an `aws_iam_policy_document` data source, whose parts may be known where its text is not. */
export function statementsOfData(data: ShownObject): readonly Statement[] {
  const blocks = (value: ShownValue | undefined): readonly ShownObject[] =>
    (isList(value) ? value : [value]).filter((item) => item !== undefined && isMap(item));
  const named = (value: ShownValue | undefined): readonly string[] =>
    blocks(value).flatMap((block) => texts(block['identifiers']).map((name) => (name === '*' ? '*' : `${String(block['type'])}:${name}`)));
  return blocks(data['statement']).map((block) => ({
    ...(typeof block['sid'] === 'string' && block['sid'] !== '' ? { sid: block['sid'] } : {}),
    effect: block['effect'] === 'Deny' ? 'Deny' : 'Allow',
    actions: texts(block['actions']),
    notActions: texts(block['not_actions']),
    resources: texts(block['resources']),
    notResources: texts(block['not_resources']),
    principals: named(block['principals']),
    notPrincipals: named(block['not_principals']),
    conditions: blocks(block['condition']).map((condition) => ({
      operator: String(condition['test']),
      key: String(condition['variable']),
      values: texts(condition['values']),
    })),
  }));
}
