import { isErrno } from '../base/errno';
import type { Problem } from '../base/errors';
import { messageOf } from '../base/message';
import { systemErrorOf } from '../base/system-error';

/** What a command failed with that nobody foresaw: E0013 for a full disk, E0018 for a file or program that the system refuses, E0009 for anything else. */
export function uncodedProblem(error: unknown): Problem {
  if (isErrno(error, 'ENOSPC', 'EDQUOT'))
    return { code: 'E0013', title: 'disk full', found: messageOf(error), todo: 'free some space, then run the command again' };
  const system = systemErrorOf(error);
  if (system?.ofFile === true)
    return {
      code: 'E0018',
      title: 'file or program not usable',
      place: system.about,
      found: system.words,
      todo: 'check its name and its permissions; with --debug, the stack trace shows what needed it',
    };
  return { code: 'E0009', title: 'unexpected failure', found: messageOf(error), todo: 'run again with --debug and report what it shows' };
}
