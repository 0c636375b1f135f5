import { Token } from 'cdktf';

/** Who a statement speaks of; only in trust, key and resource policies. */
export interface Principals {
  readonly services?: readonly string[];
  readonly aws?: readonly string[];
  readonly federated?: readonly string[];
  /** Everybody: only for denials, and for statements that a condition narrows. */
  readonly everybody?: true;
}

/** Operator → key → values, as IAM writes it: `{ StringEquals: { 'aws:SourceAccount': '123456789012' } }`. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface Statement {
  /** Letters and digits; says what the statement is for. */
  readonly sid: string;
  /** @default 'Allow' */
  readonly effect?: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Absent in trust policies. A `*` here needs a comment that names the action AWS has nothing narrower for. */
  readonly resources?: readonly string[];
  readonly principals?: Principals;
  readonly conditions?: Conditions;
}

/**
 * The JSON of an IAM policy. References stay readable in it (`"Resource":"${aws_s3_bucket.x.arn}"`), so the document can be
 * parsed from the synthesized output. Raises an error for a list that is only known at apply: it would be one string in the JSON.
 */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements.map(rendered) });
}

/** The trust policy of a role that AWS services assume; with an account, only when they act for that one. */
export function serviceTrust(services: readonly string[], account?: string): string {
  return policyDocument([
    {
      sid: 'AssumedByService',
      actions: ['sts:AssumeRole'],
      principals: { services },
      ...(account === undefined ? {} : { conditions: { StringEquals: { 'aws:SourceAccount': account } } }),
    },
  ]);
}

function rendered(statement: Statement): Record<string, unknown> {
  const { sid, effect = 'Allow', actions, resources, principals, conditions } = statement;
  for (const list of [actions, resources])
    if (list !== undefined && Token.isUnresolved(list))
      throw new Error(`statement ${sid}: a list known only at apply cannot stand in a policy; name its elements`);
  return {
    Sid: sid,
    Effect: effect,
    ...(principals === undefined ? {} : { Principal: renderedPrincipals(principals) }),
    Action: single(actions),
    ...(resources === undefined ? {} : { Resource: single(resources) }),
    ...(conditions === undefined ? {} : { Condition: conditions }),
  };
}

function renderedPrincipals(principals: Principals): unknown {
  if (principals.everybody) return '*';
  return {
    ...(principals.services === undefined ? {} : { Service: single(principals.services) }),
    ...(principals.aws === undefined ? {} : { AWS: single(principals.aws) }),
    ...(principals.federated === undefined ? {} : { Federated: single(principals.federated) }),
  };
}

function single(list: readonly string[]): string | readonly string[] {
  const [first] = list;
  return list.length === 1 && first !== undefined ? first : list;
}
