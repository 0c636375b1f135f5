import { canonicalText } from '../../base/canonical';
import type { Repository } from '../../git/repository';
import { factsAt, factsOf } from '../accepted/find-accepted';
import { environmentPolicy, parsePolicy, policyFile, type ApprovalPolicy } from '../approval/approval-rules';
import { environmentsFile } from '../approval/environment-facts';
import { refused } from '../problems';
import { ruleFiles } from '../affected/watched-files';

/** What a change is for one environment: who made it, and which of what judges it is changed. */
export interface ChangeSince {
  /** Addresses, lower case, sorted. */
  readonly authors: readonly string[];
  /** Files that judge the environment and that the change touches. */
  readonly rules: readonly string[];
}

/** Files of which nothing is made and by which nothing is judged: words and pictures. What a source could import counts, wherever it lies. */
const aside = /^(?:docs\/.*\.(?:md|png|svg|jpe?g|gif)|[^/]+\.md)$/;

/**
 * The change of an environment from the commit that it accepted last to another one, as git says, whoever planned with which base. The rules
 * and facts of other environments are not its own. Raises E6057 (exit 3) where a shallow clone lacks a part of it: authors would be missing.
 */
export async function changeSince(repository: Repository, environment: string, accepted: string, head: string): Promise<ChangeSince> {
  if (accepted === head) return { authors: [], rules: [] };
  if (repository.isCutOff(accepted, head))
    throw refused('E6057', {
      place: environment,
      found: `this clone is shallow: it lacks part of ${accepted.slice(0, 12)}..${head.slice(0, 12)}, so its authors are not known`,
      todo: 'git fetch --unshallow',
    });
  const authors = repository.authors(head, accepted, (file) => !aside.test(file));
  const rules: string[] = [];
  for (const file of ruleFiles(repository.changedFiles(accepted, head)))
    if (!(await isOthersOnly(repository, environment, file, accepted, head))) rules.push(file);
  return { authors, rules };
}

/** True for a file of which the change touches nothing that judges the environment. What cannot be read is a change. */
async function isOthersOnly(repository: Repository, environment: string, file: string, accepted: string, head: string): Promise<boolean> {
  const of = async (commit: string): Promise<string | undefined> => {
    try {
      if (file === environmentsFile) return canonicalText(factsOf(await factsAt(repository, commit), environment) ?? null);
      if (file !== policyFile) return undefined;
      const text = repository.fileAt(commit, policyFile);
      return text === undefined ? undefined : canonicalText(rulesOf(await parsePolicy(text, file), environment));
    } catch {
      return undefined;
    }
  };
  const before = await of(accepted);
  return before !== undefined && before === (await of(head));
}

/** The rules of one environment with the keys and logins of who may approve there. */
function rulesOf(policy: ApprovalPolicy, environment: string): object {
  const [system = '', name = ''] = environment.split('/');
  const rules = environmentPolicy(policy, system, name) ?? null;
  const people = new Set([...(rules?.approvers ?? []), ...(rules?.gateKeys ?? [])].map((one) => one.toLowerCase()));
  return {
    rules,
    keys: policy.keys.filter(({ identity }) => people.has(identity.toLowerCase())),
    logins: Object.entries(policy.logins ?? {})
      .filter(([, identity]) => people.has(identity.toLowerCase()))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}
