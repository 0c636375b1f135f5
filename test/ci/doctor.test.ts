import { expect, test } from '@jest/globals';

import type { SystemDelivery } from '../../terrace/ci/delivery';
import { settingProblems } from '../../terrace/ci/github/doctor';
import { terraceCli } from '../_helpers/terrace-cli';

const delivery: SystemDelivery = {
  system: 'shop',
  repository: { name: 'acme/shop', id: 8, ownerId: 7 },
  branch: 'main',
  checks: [],
  titles: {},
  others: [],
  drift: '0 2 * * *',
  planned: [],
  environments: [
    {
      name: 'dev',
      file: 'shop',
      path: 'shop/dev',
      title: 'dev',
      rounds: 1,
      runners: 1,
      waves: [0],
      approvals: 1,
      roles: { plan: 'plan', apply: 'apply' },
      writing: [],
      places: { plan: 'dev-plan', planProtected: 'dev-plan', review: 'dev-review', apply: 'dev', destroy: 'dev-destroy' },
      accepted: { bucket: 'b', key: 'k', region: 'eu-central-1' },
      tokens: ['HCLOUD_TOKEN'],
      clouds: [],
      stages: [],
      states: [],
      variables: [{ name: 'admin_cidrs', type: 'list(string)', sensitive: false, required: true, description: 'who gets in' }],
      units: [],
    },
  ],
};

const reviewed = {
  protection_rules: [{ type: 'required_reviewers', prevent_self_review: true }],
  deployment_branch_policy: { protected_branches: true },
};
const secrets = (...names: readonly string[]) => ({ secrets: names.map((name) => ({ name })) });
const right: Readonly<Record<string, unknown>> = {
  '': { id: 8, owner: { id: 7 }, default_branch: 'main' },
  '/branches/main': { protected: true },
  '/actions/permissions/workflow': { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
  '/actions/permissions': { allowed_actions: 'selected' },
  '/actions/oidc/customization/sub': { use_default: true, use_immutable_subject: true },
  '/rulesets?includes_parents=true': [{ target: 'actions', enforcement: 'active' }],
  '/environments/dev-plan': { protection_rules: [] },
  '/environments/dev-plan/secrets?per_page=100': secrets('HCLOUD_TOKEN'),
  '/environments/dev-plan/variables?per_page=100': { variables: [{ name: 'TF_VAR_ADMIN_CIDRS' }] },
  '/environments/dev/variables?per_page=100': { variables: [{ name: 'TF_VAR_ADMIN_CIDRS' }] },
  '/environments/dev-review': reviewed,
  '/environments/dev-review-2': reviewed,
  '/environments/dev': { deployment_branch_policy: { protected_branches: true } },
  '/environments/dev/secrets?per_page=100': secrets('HCLOUD_TOKEN', 'TERRACE_SIGNING_KEY', 'TERRACE_AGE_IDENTITY'),
  '/environments/dev-destroy': reviewed,
};
const found = async (changes: Readonly<Record<string, unknown>>): Promise<readonly string[]> =>
  (await settingProblems(delivery, async (path) => ({ ...right, ...changes })[path])).map(
    (problem) => `${problem.place}: ${problem.found}`,
  );

test('a repository that is set up has no problem', async () => {
  expect(await found({})).toEqual([]);
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  [
    'another repository of this name',
    { '': { id: 9, owner: { id: 7 } } },
    'stacks/shop/ci.ts: the source has the ids 7 and 8, GitHub has 7 and 9',
  ],
  [
    'another default branch',
    { '': { id: 8, owner: { id: 7 }, default_branch: 'develop' } },
    'main: develop is the default branch, so GitHub does not say who proposed the commits of main',
  ],
  ['an unprotected branch', { '/branches/main': { protected: false } }, 'main: the branch is not protected'],
  [
    'tokens that write',
    { '/actions/permissions/workflow': { default_workflow_permissions: 'write' } },
    'acme/shop: workflows may write by default',
  ],
  ['every action', { '/actions/permissions': { allowed_actions: 'all' } }, 'acme/shop: all actions are allowed'],
  [
    'a subject of one’s own',
    { '/actions/oidc/customization/sub': { use_default: false, include_claim_keys: ['repo'] } },
    'acme/shop: subjects are built from ["repo"]',
  ],
  ['a gate that is missing', { '/environments/dev-review-2': undefined }, 'dev-review-2: there is no such deployment environment'],
  ['a gate for nobody', { '/environments/dev-review': { ...reviewed, protection_rules: [] } }, 'dev-review: it has no required reviewers'],
  [
    'self-review',
    { '/environments/dev-destroy': { ...reviewed, protection_rules: [{ type: 'required_reviewers', prevent_self_review: false }] } },
    'dev-destroy: whoever starts a run may approve it',
  ],
  ['an apply from any branch', { '/environments/dev': {} }, 'dev: any branch may use it'],
  [
    'an apply from another branch',
    {
      '/environments/dev': { deployment_branch_policy: { custom_branch_policies: true } },
      '/environments/dev/deployment-branch-policies': { branch_policies: [{ name: 'main' }, { name: 'release/*' }] },
    },
    'dev: release/* may use it',
  ],
  [
    'nobody who may run workflows',
    { '/rulesets?includes_parents=true': [{ target: 'branch', enforcement: 'active' }] },
    'acme/shop: no ruleset limits who may run workflows, and on which events',
  ],
  [
    'a setting that is not there',
    { '/environments/dev-plan/variables?per_page=100': { variables: [] } },
    'dev-plan: the variable TF_VAR_ADMIN_CIDRS is missing',
  ],
  [
    'a key that is not set',
    { '/environments/dev/secrets?per_page=100': secrets('HCLOUD_TOKEN', 'TERRACE_SIGNING_KEY') },
    'dev: the secret TERRACE_AGE_IDENTITY is missing',
  ],
])('%s is found', async (_what, changes, expected) => {
  expect(await found(changes)).toEqual([expected]);
});

test('a secret that writes must not be where any branch may use it', async () => {
  const [environment] = delivery.environments;
  if (environment === undefined) throw new Error('no environment');
  const variables = [...environment.variables, { name: 'key', type: 'string', sensitive: true, required: true, description: 'it writes' }];
  const places = { ...environment.places, planProtected: 'dev-plan-protected' };
  const writing: SystemDelivery = { ...delivery, environments: [{ ...environment, variables, places, writing: ['key'] }] };
  const names = ['HCLOUD_TOKEN', 'TERRACE_SIGNING_KEY', 'TERRACE_AGE_IDENTITY', 'TF_VAR_KEY'];
  const answers = {
    ...right,
    '/environments/dev-plan/secrets?per_page=100': secrets('HCLOUD_TOKEN', 'TF_VAR_KEY'),
    '/environments/dev/secrets?per_page=100': secrets(...names),
    '/environments/dev-plan-protected': {},
    '/environments/dev-plan-protected/secrets?per_page=100': secrets('HCLOUD_TOKEN', 'TF_VAR_KEY'),
    '/environments/dev-plan-protected/variables?per_page=100': { variables: [{ name: 'TF_VAR_ADMIN_CIDRS' }] },
  };
  const problems = await settingProblems(writing, async (path) => (answers as Readonly<Record<string, unknown>>)[path]);
  expect(problems.map((problem) => `${problem.place}: ${problem.found}`)).toEqual([
    'dev-plan: any branch may use the secret TF_VAR_KEY, which grants write access',
    'dev-plan-protected: any branch may use it',
  ]);
});

test('a repository that cannot be read is said so, and nothing else about it', async () => {
  expect((await found({ '': undefined }))[0]).toBe('acme/shop: the repository cannot be read');
});

test.each<['names' | 'migrating' | 'immutable', object, readonly string[]]>([
  ['names', { use_default: true }, ['it was created at 2026-08-01T00:00:00Z, so its tokens carry ids, but its roles trust its name']],
  ['names', { use_default: true, use_immutable_subject: true }, ['its tokens carry ids, but its roles trust its name']],
  [
    'names',
    { use_default: true, use_immutable_subject: false },
    ['its tokens carry only its name, which somebody else can take once it is given up'],
  ],
  ['immutable', { use_default: true, use_immutable_subject: false }, ['its tokens carry only its name, but its roles trust ids']],
  ['immutable', { use_default: true, use_immutable_subject: true }, []],
  ['migrating', { use_default: true, use_immutable_subject: false }, []],
  ['migrating', { use_default: true, use_immutable_subject: true }, ['its tokens carry ids, but its roles still trust its name']],
])(
  'roles that trust subjects of the form %s are held against the form that a new repository sends: %j',
  async (subjects, sent, expected) => {
    const trusting: SystemDelivery = { ...delivery, repository: { ...delivery.repository, subjects } };
    const about = { id: 8, owner: { id: 7 }, created_at: '2026-08-01T00:00:00Z' };
    const answers: Readonly<Record<string, unknown>> = { ...right, '': about, '/actions/oidc/customization/sub': sent };
    const problems = await settingProblems(trusting, async (path) => answers[path]);
    expect(problems.map((problem) => problem.found)).toEqual(expected);
  },
);

test('before anybody may open or approve plans, what has to be committed is named, without a token', async () => {
  const { code, stderr } = await terraceCli(['ci', 'doctor', '--files']);
  expect(code).toBe(3);
  for (const file of ['ci/recipients.txt', 'terrace.approvals.json']) expect(stderr).toContain(`E0506 pipeline is not set up   ${file}\n`);
}, 600_000);
