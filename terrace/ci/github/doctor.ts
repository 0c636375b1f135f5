import { isObject } from '../../base/json';
import type { EnvironmentDelivery, SystemDelivery } from '../delivery';

/** One setting of the repository that is not as the workflows need it. */
export interface SettingProblem {
  /** What it is about: the repository, a branch, a deployment environment. */
  readonly place: string;
  readonly found: string;
  readonly todo: string;
}

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
      { place: repository.name, found: 'it cannot be read', todo: 'give a token that may read the repository and its administration' },
    ];
  const owner = isObject(about['owner']) ? about['owner']['id'] : undefined;
  if (about['id'] !== repository.id || owner !== repository.ownerId)
    problems.push({
      place: `stacks/${system}/ci.ts`,
      found: `the source says ids ${repository.ownerId ?? 'none'} and ${repository.id ?? 'none'}, GitHub ${String(owner)} and ${String(about['id'])}`,
      todo: `repository: { name: '${repository.name}', ownerId: ${String(owner)}, id: ${String(about['id'])} }, then apply the roles`,
    });
  const protectedBranch = await ask(`/branches/${branch}`);
  if (!isObject(protectedBranch) || protectedBranch['protected'] !== true)
    problems.push({
      place: branch,
      found: 'the branch is not protected',
      todo: 'require a pull request with a review; what plans and applies is read from it',
    });
  const workflow = await ask('/actions/permissions/workflow');
  if (isObject(workflow) && workflow['default_workflow_permissions'] !== 'read')
    problems.push({
      place: repository.name,
      found: 'workflows may write by default',
      todo: 'set the default permissions of GITHUB_TOKEN to read',
    });
  if (isObject(workflow) && workflow['can_approve_pull_request_reviews'] === true)
    problems.push({ place: repository.name, found: 'workflows may approve pull requests', todo: 'take that permission away' });
  const actions = await ask('/actions/permissions');
  if (isObject(actions) && actions['allowed_actions'] === 'all')
    problems.push({ place: repository.name, found: 'every action may be used', todo: 'allow the actions of ci/actions.json alone' });
  const subject = await ask('/actions/oidc/customization/sub');
  if (isObject(subject) && subject['use_default'] === false)
    problems.push({
      place: repository.name,
      found: `subjects are made from ${JSON.stringify(subject['include_claim_keys'] ?? [])}`,
      todo: 'use the default subject: the roles compare its form',
    });
  return problems;
}

async function environmentProblems(
  { branch }: SystemDelivery,
  { places, approvals, tokens, variables }: EnvironmentDelivery,
  ask: Ask,
): Promise<readonly SettingProblem[]> {
  const sensitive = variables
    .filter((variable) => variable.sensitive && variable.required)
    .map(({ name }) => `TF_VAR_${name.toUpperCase()}`);
  const gates =
    approvals === 0 ? [] : Array.from({ length: approvals + 1 }, (_, index) => `${places.review}${index === 0 ? '' : `-${index + 1}`}`);
  const wanted: readonly {
    readonly place: string;
    readonly reviewed: boolean;
    readonly bound: boolean;
    readonly secrets: readonly string[];
  }[] = [
    { place: places.plan, reviewed: false, bound: false, secrets: [...tokens, ...sensitive] },
    ...gates.map((place) => ({ place, reviewed: true, bound: true, secrets: [] })),
    {
      place: places.apply,
      reviewed: false,
      bound: true,
      secrets: ['TERRACE_SIGNING_KEY', 'TERRACE_AGE_IDENTITY', ...tokens, ...sensitive],
    },
    { place: places.destroy, reviewed: true, bound: true, secrets: [] },
  ];
  const problems: SettingProblem[] = [];
  for (const { place, reviewed, bound, secrets } of wanted) {
    const environment = await ask(`/environments/${encodeURIComponent(place)}`);
    if (!isObject(environment)) {
      problems.push({
        place,
        found: 'there is no such deployment environment',
        todo: 'create it; until then GitHub makes it by itself, without protection',
      });
      continue;
    }
    const rules: readonly unknown[] = Array.isArray(environment['protection_rules']) ? environment['protection_rules'] : [];
    const reviewers = rules.filter(isObject).find((rule) => rule['type'] === 'required_reviewers');
    if (reviewed && reviewers === undefined) problems.push({ place, found: 'nobody is asked', todo: 'name its required reviewers' });
    if (reviewed && reviewers !== undefined && reviewers['prevent_self_review'] !== true)
      problems.push({ place, found: 'whoever starts a run may open its gate', todo: 'prevent self-review' });
    if (bound && !isObject(environment['deployment_branch_policy']))
      problems.push({ place, found: 'any branch may use it', todo: `restrict it to ${branch}` });
    const list = await ask(`/environments/${encodeURIComponent(place)}/secrets?per_page=100`);
    const stored: readonly unknown[] = isObject(list) && Array.isArray(list['secrets']) ? list['secrets'] : [];
    const names = new Set(stored.filter(isObject).map((secret) => secret['name']));
    for (const name of secrets)
      if (!names.has(name)) problems.push({ place, found: `the secret ${name} is missing`, todo: 'set it there, not in the repository' });
  }
  return problems;
}
