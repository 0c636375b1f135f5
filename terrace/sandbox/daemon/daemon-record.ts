import { realpathSync } from 'node:fs';
import { request as send } from 'node:http';
import path from 'node:path';

import { controlPrefix, copyHeader, folderHeader, sandboxHeader, secretHeader } from '../gateway/control-service';
import { readJson } from '../storage/durable-file';
import { layoutOf } from './layout';
import { sandboxSecret } from './secret';

/** Exit code of a daemon that finds its port taken, be it by another daemon of the same folder. */
export const portTaken = 3;

/** Argument of a daemon that loads its code and serves when its standard input says so; it ends where that ends before. */
export const waits = '--waits';

/** How terraform reaches a provider that already runs (`TF_REATTACH_PROVIDERS`). */
export interface ReattachEntry {
  readonly Protocol: 'grpc';
  readonly ProtocolVersion: number;
  readonly Pid: number;
  readonly Test: boolean;
  readonly Addr: { readonly Network: string; readonly String: string };
}

/** Who runs a sandbox. */
export interface DaemonRecord {
  readonly version: 1;
  readonly id: string;
  readonly pid: number;
  readonly port: number;
  /** ISO time. */
  readonly started: string;
  /** By provider source, as `registry.terraform.io/hashicorp/aws`. */
  readonly reattach: Readonly<Record<string, ReattachEntry>>;
}

/** What a daemon says about itself; `ready` is false while its providers are not up yet. */
export interface DaemonStatus extends DaemonRecord {
  readonly ready: boolean;
  /** Digest of the code it runs; see `sandboxBuild`. */
  readonly build?: string;
  readonly dir: string;
  readonly buckets: number;
  readonly objects: number;
  readonly tables: number;
}

/** The record that a daemon of this folder left; it may be stale. Undefined where there is none or it is no record. */
export function readRecord(dir: string): DaemonRecord | undefined {
  let content: unknown;
  try {
    content = readJson(layoutOf(dir).record);
  } catch {
    return undefined;
  }
  return isRecordOf(content) ? content : undefined;
}

/** Asks the daemon on a port as the user of a folder; undefined when nothing answers, or something that is not that user's sandbox. */
export async function askDaemon(dir: string, port: number): Promise<DaemonStatus | undefined> {
  const answer = await ask(port, 'GET', 'status', { [secretHeader]: sandboxSecret(dir).control });
  return answer === undefined ? undefined : statusIn(answer.body);
}

/** Has the daemon of a folder empty its sandbox; false when none of that id and folder has done so. */
export async function askReset(dir: string, port: number, id: string): Promise<boolean> {
  const headers = {
    [sandboxHeader]: id,
    [secretHeader]: sandboxSecret(dir).control,
    [folderHeader]: encodeURIComponent(folderOf(dir)),
  };
  return (await ask(port, 'POST', 'reset', headers))?.status === 200;
}

/** Has the daemon of a folder copy all its data into another one, as they are between two requests; false when none has done so. */
export async function askCopy(dir: string, port: number, id: string, to: string): Promise<boolean> {
  const headers = {
    [sandboxHeader]: id,
    [secretHeader]: sandboxSecret(dir).control,
    [folderHeader]: encodeURIComponent(folderOf(dir)),
    [copyHeader]: encodeURIComponent(path.resolve(to)),
  };
  return (await ask(port, 'POST', 'copy', headers, copyLimit))?.status === 200;
}

/** True for the daemon of this folder: a copy of the folder has the same id, the same port and the same secret. */
export function isDaemonOf(status: DaemonStatus, dir: string, id: string): boolean {
  return status.id === id && folderOf(status.dir) === folderOf(dir);
}

/** Real path of a folder; the path itself where there is none. */
export function folderOf(dir: string): string {
  try {
    return realpathSync(dir);
  } catch {
    return path.resolve(dir);
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** How long a copy may take, in milliseconds: it grows with what the sandbox holds. */
const copyLimit = 60_000;

/** The answer of whatever listens on a loopback port; undefined for none within the time, in milliseconds. */
function ask(
  port: number,
  method: string,
  name: string,
  headers: Readonly<Record<string, string>>,
  timeout = 2000,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path: `${controlPrefix}${name}`, method, headers, agent: false, timeout };
    const request = send(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
    request.end();
  });
}

function statusIn(text: string): DaemonStatus | undefined {
  try {
    const status: unknown = JSON.parse(text);
    return isRecordOf(status) && 'ready' in status ? (status as DaemonStatus) : undefined;
  } catch {
    return undefined;
  }
}

function isRecordOf(value: unknown): value is DaemonRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { version, id, pid, port } = value as Partial<Record<keyof DaemonRecord, unknown>>;
  return version === 1 && typeof id === 'string' && typeof pid === 'number' && pid > 1 && typeof port === 'number';
}
