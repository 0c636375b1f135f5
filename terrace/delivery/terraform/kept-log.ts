import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { messageOf } from '../../base/message';
import { maskedText } from '../masking/marker';
import type { Secrets } from '../masking/secrets';

/** Copies a log to where people look, without secrets. A disk that is full must not hide how the step ended. */
export function keepLog(raw: string, log: string, secrets: Secrets): void {
  if (!existsSync(raw)) return;
  try {
    mkdirSync(path.dirname(log), { recursive: true });
    writeFileSync(log, secrets.without(readFileSync(raw, 'utf8'), maskedText), { mode: 0o600 });
  } catch (error) {
    process.emitWarning(`${log}: ${messageOf(error)}`);
  }
}
