/** A role that was assumed; the token carries it, so the service keeps nothing. */
export interface AssumedRole {
  readonly account: string;
  readonly role: string;
  readonly session: string;
}

/** Session token that names the assumed role. */
export function sessionToken(role: AssumedRole): string {
  return `sandbox.${Buffer.from(JSON.stringify([role.account, role.role, role.session])).toString('base64url')}`;
}

/** The role a token names, with its ARN; undefined without a token, or for one that is not of this account. */
export function readSessionToken(token: string | undefined, account: string): (AssumedRole & { readonly arn: string }) | undefined {
  const encoded = /^sandbox\.([\w-]+)$/.exec(token ?? '')?.[1];
  if (encoded === undefined) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts[0] !== account || parts[1] === 'user') return undefined;
  const [role, session] = [String(parts[1]), String(parts[2])];
  return { account, role, session, arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}` };
}
