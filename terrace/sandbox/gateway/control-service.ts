import type { Reply } from '../http/reply';

/** Header by which a command says which sandbox it means. */
export const sandboxHeader = 'x-terrace-sandbox';
export const controlPrefix = '/_sandbox/';

export interface ControlRequest {
  readonly method: string;
  readonly pathname: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface Controlled {
  readonly id: string;
  /** What `GET /_sandbox/status` answers, as JSON. */
  readonly status: () => unknown;
  /** Empties the sandbox and gives its new generation; undefined while it is not ready for that. */
  readonly reset: () => number | undefined;
}

/**
 * What the daemon answers about itself, at the loopback address alone. A change is asked for by POST and names the sandbox in a header:
 * a page in a browser can send neither that header nor its request without an `Origin`, and a port that has passed to another sandbox
 * does not empty that one.
 */
export function controlService({ id, status, reset }: Controlled): (request: ControlRequest) => Reply {
  return ({ method, pathname, headers }) => {
    if (pathname === `${controlPrefix}status`) return json(200, status());
    if (pathname !== `${controlPrefix}reset`) return json(404, { error: `there is no ${pathname}` });
    if (method !== 'POST') return json(405, { error: 'use POST' });
    if (headers[sandboxHeader] !== id || headers['origin'] !== undefined)
      return json(403, { error: `${sandboxHeader} must name this sandbox, and no web page may ask` });
    const generation = reset();
    return generation === undefined ? json(503, { error: 'the sandbox is starting or stopping' }) : json(200, { version: 1, generation });
  };
}

function json(status: number, content: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}
