import type { Conditions, Grant, Scope } from './access';

/** One statement of an IAM policy, as JSON has it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Conditions;
}

/** Grants with the same resources and conditions become one statement; sorted, so that the same types give the same text. */
export function statementsOf(grants: readonly Grant[], scope: Scope): readonly PolicyStatement[] {
  const merged = new Map<
    string,
    { readonly actions: Set<string>; readonly resources: readonly string[]; readonly conditions: Conditions | undefined }
  >();
  for (const grant of grants) {
    const resources = [...grant.on(scope)].sort();
    const conditions = grant.conditions?.(scope);
    const key = JSON.stringify([resources, conditions]);
    const known = merged.get(key) ?? { actions: new Set<string>(), resources, conditions };
    for (const action of grant.actions) known.actions.add(action);
    merged.set(key, known);
  }
  return [...merged]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { actions, resources, conditions }], index) => ({
      Sid: `Types${index + 1}`,
      Effect: 'Allow',
      Action: [...actions].sort(),
      Resource: resources,
      ...(conditions === undefined ? {} : { Condition: conditions }),
    }));
}

/** Managed policies hold at most 6144 characters, not counting white space; JSON without any is the same. */
const policyLimit = 6144;

/**
 * Statements as the JSON of few policies: each goes into the first one with room for it. A statement with too many resources or
 * actions is cut in two. Denials come first.
 */
export function policiesOf(statements: readonly PolicyStatement[]): readonly string[] {
  const ordered = [...statements.filter(({ Effect }) => Effect === 'Deny'), ...statements.filter(({ Effect }) => Effect === 'Allow')];
  const documents: PolicyStatement[][] = [];
  for (const statement of ordered.flatMap((one) => pieces(one))) {
    const roomy = documents.find((document) => documentOf([...document, statement]).length <= policyLimit);
    if (roomy === undefined) documents.push([statement]);
    else roomy.push(statement);
  }
  return documents.map(documentOf);
}

function documentOf(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** A statement in pieces that each take at most a quarter of a policy, so that policies fill well. */
function pieces(statement: PolicyStatement): readonly PolicyStatement[] {
  if (JSON.stringify(statement).length <= policyLimit / 4) return [statement];
  const [longer, field] =
    statement.Resource.length >= statement.Action.length
      ? [statement.Resource, 'Resource' as const]
      : [statement.Action, 'Action' as const];
  if (longer.length < 2) return [statement];
  const half = Math.ceil(longer.length / 2);
  return [longer.slice(0, half), longer.slice(half)].flatMap((part, index) =>
    pieces({ ...statement, Sid: `${statement.Sid}${'ab'[index] ?? ''}`, [field]: part }),
  );
}
