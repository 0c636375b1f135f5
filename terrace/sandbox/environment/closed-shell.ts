import { enterLines } from './shell';

/** An address of this machine at which nothing listens. */
const closed = 'http://127.0.0.1:1';

/** What a shell must not have that goes on although it could not enter the sandbox; an empty value is unset. */
const values: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [[name, closed] as const, [name.toLowerCase(), closed] as const]),
  ),
  NO_PROXY: '',
  no_proxy: '',
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL: closed,
  AWS_ENDPOINT_URL_DYNAMODB: closed,
  AWS_ENDPOINT_URL_S3: closed,
  AWS_ENDPOINT_URL_STS: closed,
  GIT_ALLOW_PROTOCOL: 'file',
  TERRACE_SANDBOX: '',
  TERRACE_SANDBOX_DIR: '',
  TF_REATTACH_PROVIDERS: '',
};

/**
 * POSIX shell code for a sandbox that could not be entered: `eval` ends with a failure, and whoever goes on all the same, as a script
 * without `set -e` does, has no credentials and reaches nothing. `blanked` are the names that entering would have blanked, `listed` those
 * that an earlier `sandbox env` of the shell has kept; leaving restores both.
 */
export function closedLines(blanked: readonly string[], listed: readonly string[]): readonly string[] {
  return [
    ...enterLines({ ...Object.fromEntries(blanked.map((name) => [name, ''] as const)), ...values }, listed),
    `echo 'the sandbox was not entered: this shell has no credentials and no network until you run: eval "$(npx --no terrace sandbox env --unset)"' >&2`,
    'false',
  ];
}
