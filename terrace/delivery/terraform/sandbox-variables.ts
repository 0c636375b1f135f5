/**
 * True where every variable says so: the sandbox is named, the credentials are its own (`SANDBOX` and 12 digits) and S3 is its address.
 * One left over from another shell is not enough: what the sandbox allows must not be allowed in a real account.
 */
export function isSandbox(env: NodeJS.ProcessEnv): boolean {
  return (
    Boolean(env['TERRACE_SANDBOX']) &&
    /^SANDBOX\d{12}$/.test(env['AWS_ACCESS_KEY_ID'] ?? '') &&
    /^https?:\/\/([^/]*\.)?s3\.sandbox\/?$/.test(env['AWS_ENDPOINT_URL_S3'] ?? '')
  );
}
