const loopback = /^http:\/\/(?:127(?:\.\d+){3}|localhost|\[::1\])(?::\d+)?(?:\/.*)?$/;

/** What each variable of a sandbox's shell looks like; every one of them must, for the shell to be one. */
const forms: readonly (readonly [names: readonly string[], form: RegExp])[] = [
  [['TERRACE_SANDBOX'], /./],
  [['AWS_ACCESS_KEY_ID'], /^SANDBOX\d{12}$/],
  [['AWS_ENDPOINT_URL_S3'], /^https?:\/\/(?:[^/]*\.)?s3\.sandbox\/?$/],
  [['AWS_ENDPOINT_URL_DYNAMODB'], loopback],
  [['AWS_ENDPOINT_URL_STS'], loopback],
  // The name s3.sandbox is known to the sandbox's proxy alone.
  [['HTTP_PROXY', 'http_proxy'], loopback],
];

/**
 * The id of the sandbox that the variables of a process name; undefined where one of them does not belong to a sandbox. One that is left
 * over from another shell is not enough: what the sandbox allows must not be allowed in a real account. Everything that asks, asks here.
 */
export function sandboxOf(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const fits = forms.every(([names, form]) => form.test(names.map((name) => env[name]).find((value) => value) ?? ''));
  return fits ? env['TERRACE_SANDBOX'] : undefined;
}

/** True in the shell of a sandbox, see {@link sandboxOf}. */
export function isSandbox(env: Readonly<NodeJS.ProcessEnv>): boolean {
  return sandboxOf(env) !== undefined;
}

/**
 * True where provisioners run and the work tree's policies are not asked: in the sandbox, on one's own machine, where somebody asks for it by
 * name. Nowhere else.
 */
export function isUnjudged(env: NodeJS.ProcessEnv): boolean {
  return isSandbox(env) && env['TERRACE_SANDBOX_UNJUDGED'] === 'yes';
}
