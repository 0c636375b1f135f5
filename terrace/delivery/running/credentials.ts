import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';

import { stsClient } from '../../../backend/clients';
import type { Credentials } from '../../model/model';
import { failed, messageOf, refused } from '../problems';

/** How one environment's account is reached. */
export interface Account {
  /** `<system>/<environment>`. */
  readonly environment: string;
  readonly credentials: Credentials;
  /** 12 digits; the account that holds the state. */
  readonly stateAccount: string;
  /** Region whose STS is asked. */
  readonly region: string;
}

/** Gives the environment of a terraform process for an account; asked once per account, and again before its keys expire. */
export interface CredentialSource {
  environmentFor(account: Account): Promise<NodeJS.ProcessEnv>;
}

interface Session {
  readonly env: NodeJS.ProcessEnv;
  readonly expires: number;
}

/** Variables that would win over what an environment names. */
const competing = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_SECURITY_TOKEN', 'AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'];
/** Keys are renewed this long before they expire, milliseconds. */
const margin = 10 * 60_000;

/**
 * Credentials for terraform processes, made from `base`: ambient, a profile, or a role that is assumed. The caller's account is compared
 * with the one expected before anything is read with them (E6024, exit 3). Raises E6039 where they are refused or there are none.
 */
export function credentialSource(base: NodeJS.ProcessEnv, now: () => number = Date.now): CredentialSource {
  const sessions = new Map<string, Promise<Session>>();
  return {
    async environmentFor(account) {
      const name = JSON.stringify([account.credentials, account.stateAccount]);
      const known = sessions.get(name);
      if (known !== undefined && (await known).expires - margin > now()) return (await known).env;
      const opened = openSession(account, base);
      sessions.set(name, opened);
      opened.catch(() => sessions.delete(name));
      return (await opened).env;
    },
  };
}

async function openSession(account: Account, base: NodeJS.ProcessEnv): Promise<Session> {
  const { credentials } = account;
  const session = credentials.kind === 'role' ? await assumeRole(account, credentials.roleArn, base) : { env: credentials.kind === 'profile' ? { ...without(base), AWS_PROFILE: credentials.profile } : { ...base }, expires: Number.POSITIVE_INFINITY };
  const expected = credentials.kind === 'role' ? (/:(\d{12}):/.exec(credentials.roleArn)?.[1] ?? account.stateAccount) : account.stateAccount;
  const found = await callerAccount(account, session.env);
  if (found !== expected) {
    throw refused('E6024', { place: account.environment, found: `the credentials (${describe(credentials)}) belong to account ${found}`, expected, todo: 'choose the credentials of this environment; nothing was read or written' });
  }
  return session;
}

async function assumeRole(account: Account, roleArn: string, base: NodeJS.ProcessEnv): Promise<Session> {
  const [{ AssumeRoleCommand }, client] = await Promise.all([import('@aws-sdk/client-sts'), stsClient(account.region, base)]);
  try {
    const { Credentials: keys } = await client.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName(base) }));
    if (keys?.AccessKeyId === undefined || keys.SecretAccessKey === undefined) throw new Error('STS gave no keys');
    return {
      env: { ...without(base), AWS_ACCESS_KEY_ID: keys.AccessKeyId, AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey, ...(keys.SessionToken === undefined ? {} : { AWS_SESSION_TOKEN: keys.SessionToken }) },
      expires: keys.Expiration?.getTime() ?? Date.now() + 3_600_000,
    };
  } catch (cause) {
    throw refusedCredentials(account, `${roleArn} cannot be assumed: ${messageOf(cause)}`, cause);
  } finally {
    client.destroy();
  }
}

async function callerAccount(account: Account, env: NodeJS.ProcessEnv): Promise<string> {
  const [{ GetCallerIdentityCommand }, client] = await Promise.all([import('@aws-sdk/client-sts'), stsClient(account.region, env)]);
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Account ?? 'unknown';
  } catch (cause) {
    throw refusedCredentials(account, `GetCallerIdentity failed: ${messageOf(cause)}`, cause);
  } finally {
    client.destroy();
  }
}

function refusedCredentials(account: Account, found: string, cause: unknown) {
  return failed('E6039', { place: account.environment, found, todo: `check the credentials of this environment (${describe(account.credentials)}), or work in the sandbox: eval "$(npx terrace sandbox env)"` }, 1, cause);
}

function describe(credentials: Credentials): string {
  if (credentials.kind === 'profile') return `profile ${credentials.profile}`;
  return credentials.kind === 'role' ? `role ${credentials.roleArn}` : 'those of this shell';
}

function without(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(base).filter(([name]) => !competing.includes(name)));
}

/** Shown in CloudTrail; letters, digits and `=,.@-` only. */
function sessionName(env: NodeJS.ProcessEnv): string {
  const run = env['GITHUB_RUN_ID'] ?? createHash('sha256').update(String(process.pid)).digest('hex').slice(0, 8);
  return `terrace-${env['GITHUB_ACTOR'] ?? user()}-${run}`.replaceAll(/[^\w=,.@-]/g, '-').slice(0, 64);
}

function user(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
