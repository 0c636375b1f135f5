import { beforeAll, expect, test } from '@jest/globals';

import { serviceBoundary } from '../../../stacks/olechka/service-boundary';
import { grantsOf } from '../../../terrace/iam/type-access';
import { isAllowed } from '../../iam/evaluate';
import { listOf, statementsOf, wholeOlechka, type Json, type SynthesizedTree } from './tree';

let tree: SynthesizedTree;

beforeAll(async () => {
  tree = await wholeOlechka();
});

const environments = ['dev', 'staging', 'production'] as const;

/** Policies attached to one of the two roles. */
function policiesOf(environment: string, role: string): readonly string[] {
  const unit = `${environment}/global/iam/github-oidc`;
  const name = tree.resources('aws_iam_role', unit).find((one) => one.attrs.name === role)?.name;
  return tree
    .resources('aws_iam_role_policy_attachment', unit)
    .filter((one) => tree.follow(unit, one.attrs.role)?.name === name)
    .map((one) => tree.follow(unit, one.attrs.policy_arn)?.attrs.policy);
}

/** Types in use below a path. */
function typesOf(prefix: string, without: RegExp): readonly string[] {
  const units = Object.entries(tree.units).filter(([unit]) => unit.startsWith(`${prefix}/`) && !without.test(unit));
  return [
    ...new Set(
      units.flatMap(([, json]) => [...Object.keys(json.resource ?? {}), ...Object.keys(json.data ?? {}).map((type) => `data.${type}`)]),
    ),
  ];
}

test.each(environments)('the apply role of %s has the actions of every type in use and no others', (environment) => {
  const expected = new Set(grantsOf(typesOf(environment, /backend\/state|github-oidc/)).flatMap(({ actions }) => actions));
  const statements = policiesOf(environment, 'github-actions-role').flatMap((policy) => Object.values(statementsOf(policy)));
  const actions = statements.filter((one) => one.Effect === 'Allow' && one.Sid.startsWith('Types')).flatMap((one) => listOf(one.Action));
  expect([...new Set(actions)].sort()).toEqual([...expected].sort());
});

test.each(environments)('the plan role of %s reads every type in use, also those an administrator applies', (environment) => {
  const expected = new Set(
    grantsOf(typesOf(environment, /^$/))
      .filter(({ kind }) => kind === 'read')
      .flatMap(({ actions }) => actions),
  );
  const statements = policiesOf(environment, 'github-actions-plan-role').flatMap((policy) => Object.values(statementsOf(policy)));
  const actions = statements.filter((one) => one.Sid.startsWith('Types')).flatMap((one) => listOf(one.Action));
  expect([...new Set(actions)].sort()).toEqual([...expected].sort());
});

test.each(environments)('the roles of %s fit into ten managed policies of 6144 characters', (environment) => {
  for (const role of ['github-actions-role', 'github-actions-plan-role']) {
    const policies = policiesOf(environment, role);
    expect(policies.length).toBeGreaterThan(0);
    expect(policies.length).toBeLessThanOrEqual(10);
    for (const policy of policies) expect(policy.length).toBeLessThanOrEqual(6144);
  }
});

test('no environment reaches the states of another', () => {
  const foreign = 'arn:aws:s3:::terraform-state-025066254478-eu-central-1/production/eu-central-1/network/vpc/terraform.tfstate';
  expect(isAllowed(policiesOf('production', 'github-actions-role'), 's3:GetObject', foreign)).toBe(true);
  for (const role of ['github-actions-role', 'github-actions-plan-role'])
    expect(isAllowed(policiesOf('dev', role), 's3:GetObject', foreign)).toBe(false);
});

test('no policy of a role allows every action, or anything on everything that AWS can narrow', () => {
  const policies: readonly Json[] = [...tree.resources('aws_iam_role_policy'), ...tree.resources('aws_iam_policy')].flatMap((one) =>
    Object.values(statementsOf(one.attrs.policy)),
  );
  const allowed = policies.filter((one) => one.Effect === 'Allow');
  expect(allowed.length).toBeGreaterThan(100);
  expect(allowed.flatMap((one) => listOf(one.Action)).filter((action) => action.includes('*'))).toEqual([]);
  // Each of these is commented where it stands.
  const wide =
    /^(ec2:Describe|elasticloadbalancing:Describe|application-autoscaling:Describe|xray:|logs:(Create|Delete)LogDelivery|logs:Describe(LogGroups|ResourcePolicies)|logs:(Put|Delete)ResourcePolicy|kms:(CreateKey|ListAliases)|ecs:(CreateCluster|DescribeTaskDefinition|DeregisterTaskDefinition)|ecr:(GetAuthorizationToken|DescribeRegistry|PutReplicationConfiguration)|servicediscovery:(GetOperation|CreatePrivateDnsNamespace)|route53:|sns:Unsubscribe|chatbot:Describe|cloudwatch:(PutMetricData|DescribeAlarms|GetMetricData|GetMetricWidgetImage)|secretsmanager:GetRandomPassword|backup-storage:MountCapsule)/;
  expect(
    allowed
      .filter((one) => listOf(one.Resource).includes('*'))
      .flatMap((one) => listOf(one.Action))
      .filter((action) => !wide.test(action)),
  ).toEqual([]);
});

test('no managed policy of AWS that administers or reads everything is attached', () => {
  expect(JSON.stringify(tree.units)).not.toMatch(/policy\/(AdministratorAccess|PowerUserAccess|ReadOnlyAccess|IAMFullAccess)/);
});

test('every role of a service stands under the boundary, which allows what its policy allows', () => {
  const roles = tree.resources('aws_iam_role').filter((one) => !one.unit.endsWith('github-oidc'));
  expect(roles.length).toBe(47);
  for (const role of roles) {
    const [environment = '', region = ''] = role.unit.split('/');
    const account = tree.units[role.unit].provider.aws[0].allowed_account_ids[0];
    expect(role.attrs.permissions_boundary).toBe(`arn:aws:iam::${account}:policy/ai-tools-${environment}-service-boundary`);
    const bounds: readonly Json[] = JSON.parse(serviceBoundary({ environment, account, region })).Statement;
    const bounded = new Set(bounds.flatMap((one) => listOf(one.Action)));
    const policy = tree
      .resources('aws_iam_role_policy', role.unit)
      .find((one) => tree.follow(role.unit, one.attrs.role)?.name === role.name);
    expect(
      Object.values(statementsOf(policy?.attrs.policy))
        .flatMap((one) => listOf(one.Action))
        .filter((action) => !bounded.has(action)),
    ).toEqual([]);
  }
});

test('the key of a region admits roles that exist, and no others', () => {
  const roles = new Set(
    tree.resources('aws_iam_role').map((one) => `${tree.units[one.unit].provider.aws[0].allowed_account_ids[0]} ${one.attrs.name}`),
  );
  for (const key of [...tree.resources('aws_kms_key'), ...tree.resources('aws_kms_replica_key')].filter((one) =>
    one.unit.endsWith('security/kms'),
  )) {
    const admitted = Object.values(statementsOf(key.attrs.policy)).flatMap((one) => listOf(one.Condition?.ArnEquals?.['aws:PrincipalArn']));
    const missing = admitted
      .map((arn) => `${arn.split(':')[4]} ${arn.split('/')[1]}`)
      .filter((role) => !roles.has(role) && !role.endsWith(' OrganizationAccountAccessRole'));
    expect(missing).toEqual([]);
  }
});
