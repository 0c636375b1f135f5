import { readFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../../base/errors';
import { messageOf } from '../../base/message';

import { Remarked } from './yaml';

/** An action, and the commit that its tag pointed to when it was read. */
interface PinnedAction {
  /** `<owner>/<name>`. */
  readonly action: string;
  readonly tag: string;
  /** 40 hex digits. */
  readonly sha: string;
  /** Where, and how, that was read. */
  readonly read: string;
}

export const actionsFile = 'ci/actions.json';

/** The actions of `ci/actions.json` by name, as `uses:` takes them. Raises E0502 where there is no such file. */
export function pinnedActions(root: string): (action: string) => Remarked {
  let actions: readonly PinnedAction[];
  try {
    ({ actions } = JSON.parse(readFileSync(path.join(root, actionsFile), 'utf8')) as { readonly actions: readonly PinnedAction[] });
  } catch (cause) {
    throw unpinned(messageOf(cause));
  }
  return (name) => {
    const found = actions.find((one) => one.action === name);
    if (found === undefined || !/^[0-9a-f]{40}$/.test(found.sha)) throw unpinned(`no commit of ${name}`);
    return new Remarked(`${name}@${found.sha}`, found.tag);
  };
}

function unpinned(found: string): TerraceError {
  return new TerraceError({
    code: 'E0502',
    title: 'action is not pinned',
    place: actionsFile,
    found,
    expected: 'owner/name, tag, sha and where it was read, for each action in use',
    todo: 'look up the commit of its tag in a clone of its repository, and add it',
  });
}
