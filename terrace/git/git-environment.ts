import { devNull } from 'node:os';

/** Variables with which a shell shows git another repository, other objects or a shorter history than the folder has. */
const redirecting =
  /^GIT_(?:DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|SHALLOW_FILE|PREFIX|IMPLICIT_WORK_TREE|EXTERNAL_DIFF|DIFF_OPTS|ATTR_SOURCE|(?:ICASE|GLOB|NOGLOB|LITERAL)_PATHSPECS)$/;

/**
 * The environment of a git that reads what judges and what is judged: the repository is the folder's, and commits are what their ids say.
 * Objects that a clone replaces or grafts count for nothing; no more do the variables with which a shell points git elsewhere.
 */
export function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !redirecting.test(name));
  return { ...Object.fromEntries(kept), GIT_NO_REPLACE_OBJECTS: '1', GIT_GRAFT_FILE: devNull };
}
