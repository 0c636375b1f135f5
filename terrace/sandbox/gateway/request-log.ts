import { appendFileSync, readFileSync, renameSync, statSync } from 'node:fs';

import { isMissing } from '../storage/durable-file';
import type { Exchange } from './gateway';

/** Size at which the log is moved aside; the one moved aside before is dropped. */
const mostBytes = 16 * 1024 * 1024;

const logged = /^(?:x-amz-server-side-encryption|if-none-match|if-match|x-amz-target$|x-amz-copy-source$|user-agent$)/;

/** One line of the request log: what was asked and answered; never a credential, never a body. */
export interface LoggedRequest {
  readonly time: string;
  readonly service: Exchange['service'];
  readonly method: string;
  /** Host, path and query. */
  readonly target: string;
  readonly status: number;
  /** Encryption and conditional headers as the client sent them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Appends to a request log, one line of JSON each. */
export function requestLogger(file: string): (exchange: Exchange) => void {
  let size = sizeOf(file);
  return (exchange) => {
    if (exchange.service === 'control') return;
    const headers = Object.entries(exchange.headers).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && logged.test(entry[0]),
    );
    const entry: LoggedRequest = {
      time: new Date().toISOString(),
      service: exchange.service,
      method: exchange.method,
      target: exchange.target.replace(/([?&])X-Amz-(?:Signature|Credential|Security-Token)=[^&]*/gi, '$1'),
      status: exchange.status,
      headers: Object.fromEntries(headers),
    };
    const line = `${JSON.stringify(entry)}\n`;
    if (size + line.length > mostBytes) {
      renameSync(file, `${file}.1`);
      size = 0;
    }
    appendFileSync(file, line, { mode: 0o600 });
    size += line.length;
  };
}

/** The logged requests, oldest first; those that were moved aside are not among them. */
export function readRequestLog(file: string): readonly LoggedRequest[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LoggedRequest);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
