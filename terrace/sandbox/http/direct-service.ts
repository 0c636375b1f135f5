import type { Caller } from './caller';
import type { Reply } from './reply';

/** A service that is addressed at the loopback address itself. */
export type DirectService = (request: DirectRequest) => Reply;

export interface DirectRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly caller: Caller | undefined;
}
