import { exitCodes, TerraceError, type Problem } from '../base/errors';
import { systemErrorOf, systemWords } from '../base/system-error';

/** What was being done when the error came. */
export interface AwsAttempt {
  /** Unit, bucket or table. */
  readonly place: string;
  /** `read the state`, `write the lock item`: completes "could not …". */
  readonly doing: string;
  /** S3 location or table, with region: `s3://bucket/key (eu-central-1)`. */
  readonly target: string;
  /** What is certain about the state after this failure; said at the end. @default nothing is said */
  readonly outcome?: string;
}

interface Explanation {
  readonly code: string;
  readonly title: string;
  readonly todo: string;
}

const explanations = {
  missing: {
    code: 'E4101',
    title: 'no credentials',
    todo: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, or log in (aws sso login); in the sandbox: eval "$(npx --no terrace sandbox env)"',
  },
  expired: { code: 'E4301', title: 'credentials expired', todo: 'log in again and run the command again' },
  rejected: {
    code: 'E4302',
    title: 'credentials not accepted',
    todo: 'check AWS_ACCESS_KEY_ID, AWS_PROFILE and ~/.aws/credentials: the access key is unknown or its secret is wrong',
  },
  denied: {
    code: 'E4303',
    title: 'access denied',
    todo: 'use the role that the environment names, or allow the action on this resource in its policy: the credentials are valid, but may not do this',
  },
  bucket: {
    code: 'E4304',
    title: 'no state bucket',
    todo: 'create it with terrace backend bootstrap <system>/<environment>; if it exists, the credentials or the region are the wrong ones',
  },
  table: {
    code: 'E4305',
    title: 'no lock table',
    todo: 'create it with terrace backend bootstrap <system>/<environment>; a table of that name in another region does not count',
  },
  region: {
    code: 'E4306',
    title: 'wrong region',
    todo: 'correct the region in the source; if it is right, somebody else made this bucket, in another region',
  },
  clock: {
    code: 'E4307',
    title: 'clock skew',
    todo: 'set the clock of this machine (timedatectl set-ntp true), which is off by more than AWS accepts (5 to 15 minutes), and try again',
  },
  throttled: {
    code: 'E4308',
    title: 'throttled by AWS',
    todo: 'try again in a minute; if it happens often, run fewer units at once (--parallel) or set AWS_MAX_ATTEMPTS=10',
  },
  connection: {
    code: 'E4309',
    title: 'connection failed',
    todo: 'check the network, HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and AWS_ENDPOINT_URL_*; in the sandbox: npx --no terrace sandbox start; then try again',
  },
  key: {
    code: 'E4310',
    title: 'encryption key not usable',
    todo: 'check the key policy: the key behind alias/terraform-state is disabled or deleted, or these credentials may not use it',
  },
  other: { code: 'E4311', title: 'AWS refused', todo: 'read the message; run again with --debug for more' },
} as const satisfies Record<string, Explanation>;

const byName: Readonly<Record<string, keyof typeof explanations>> = {
  CredentialsProviderError: 'missing',
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  TokenRefreshRequired: 'expired',
  InvalidAccessKeyId: 'rejected',
  InvalidClientTokenId: 'rejected',
  UnrecognizedClientException: 'rejected',
  SignatureDoesNotMatch: 'rejected',
  InvalidToken: 'rejected',
  InvalidSignatureException: 'rejected',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  AllAccessDisabled: 'denied',
  NoSuchBucket: 'bucket',
  ResourceNotFoundException: 'table',
  PermanentRedirect: 'region',
  TemporaryRedirect: 'region',
  AuthorizationHeaderMalformed: 'region',
  IllegalLocationConstraintException: 'region',
  RequestTimeTooSkewed: 'clock',
  RequestExpired: 'clock',
  SlowDown: 'throttled',
  ServiceUnavailable: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  RequestLimitExceeded: 'throttled',
  TimeoutError: 'connection',
  ForeignAnswer: 'connection',
  RequestTimeout: 'connection',
};

/** The name of an error of AWS in what another program printed; undefined where there is none. */
export function awsNameIn(text: string): string | undefined {
  return Object.keys(byName).find((name) => new RegExp(String.raw`\b${name}\b`).test(text));
}

/** The error that a failed call to AWS means to its reader: a code, where, what was tried, what to do. Passes a TerraceError on. */
export function awsError(error: unknown, attempt: AwsAttempt): TerraceError {
  if (error instanceof TerraceError) return error;
  return new TerraceError(awsProblem(error, attempt), exitCodes.failed, { cause: error });
}

/** As {@link awsError}, as data. */
export function awsProblem(error: unknown, attempt: AwsAttempt): Problem {
  const { code, title, todo } = explanations[kindOf(error)];
  const outcome = attempt.outcome === undefined ? '' : `\n${attempt.outcome}`;
  return {
    code,
    title,
    place: attempt.place,
    found: `could not ${attempt.doing} at ${attempt.target}: ${messageOf(error)}${outcome}`,
    todo,
  };
}

function kindOf(error: unknown): keyof typeof explanations {
  const { name, code, message, status } = factsOf(error);
  // terraform breaks its lines anywhere between words.
  if (/signature\s+(expired|not\s+yet\s+current)|request\s+time\s+too\s+skewed/i.test(message)) return 'clock';
  const known = byName[name] ?? byName[code];
  if (known !== undefined) return known;
  if (name.startsWith('KMS') || /^KMS/.test(code)) return 'key';
  if (
    /^(ECONN|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_TLS|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code) ||
    /socket hang up|proxy/i.test(message)
  )
    return 'connection';
  if (status === 301 || status === 307) return 'region';
  if (status === 403) return 'denied';
  if (status === 503 || status === 429) return 'throttled';
  if (status === 502 || status === 504) return 'connection';
  return 'other';
}

interface Facts {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
}

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { name: '', code: '', message: String(error), status: undefined };
  const code = [property(error, 'code'), property(error, 'Code')].find((one) => typeof one === 'string');
  const status = property(property(error, '$metadata'), 'httpStatusCode');
  return {
    name: error.name,
    code: typeof code === 'string' ? code : '',
    message: error.message,
    status: typeof status === 'number' ? status : undefined,
  };
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** What the network said, in plain words; otherwise name and message of an error as AWS gave it, on one line. */
function messageOf(error: unknown): string {
  const system = systemErrorOf(error);
  if (system !== undefined) return systemWords(system);
  const { name, code, message, status } = factsOf(error);
  const label = name === 'Error' || name === '' ? code : name;
  const text =
    message.trim() === '' || message === 'UnknownError' ? `HTTP ${status ?? 'without an answer'}` : message.trim().replace(/\s+/g, ' ');
  return label === '' || text.startsWith(label) ? text : `${label}: ${text}`;
}

/** True for the name or the code that AWS gives an error. */
export function isAwsError(error: unknown, ...names: readonly string[]): boolean {
  const { name, code } = factsOf(error);
  return names.includes(name) || names.includes(code);
}

/**
 * True for the answers by which AWS says that there is no such thing. A 404 without a code says so only to a HEAD, which has no body, and
 * only where AWS itself answered, by its request id: a proxy's page of that number says nothing of a bucket.
 */
export function isAbsent(error: unknown): boolean {
  if (isAwsError(error, 'NoSuchBucket', 'NoSuchKey', 'ResourceNotFoundException')) return true;
  return isAwsError(error, 'NotFound') && typeof property(property(error, '$metadata'), 'requestId') === 'string';
}
