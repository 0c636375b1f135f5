import path from 'node:path';

/** What an error of the operating system means to whoever meets it. Any code that is not here keeps the words it came with. */
const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'this is a folder, not a file',
  ENOTDIR: 'a part of this path is a file, not a folder',
  EEXIST: 'it already exists',
  ENOTEMPTY: 'the folder is not empty',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EBUSY: 'another program is using it',
  ETXTBSY: 'another program is using it',
  EIO: 'the disk could not be read or written',
  E2BIG: 'the arguments and the environment are too long to start a program with',
  ENOEXEC: 'this is not a program that this machine can run',
  ECONNREFUSED: 'nothing listens there',
  EADDRINUSE: 'another program is using this port',
  EADDRNOTAVAIL: 'this machine does not have this address',
  ECONNRESET: 'the connection was closed by the other side',
  EPIPE: 'the connection was closed by the other side',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  ENOTFOUND: 'this host name is not known',
  EAI_AGAIN: 'this host name cannot be looked up now',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
};

/** An error of the operating system or the network. */
export interface SystemError {
  /** `ENOENT` */
  readonly code: string;
  /** The file, the program or the address that it is about; empty where the system does not name one. */
  readonly about: string;
  /** True where that is a file or a folder. */
  readonly ofFile: boolean;
  readonly words: string;
}

/**
 * Reads an error as one of the system: itself, the cause of a `fetch failed`, or the first of several addresses that were tried. Undefined for every other
 * error: one whose code is not known here, and one whose message does not name its code, since it has words of its own.
 */
export function systemErrorOf(error: unknown): SystemError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (textOf(error, 'message') === 'fetch failed') return systemErrorOf(Reflect.get(error, 'cause'));
  if (error instanceof AggregateError && error.errors.length > 0) return systemErrorOf(error.errors[0]);
  const code = textOf(error, 'code');
  const known = code === 'ENOENT' && textOf(error, 'syscall').startsWith('spawn') ? 'there is no such program' : words[code];
  if (known === undefined || !textOf(error, 'message').includes(code)) return undefined;
  const file = textOf(error, 'path');
  const host = textOf(error, 'hostname') || textOf(error, 'address');
  const port = 'port' in error && typeof error.port === 'number' ? `:${error.port}` : '';
  return { code, about: file || (host === '' ? '' : `${host}${port}`), ofFile: file !== '', words: known };
}

/** Its words, after what they are about; without that where the place already names it. */
export function systemWords({ about, ofFile, words: said }: SystemError, place?: string): string {
  const same = place !== undefined && (about === place || (ofFile && path.resolve(about) === path.resolve(place)));
  return about === '' || same ? said : `${about}: ${said}`;
}

function textOf(error: object, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}
