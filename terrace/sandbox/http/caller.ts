import type { IncomingHttpHeaders } from 'node:http';

/** Who signs a request, read from its SigV4 credential scope. The signature itself is not checked: keys of the sandbox open nothing else. */
export interface Caller {
  readonly accessKeyId: string;
  /** The 12 digits in the access key id; undefined when the key is not one of the sandbox's. */
  readonly account: string | undefined;
  /** Region of the credential scope. */
  readonly region: string;
  /** Session token of an assumed role; see sts/session-token.ts. */
  readonly sessionToken: string | undefined;
}

const keyForm = /^SANDBOX(\d{12})$/;

/** Access key id of an account in the sandbox. */
export function accessKeyOf(account: string): string {
  return `SANDBOX${account}`;
}

/** The 12 digits of a sandbox key; undefined for any other key, above all a real one. */
export function accountOfKey(accessKeyId: string): string | undefined {
  return keyForm.exec(accessKeyId)?.[1];
}

/** Reads the caller from the `Authorization` header or a presigned query; undefined for an anonymous request. */
export function callerOf(headers: IncomingHttpHeaders, query: URLSearchParams): Caller | undefined {
  const scope = /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential') ?? undefined;
  if (scope === undefined) return undefined;
  const parts = scope.split('/');
  if (parts.length < 5) return undefined;
  const accessKeyId = parts.slice(0, -4).join('/');
  const token = headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? undefined;
  return {
    accessKeyId,
    account: accountOfKey(accessKeyId),
    region: parts.at(-3) ?? '',
    sessionToken: Array.isArray(token) ? token[0] : token === '' ? undefined : token,
  };
}
