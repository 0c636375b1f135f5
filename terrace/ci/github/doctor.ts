import { isObject } from '../../base/json';
import type { EnvironmentDelivery, SystemDelivery } from '../delivery';
import { wantedPlaces, type WantedPlace } from './places';
import { subjectForm } from './trust';

/** One setting of the repository that is not as the workflows need it. */
export interface SettingProblem {
  /** What it is about: the repository, a branch, a deployment environment. */
  readonly place: string;
  readonly found: string;
  readonly todo: string;
}

/** From this day on new and renamed repositories send immutable subjects. */
const immutableSince = '2026-07-15';

/** Asks GitHub's API for a path below `/repos/<owner>/<name>`; undefined where there is nothing, or the token may not read it. */
export type Ask = (path: string) => Promise<unknown>;

/** Compares a repository's settings with what the generated workflows of a system rely on. Reads only. */
export async function settingProblems(delivery: SystemDelivery, ask: Ask): Promise<readonly SettingProblem[]> {
  return [
    ...(await repositoryProblems(delivery, ask)),
    ...(await Promise.all(delivery.environments.map((environment) => environmentProblems(delivery, environment, ask)))).flat(),
  ];
}

async function repositoryProblems({ repository, branch, system }: SystemDelivery, ask: Ask): Promise<readonly SettingProblem[]> {
  const problems: SettingProblem[] = [];
  const about = await ask('');
  if (!isObject(about))
    return [
      {
        place: repository.name,
        found: 'the repository cannot be read',
        todo: 'use a token that can read the repository and its administration',
      },
    ];
  const owner = isObject(about['owner']) ? about['owner']['id'] : undefined;
  if (about['id'] !== repository.id || owner !== repository.ownerId)
    problems.push({
      place: `stacks/${system}/ci.ts`,
      found: `the source has the ids ${repository.ownerId ?? 'none'} and ${repository.id ?? 'none'}, GitHub has ${String(owner)} and ${String(about['id'])}`,
      todo: `repository: { name: '${repository.name}', ownerId: ${String(owner)}, id: ${String(about['id'])} }, then apply the roles`,
    });
  const standing = about['default_branch'];
  if (typeof standing === 'string' && standing !== branch)
    problems.push({
      place: branch,
      found: `${standing} is the default branch, so GitHub does not say who proposed the commits of ${branch}`,
      todo: `make ${branch} the default branch: whoever proposed a change must not approve it`,
    });
  const protectedBranch = await ask(`/branches/${branch}`);
  if (!isObject(protectedBranch) || protectedBranch['protected'] !== true)
    problems.push({
      place: branch,
      found: 'the branch is not protected',
      todo: 'require a pull request with a review: the program that plans and applies comes from this branch',
    });
  const workflow = await ask('/actions/permissions/workflow');
  if (isObject(workflow) && workflow['default_workflow_permissions'] !== 'read')
    problems.push({
      place: repository.name,
      found: 'workflows may write by default',
      todo: 'set the default permissions of GITHUB_TOKEN to read',
    });
  if (isObject(workflow) && workflow['can_approve_pull_request_reviews'] === true)
    problems.push({ place: repository.name, found: 'workflows may approve pull requests', todo: 'remove that permission' });
  const actions = await ask('/actions/permissions');
  if (isObject(actions) && actions['allowed_actions'] === 'all')
    problems.push({ place: repository.name, found: 'all actions are allowed', todo: 'allow only the actions in ci/actions.json' });
  const subject = await ask('/actions/oidc/customization/sub');
  if (isObject(subject) && subject['use_default'] === false)
    problems.push({
      place: repository.name,
      found: `subjects are built from ${JSON.stringify(subject['include_claim_keys'] ?? [])}`,
      todo: 'use the default subject: the roles expect its form',
    });
  problems.push(
    ...subjectProblems(repository, system, about['created_at'], isObject(subject) ? subject['use_immutable_subject'] : undefined),
  );
  const rulesets = await ask('/rulesets?includes_parents=true');
  const protections: readonly unknown[] = Array.isArray(rulesets) ? rulesets : [];
  if (!protections.filter(isObject).some((one) => one['enforcement'] === 'active' && /action|workflow/i.test(String(one['target']))))
    problems.push({
      place: repository.name,
      found: 'no ruleset limits who may run workflows, and on which events',
      todo: 'create one in the settings of Actions, under Policies: push, pull_request, schedule and workflow_dispatch, by people with write access',
    });
  return problems;
}

/**
 * Whether the roles trust the form of subjects that the repository's tokens have. GitHub says which; where it does not, repositories made since
 * 2026-07-15 have ids in them.
 */
function subjectProblems(
  repository: SystemDelivery['repository'],
  system: string,
  created: unknown,
  immutable: unknown,
): readonly SettingProblem[] {
  const form = subjectForm(repository);
  const place = `stacks/${system}/ci.ts`;
  const isNew = typeof created === 'string' && created >= immutableSince;
  if (form === 'names' && (immutable === true || (immutable === undefined && isNew)))
    return [
      {
        place,
        found:
          immutable === true
            ? 'its tokens carry ids, but its roles trust its name'
            : `it was created at ${String(created)}, so its tokens carry ids, but its roles trust its name`,
        todo: "set ownerId and id, and remove subjects: 'names'",
      },
    ];
  if (form === 'migrating' && immutable === true)
    return [{ place, found: 'its tokens carry ids, but its roles still trust its name', todo: "remove subjects: 'migrating'" }];
  const optIn = `gh api --method PUT repos/${repository.name}/actions/oidc/customization/sub -F use_default=true -F use_immutable_subject=true`;
  if (form === 'immutable' && immutable === false)
    return [
      {
        place: repository.name,
        found: 'its tokens carry only its name, but its roles trust ids',
        todo: `set subjects: 'migrating' until this is done: ${optIn}`,
      },
    ];
  if (form === 'names' && immutable === false)
    return [
      {
        place: repository.name,
        found: 'its tokens carry only its name, which somebody else can take once it is given up',
        todo: `set ownerId, id and subjects: 'migrating', run ${optIn}, then remove subjects`,
      },
    ];
  return [];
}

async function environmentProblems(
  { branch }: SystemDelivery,
  environment: EnvironmentDelivery,
  ask: Ask,
): Promise<readonly SettingProblem[]> {
  return (await Promise.all(wantedPlaces(environment).map((wanted) => placeProblems(wanted, branch, ask)))).flat();
}

async function placeProblems(wanted: WantedPlace, branch: string, ask: Ask): Promise<readonly SettingProblem[]> {
  const { place, reviewed, bound } = wanted;
  const at = `/environments/${encodeURIComponent(place)}`;
  const environment = await ask(at);
  if (!isObject(environment))
    return [
      {
        place,
        found: 'there is no such deployment environment',
        todo: 'create it; otherwise GitHub creates it on first use, without protection',
      },
    ];
  const problems: SettingProblem[] = [];
  const rules: readonly unknown[] = Array.isArray(environment['protection_rules']) ? environment['protection_rules'] : [];
  const reviewers = rules.filter(isObject).find((rule) => rule['type'] === 'required_reviewers');
  if (reviewed && reviewers === undefined) problems.push({ place, found: 'it has no required reviewers', todo: 'name its reviewers' });
  if (reviewed && reviewers !== undefined && reviewers['prevent_self_review'] !== true)
    problems.push({ place, found: 'whoever starts a run may approve it', todo: 'prevent self-review' });
  if (bound) {
    const open = await branchesOf(environment['deployment_branch_policy'], at, branch, ask);
    if (open !== undefined) problems.push({ place, found: open, todo: `restrict it to ${branch}` });
  }
  for (const [kind, names] of [
    ['secrets', wanted.secrets],
    ['variables', wanted.settings],
  ] as const) {
    const never = kind === 'secrets' ? (wanted.never ?? []) : [];
    if (names.length + never.length === 0) continue;
    const list = await ask(`${at}/${kind}?per_page=100`);
    const stored: readonly unknown[] = isObject(list) && Array.isArray(list[kind]) ? list[kind] : [];
    const there = new Set(stored.filter(isObject).map((one) => one['name']));
    for (const name of never)
      if (there.has(name))
        problems.push({
          place,
          found: `any branch may use the secret ${name}, which grants write access`,
          todo: `move it to ${place}-protected`,
        });
    for (const name of names)
      if (!there.has(name))
        problems.push({
          place,
          found: `the ${kind === 'secrets' ? 'secret' : 'variable'} ${name} is missing`,
          todo: 'set it in this deployment environment, not in the repository',
        });
  }
  return problems;
}

/** Why other commits than those of the protected branch may use a place; undefined where they may not. */
async function branchesOf(policy: unknown, at: string, branch: string, ask: Ask): Promise<string | undefined> {
  if (!isObject(policy)) return 'any branch may use it';
  if (policy['custom_branch_policies'] !== true) return undefined;
  const list = await ask(`${at}/deployment-branch-policies`);
  const policies: readonly unknown[] = isObject(list) && Array.isArray(list['branch_policies']) ? list['branch_policies'] : [];
  const others = policies.filter(isObject).flatMap(({ name }) => (typeof name === 'string' && name !== branch ? [name] : []));
  return others.length === 0 ? undefined : `${others.join(', ')} may use it`;
}
