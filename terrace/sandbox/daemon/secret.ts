import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { unfinishedPath } from '../storage/durable-file';
import { layoutOf } from './layout';

/** What tells a sandbox's user from everybody else on the machine; made with the sandbox, readable by that user alone. */
export interface SandboxSecret {
  /** Asked for by the control routes. */
  readonly control: string;
  /** `AWS_SECRET_ACCESS_KEY` of every key of the sandbox: whoever has it may use the data. */
  readonly data: string;
}

/** The secret of a sandbox's folder, `secret` in it with mode 0600; made where there is none. Of several processes that do so at once, one makes it. */
export function sandboxSecret(dir: string): SandboxSecret {
  const { secret: file } = layoutOf(dir);
  const known = read(file);
  if (known !== undefined) return secretsOf(known);
  const temporary = unfinishedPath(file);
  writeFileSync(temporary, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return secretsOf(read(file) ?? '');
}

function read(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return /^[\da-f]{64}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The one that programs get in their variables says nothing about the other. */
function secretsOf(secret: string): SandboxSecret {
  return { control: secret, data: createHmac('sha256', secret).update('data').digest('base64url').slice(0, 40) };
}
