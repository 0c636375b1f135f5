import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { messageOf } from '../../base/message';
import { visible } from '../../base/visible';
import { maskedText } from '../masking/marker';
import type { Secrets } from '../masking/secrets';

/** Copies a log to where people look, without secrets and without what a terminal would obey. A disk that is full must not hide how the step ended. */
export function keepLog(raw: string, log: string, secrets: Secrets): void {
  if (!existsSync(raw)) return;
  try {
    mkdirSync(path.dirname(log), { recursive: true });
    writeFileSync(log, visible(secrets.without(readFileSync(raw, 'utf8'), maskedText)), { mode: 0o600 });
  } catch (error) {
    process.emitWarning(`the log ${log} could not be kept: ${messageOf(error, log)}`);
  }
}
