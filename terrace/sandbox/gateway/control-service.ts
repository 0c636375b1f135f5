import { timingSafeEqual } from 'node:crypto';

import type { Reply } from '../http/reply';

/** Header by which a command says which sandbox it means. */
export const sandboxHeader = 'x-terrace-sandbox';
/** Header with the secret of the sandbox's folder. */
export const secretHeader = 'x-terrace-secret';
/** Header with the folder that a command means, percent-encoded: a copy of a sandbox has its id and its secret. */
export const folderHeader = 'x-terrace-folder';
/** Header with the folder that a copy is to be made in, percent-encoded. */
export const copyHeader = 'x-terrace-copy';
export const controlPrefix = '/_sandbox/';

export interface ControlRequest {
  readonly method: string;
  readonly pathname: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface Controlled {
  readonly id: string;
  /** Real path of the sandbox's folder. */
  readonly dir: string;
  readonly secret: string;
  /** What `GET /_sandbox/status` answers, as JSON. */
  readonly status: () => unknown;
  /** Empties the sandbox and gives its new generation; undefined while it is not ready for that. */
  readonly reset: () => number | undefined;
  /** Copies all data into a folder in one step between two requests; false while it is not ready for that. */
  readonly copy: (folder: string) => boolean;
}

/**
 * What the daemon answers about itself, at the loopback address alone, to whoever can read the secret in its folder. A change is asked for
 * by POST and names the sandbox and its folder: a port that has passed to another sandbox does not empty that one, nor does a copy.
 */
export function controlService({ id, dir, secret, status, reset, copy }: Controlled): (request: ControlRequest) => Reply {
  return ({ method, pathname, headers }) => {
    if (!isSame(headers[secretHeader] ?? '', secret))
      return json(403, { error: `${secretHeader} must hold the secret of this sandbox's folder` });
    if (pathname === `${controlPrefix}status`) return json(200, status());
    if (pathname !== `${controlPrefix}reset` && pathname !== `${controlPrefix}copy`) return json(404, { error: `there is no ${pathname}` });
    if (method !== 'POST') return json(405, { error: 'use POST' });
    if (headers[sandboxHeader] !== id || headers[folderHeader] !== encodeURIComponent(dir))
      return json(403, { error: `${sandboxHeader} and ${folderHeader} must name this sandbox and its folder` });
    if (pathname === `${controlPrefix}copy`)
      return copy(decodeURIComponent(headers[copyHeader] ?? '')) ? json(200, {}) : json(503, { error: 'the sandbox is starting' });
    const generation = reset();
    return generation === undefined ? json(503, { error: 'the sandbox is starting or stopping' }) : json(200, { version: 1, generation });
  };
}

function isSame(given: string, secret: string): boolean {
  return given.length === secret.length && timingSafeEqual(Buffer.from(given), Buffer.from(secret));
}

function json(status: number, content: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}
