import { exitCodes, TerraceError } from '../base/errors';
import type { Credentials } from '../model/model';
import { awsError } from './aws-error';
import { stsClient } from './clients';

/** Set to use the shell's own credentials instead of the environments' roles and profiles: in CI the job has assumed the role already. */
export const ambientVariable = 'TERRACE_CREDENTIALS';

export interface AccountAccess {
  /** `<system>/<environment>`, for messages. */
  readonly environment: string;
  /** 12 digits: the account the credentials must belong to. */
  readonly account: string;
  readonly credentials: Credentials;
  /** Region in which STS is asked. */
  readonly region: string;
}

/** Credentials that were asked for: half an hour before they end they are asked for again. */
const renewBeforeMs = 30 * 60_000;
const sessionSeconds = 60 * 60;
const sessions = new Map<string, { readonly env: NodeJS.ProcessEnv; readonly expires: number }>();

/**
 * The variables of one environment's account: the shell's, with the environment's role assumed or its profile, sign-in, or what the
 * machine lends resolved to keys, so that no program that gets them needs a user's files. The account is compared with
 * `GetCallerIdentity` before anything is read.
 * Raises E4105 (exit 3) for another account's credentials, and the codes of terrace/aws/aws-error.ts where AWS refuses.
 */
export async function accountEnvironment(access: AccountAccess, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const credentials: Credentials = env[ambientVariable] === 'ambient' ? { kind: 'ambient' } : access.credentials;
  const id = JSON.stringify([
    credentials,
    access.account,
    access.region,
    env['AWS_ACCESS_KEY_ID'],
    env['AWS_PROFILE'],
    env['AWS_ENDPOINT_URL_STS'],
    env['TERRACE_SANDBOX'],
  ]);
  const known = sessions.get(id);
  if (known !== undefined && known.expires - renewBeforeMs > Date.now()) return { ...env, ...known.env };
  const { own, expires } = await overrides(credentials, access, env);
  const keys = await comparedKeys(access, { ...env, ...own });
  const all = { ...own, ...keys.own };
  sessions.set(id, { env: all, expires: Math.min(expires, keys.expires) });
  return { ...env, ...all };
}

/** ARN of whoever the variables of an account's environment sign in as, as AWS says. */
export async function callerArn(
  { environment, region }: Pick<AccountAccess, 'environment' | 'region'>,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = await stsClient(region, env);
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn ?? 'an unknown identity';
  } catch (error) {
    throw awsError(error, { place: environment, doing: 'ask whose credentials these are', target: `STS (${region})` });
  } finally {
    client.destroy();
  }
}

async function overrides(
  credentials: Credentials,
  access: AccountAccess,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly own: NodeJS.ProcessEnv; readonly expires: number }> {
  switch (credentials.kind) {
    case 'ambient':
      return { own: {}, expires: Infinity };
    case 'profile':
      return {
        own: {
          AWS_PROFILE: credentials.profile,
          AWS_ACCESS_KEY_ID: undefined,
          AWS_SECRET_ACCESS_KEY: undefined,
          AWS_SESSION_TOKEN: undefined,
        },
        expires: Infinity,
      };
    case 'role':
      return assumed(credentials.roleArn, access, env);
  }
}

async function assumed(
  roleArn: string,
  access: AccountAccess,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly own: NodeJS.ProcessEnv; readonly expires: number }> {
  const { AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const client = await stsClient(access.region, env);
  try {
    const { Credentials: given } = await client.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'terrace', DurationSeconds: sessionSeconds }),
    );
    return {
      own: {
        AWS_ACCESS_KEY_ID: given?.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: given?.SecretAccessKey,
        AWS_SESSION_TOKEN: given?.SessionToken,
        AWS_PROFILE: undefined,
      },
      expires: given?.Expiration?.getTime() ?? Date.now() + sessionSeconds * 1000,
    };
  } catch (error) {
    throw awsError(error, { place: access.environment, doing: 'assume the role of the environment', target: roleArn });
  } finally {
    client.destroy();
  }
}

/** The keys behind credentials that are no keys; nothing where the variables hold keys already. Raises E4105 for another account's. */
async function comparedKeys(
  access: AccountAccess,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly own: NodeJS.ProcessEnv; readonly expires: number }> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = await stsClient(access.region, env);
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    if (Account !== access.account)
      throw new TerraceError(
        {
          code: 'E4105',
          title: 'wrong account',
          place: access.environment,
          found: `the credentials belong to account ${Account ?? 'unknown'} (${Arn ?? 'unknown identity'})`,
          expected: `account ${access.account}`,
          todo: "use the environment's own credentials; stacks/<system>/<environment>/account.ts names them",
        },
        exitCodes.refused,
      );
    if (env['AWS_ACCESS_KEY_ID'] && env['AWS_SECRET_ACCESS_KEY']) return { own: {}, expires: Infinity };
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await client.config.credentials();
    return {
      own: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_PROFILE: undefined,
      },
      expires: expiration?.getTime() ?? Infinity,
    };
  } catch (error) {
    throw awsError(error, { place: access.environment, doing: 'ask whose credentials these are', target: `STS (${access.region})` });
  } finally {
    client.destroy();
  }
}
