import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { answeredByAws } from './answered-by-aws';
import type { NodeHttpHandler } from '@smithy/node-http-handler';

/** Milliseconds; a request without an answer for that long is retried, then fails. */
const timeouts = { connection: 10_000, request: 60_000 };

/** Before the answer is read. */
const afterAnswer = { step: 'deserialize', priority: 'low', name: 'answeredByAws' } as const;

/** Settings that every client shares, taken from the given environment and not from the process's. */
interface Settings {
  readonly region: string;
  readonly requestHandler: NodeHttpHandler;
  readonly maxAttempts: number;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  readonly profile?: string;
}

/** Client of S3 in one region. Buckets are addressed by host name, as terraform does it. The caller destroys it. */
export async function s3Client(region: string, env: NodeJS.ProcessEnv): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  // With `Expect: 100-continue` the proxy's agent sends the head of a request a second time, after its body.
  const withoutExpect = { ...(await settings('S3', region, env)), expectContinueHeader: false };
  const client = new S3Client(withoutExpect);
  client.middlewareStack.add(answeredByAws, afterAnswer);
  return client;
}

/** Client of DynamoDB in one region. The caller destroys it. */
export async function dynamodbClient(region: string, env: NodeJS.ProcessEnv): Promise<DynamoDBClient> {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient(await settings('DYNAMODB', region, env));
  client.middlewareStack.add(answeredByAws, afterAnswer);
  return client;
}

/** Client of STS in one region. The caller destroys it. */
export async function stsClient(region: string, env: NodeJS.ProcessEnv): Promise<STSClient> {
  const { STSClient } = await import('@aws-sdk/client-sts');
  return new STSClient(await settings('STS', region, env));
}

/**
 * Credentials: the keys of `env`, else its `AWS_PROFILE`, else what the SDK finds by itself (web identity, container, instance).
 * Endpoint: `AWS_ENDPOINT_URL_<SERVICE>` or `AWS_ENDPOINT_URL`. Requests go through the proxy that `env` names; a company's own
 * certificate authority is added with `NODE_EXTRA_CA_CERTS`.
 */
async function settings(service: string, region: string, env: NodeJS.ProcessEnv): Promise<Settings> {
  // That a later SDK will not run on this Node.js is nothing for the reader of a plan: the version is pinned.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] || env['AWS_ENDPOINT_URL'];
  const keys = accessKeys(env);
  return {
    region,
    requestHandler: await requestHandler(env),
    maxAttempts: Number(env['AWS_MAX_ATTEMPTS']) || 3,
    ...(endpoint && { endpoint }),
    ...(keys && { credentials: keys }),
    ...(!keys && env['AWS_PROFILE'] && { profile: env['AWS_PROFILE'] }),
  };
}

function accessKeys(env: NodeJS.ProcessEnv): Settings['credentials'] | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

async function requestHandler(env: NodeJS.ProcessEnv): Promise<NodeHttpHandler> {
  const [{ NodeHttpHandler }, { proxiedAgent }] = await Promise.all([import('@smithy/node-http-handler'), import('./proxied-agent')]);
  return new NodeHttpHandler({
    connectionTimeout: timeouts.connection,
    requestTimeout: timeouts.request,
    throwOnRequestTimeout: true,
    httpAgent: proxiedAgent('http:', env),
    httpsAgent: proxiedAgent('https:', env),
  });
}
