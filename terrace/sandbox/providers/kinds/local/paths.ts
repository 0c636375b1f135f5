import path from 'node:path';

import type { Caller, ResourceCall, Settings } from '../../engine/context';
import { Refusal } from '../../engine/refusal';

/** Settings of a provider that works with files: the folder that relative paths start from. */
export function fileSettings(caller: Caller): Settings {
  return { scope: '-', values: caller.directory === undefined ? {} : { directory: caller.directory }, defaultTags: {}, caller };
}

/** A path as terraform's process means it; refuses a relative one where that process's folder is not known. */
export function resolvePath(call: ResourceCall, file: string): string {
  if (path.isAbsolute(file)) return file;
  const directory = call.settings.values['directory'];
  if (directory !== undefined) return path.resolve(directory, file);
  throw new Refusal(
    'relative path',
    `${file}: on this system the sandbox does not know terraform's folder; use \${abspath(path.module)} or mirror mode`,
  );
}
