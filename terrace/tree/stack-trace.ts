import './without-archiver';

import stackTrace = require('cdktf/lib/tokens/private/stack-trace');

/** Environment variable that keeps the creation stacks of tokens, for a resolve error that does not say where its token came from. */
export const keepStacksVariable = 'TERRACE_TOKEN_STACKS';

/**
 * Turns off the stack trace that cdktf captures for every token: building is about ten times faster without it (measured in
 * bench/). Imported before anything of cdktf. Throws when cdktf moved the function, so that an upgrade can't lose this silently.
 */
export function skipTokenStacks(): void {
  if (process.env[keepStacksVariable] !== undefined) return;
  if (typeof stackTrace.captureStackTrace !== 'function')
    throw new Error(
      'cdktf/lib/tokens/private/stack-trace has no captureStackTrace: adapt terrace/tree/stack-trace.ts to this version of cdktf',
    );
  stackTrace.captureStackTrace = () => [];
}

skipTokenStacks();
