import { filledName, type BackendNames } from '../state/backend-names';

/** What policies are derived for: names and accounts that narrow their resources. */
export interface Scope {
  /** 12 digits. */
  readonly account: string;
  /** What the system's names start with. */
  readonly project: string;
  readonly environment: string;
  /** Names of the backend that holds its states. */
  readonly backend: BackendNames;
}

/** Some actions on some resources. `read` is what a refresh needs, `write` what create, change and destroy need beside it. */
export interface Grant {
  readonly kind: 'read' | 'write';
  readonly actions: readonly string[];
  readonly on: Resources;
  readonly conditions?: (scope: Scope) => Conditions;
}

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** ARN patterns within a scope. */
export type Resources = (scope: Scope) => readonly string[];

/** What terraform calls for each resource type (`aws_vpc`) and data source (`data.aws_prefix_list`). */
export type AccessTable = Readonly<Record<string, readonly Grant[]>>;

/** Reading: actions separated by blanks. */
export function read(on: Resources, actions: string): Grant {
  return { kind: 'read', on, actions: actions.split(' ') };
}

/** Creating, changing, destroying: actions separated by blanks. */
export function write(on: Resources, actions: string, conditions?: (scope: Scope) => Conditions): Grant {
  return { kind: 'write', on, actions: actions.split(' '), ...(conditions === undefined ? {} : { conditions }) };
}

/** For actions that AWS lets nobody narrow: the listed action has no resource-level permission. */
export const anything: Resources = () => ['*'];

/** A name of the backend with the account filled in, and stars for what else stands in it: in any region, for any environment. */
export function inEveryPlace(account: string, name: string): string {
  return filledName(name, { account, region: '*', system: '*', environment: '*' });
}

/** Buckets of states, and those for their access logs beside them. */
export function stateBuckets({ account, backend }: Pick<Scope, 'account' | 'backend'>): readonly string[] {
  const name = `arn:aws:s3:::${inEveryPlace(account, backend.bucket)}`;
  return name.endsWith('*') ? [name] : [name, `${name}-logs`];
}

/** Resources of a service in the account, in all its regions; `pattern` is what follows the account in the ARN, with `{name}` for the system's names. */
export function inAccount(service: string, ...patterns: readonly string[]): Resources {
  return ({ account, project }) =>
    patterns.map((pattern) => `arn:aws:${service}:*:${account}:${pattern.replaceAll('{name}', `${project}-*`)}`);
}

/** As `inAccount`, for resources without a region in their ARN. */
export function withoutRegion(service: string, ...patterns: readonly string[]): Resources {
  return ({ account, project }) =>
    patterns.map((pattern) => `arn:aws:${service}::${account}:${pattern.replaceAll('{name}', `${project}-*`)}`);
}

/** Roles of the system's services. */
export const serviceRoles: Resources = ({ account, project, environment }) => [`arn:aws:iam::${account}:role/${project}-${environment}-*`];

/** Handing a service role to one AWS service. */
export function passRole(service: string): Grant {
  return write(serviceRoles, 'iam:PassRole', () => ({ StringEquals: { 'iam:PassedToService': service } }));
}

/** Making the role that an AWS service keeps for itself, where the account does not have it yet. */
export function serviceLinkedRole(service: string): Grant {
  return write(
    ({ account }) => [`arn:aws:iam::${account}:role/aws-service-role/${service}/*`],
    'iam:CreateServiceLinkedRole',
    () => ({ StringEquals: { 'iam:AWSServiceName': service } }),
  );
}

/** Letting an AWS service use a key of the account for a resource. */
export const grantKey: Grant = write(inAccount('kms', 'key/*'), 'kms:CreateGrant kms:DescribeKey', () => ({
  Bool: { 'kms:GrantIsForAWSResource': 'true' },
}));
