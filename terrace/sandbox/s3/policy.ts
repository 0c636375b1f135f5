/** A request as a bucket policy sees it. */
export interface PolicyRequest {
  /** As `s3:PutObject`. */
  readonly action: string;
  /** ARN of the bucket or the object. */
  readonly resource: string;
  readonly account: string;
  /** ARN of the caller. */
  readonly principal: string;
  /** Condition keys in lower case; a key that the request does not have is absent. */
  readonly context: Readonly<Record<string, string>>;
}

/** `silent` where no statement fits. */
export type PolicyVerdict = 'allow' | 'deny' | 'silent';

type Json = Readonly<Record<string, unknown>>;

/**
 * Evaluates a bucket policy: a fitting Deny before any Allow. Knows Principal, Action, NotAction, Resource, NotResource and the
 * operators of strings, ARNs, booleans and Null, with IfExists. A statement with anything else (NotPrincipal, addresses, dates) is
 * passed over, so it neither grants nor refuses.
 */
export function evaluatePolicy(policy: string, request: PolicyRequest): PolicyVerdict {
  const document: unknown = JSON.parse(policy);
  const statements = isJson(document) ? listOf(document['Statement']).filter(isJson) : [];
  const fitting = new Set(statements.filter((statement) => fits(statement, request)).map((statement) => statement['Effect']));
  if (fitting.has('Deny')) return 'deny';
  return fitting.has('Allow') ? 'allow' : 'silent';
}

function fits(statement: Json, request: PolicyRequest): boolean {
  const { Principal, Action, NotAction, Resource, NotResource, Condition } = statement;
  if (statement['NotPrincipal'] !== undefined || !isPrincipal(Principal, request)) return false;
  const matches = (patterns: unknown, value: string): boolean => listOf(patterns).some((pattern) => like(String(pattern), value));
  if (Action !== undefined && !listOf(Action).some((pattern) => like(String(pattern).toLowerCase(), request.action.toLowerCase())))
    return false;
  if (NotAction !== undefined && listOf(NotAction).some((pattern) => like(String(pattern).toLowerCase(), request.action.toLowerCase())))
    return false;
  if (Resource !== undefined && !matches(Resource, request.resource)) return false;
  if (NotResource !== undefined && matches(NotResource, request.resource)) return false;
  return Object.entries(isJson(Condition) ? Condition : {}).every(([operator, keys]) =>
    Object.entries(isJson(keys) ? keys : {}).every(([key, values]) =>
      holds(operator, request.context[key.toLowerCase()], listOf(values).map(String)),
    ),
  );
}

function isPrincipal(principal: unknown, request: PolicyRequest): boolean {
  if (principal === '*') return true;
  if (!isJson(principal)) return false;
  const root = `arn:aws:iam::${request.account}:root`;
  return listOf(principal['AWS']).some(
    (one) => one === '*' || one === request.account || one === root || one === request.principal || one === roleOf(request.principal),
  );
}

/** ARN of the role behind an assumed role's session. */
export function roleOf(arn: string): string {
  return arn.replace(/^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, 'arn:aws:iam::$1:role/$2');
}

function holds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  const ifExists = operator.endsWith('IfExists');
  const plain = operator.replace(/IfExists$/, '');
  if (plain === 'Null') return wanted.some((one) => (one === 'true') === (value === undefined));
  const test = tests[plain];
  if (test === undefined) return false;
  if (value === undefined) return ifExists || test.negated;
  const any = wanted.some((one) => test.equal(one, value));
  return test.negated ? !any : any;
}

interface Test {
  readonly equal: (wanted: string, value: string) => boolean;
  /** A negated operator holds for a key that the request does not have. */
  readonly negated: boolean;
}

const same = (wanted: string, value: string): boolean => wanted === value;
const sameIgnoringCase = (wanted: string, value: string): boolean => wanted.toLowerCase() === value.toLowerCase();

const tests: Readonly<Record<string, Test>> = {
  StringEquals: { equal: same, negated: false },
  StringNotEquals: { equal: same, negated: true },
  StringEqualsIgnoreCase: { equal: sameIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { equal: sameIgnoringCase, negated: true },
  StringLike: { equal: like, negated: false },
  StringNotLike: { equal: like, negated: true },
  ArnEquals: { equal: like, negated: false },
  ArnLike: { equal: like, negated: false },
  ArnNotEquals: { equal: like, negated: true },
  ArnNotLike: { equal: like, negated: true },
  Bool: { equal: sameIgnoringCase, negated: false },
};

/** `*` and `?` as in IAM. */
function like(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
