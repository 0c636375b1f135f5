import { listOf, places, statementsOf } from '../tree';
import { requirement, sameSet } from './requirement';

const accounts = { dev: '123456789012', staging: '234567890123', production: '025066254478' } as const;
const accountOf = (unit: string): string => accounts[unit.split('/')[0] as keyof typeof accounts];
const homeRegion = 'eu-central-1';
const github = 'token.actions.githubusercontent.com';
const repository = 'repo:catherinevee/terragrunt-olechka';

/** State, identity, accounts, hierarchy: O-01 to O-04, O-21. */
export const foundation = [
  requirement('O-01', 'every unit keeps its state in its account and region, under a key and lock of its own', (tree, demand) => {
    const seen = new Set<string>();
    for (const [unit, json] of Object.entries(tree.units)) {
      const account = accountOf(unit);
      const region = unit.split('/')[1] === 'global' ? homeRegion : (unit.split('/')[1] ?? '');
      const expected = {
        bucket: `terraform-state-${account}-${region}`,
        key: `${unit}/terraform.tfstate`,
        region,
        encrypt: true,
        dynamodb_table: `terraform-locks-${account}`,
        kms_key_id: `arn:aws:kms:${region}:${account}:alias/terraform-state`,
      };
      demand(
        sameSet(Object.entries(json.terraform.backend.s3), Object.entries(expected)),
        `${unit}: backend ${JSON.stringify(json.terraform.backend.s3)}`,
      );
      const place = `${json.terraform.backend.s3.bucket}/${json.terraform.backend.s3.key}`;
      demand(!seen.has(place), `${unit}: state ${place} twice`);
      seen.add(place);
    }
    for (const { environment, region } of places) {
      const unit = `${environment}/${region}/backend/state`;
      const bucket = tree
        .resources('aws_s3_bucket', unit)
        .find((one) => one.attrs.bucket === `terraform-state-${accounts[environment]}-${region}`);
      const lock = tree.one(unit, 'aws_dynamodb_table').attrs;
      demand(bucket !== undefined, `${unit}: no state bucket`);
      const settings = (type: string) =>
        tree.resources(type, unit).filter((one) => tree.follow(unit, one.attrs.bucket)?.name === bucket?.name);
      for (const type of [
        'aws_s3_bucket_versioning',
        'aws_s3_bucket_server_side_encryption_configuration',
        'aws_s3_bucket_public_access_block',
        'aws_s3_bucket_policy',
      ])
        demand(settings(type).length === 1, `${unit}: ${type} of the state bucket`);
      demand(
        lock.name === `terraform-locks-${accounts[environment]}` && lock.hash_key === 'LockID' && lock.billing_mode === 'PAY_PER_REQUEST',
        `${unit}: lock table ${lock.name}`,
      );
    }
  }),
  requirement(
    'O-02',
    'each environment trusts GitHub Actions of one repository, and applies only from its protected environment',
    (tree, demand) => {
      for (const environment of Object.keys(accounts)) {
        const unit = `${environment}/global/iam/github-oidc`;
        const provider = tree.one(unit, 'aws_iam_openid_connect_provider');
        demand(
          provider.attrs.url === `https://${github}` && sameSet(provider.attrs.client_id_list ?? [], ['sts.amazonaws.com']),
          `${unit}: provider ${provider.attrs.url}`,
        );
        const roles = tree.resources('aws_iam_role', unit);
        const subjects = (name: string): readonly string[] => {
          const role = roles.find((one) => one.attrs.name === name);
          return Object.values(statementsOf(role?.attrs.assume_role_policy)).flatMap((statement) => {
            demand(
              tree.follow(unit, statement.Principal?.Federated)?.name === provider.name,
              `${unit}: ${name} trusts ${JSON.stringify(statement.Principal)}`,
            );
            demand(statement.Condition?.StringEquals?.[`${github}:aud`] === 'sts.amazonaws.com', `${unit}: ${name} without audience`);
            demand(
              statement.Condition?.StringEquals?.[`${github}:job_workflow_ref`] ===
                `${repository.replace('repo:', '')}/.github/workflows/_round.yml@refs/heads/main`,
              `${unit}: ${name} is trusted from ${statement.Condition?.StringEquals?.[`${github}:job_workflow_ref`]}`,
            );
            const named = [
              ...listOf(statement.Condition?.StringEquals?.[`${github}:sub`]),
              ...listOf(statement.Condition?.StringLike?.[`${github}:sub`]),
            ];
            return named.length === 0 ? ['anywhere'] : named;
          });
        };
        demand(
          sameSet(subjects('github-actions-role'), [`${repository}:environment:${environment}`]),
          `${unit}: github-actions-role is trusted from ${subjects('github-actions-role').join()}`,
        );
        demand(
          sameSet(subjects('github-actions-plan-role'), [`${repository}:environment:${environment}-plan`]),
          `${unit}: the plan role is trusted from ${subjects('github-actions-plan-role').join()}`,
        );
      }
    },
  ),
  requirement('O-03', 'github-actions-role reads and writes exactly its states, their locks and digests', (tree, demand) => {
    for (const environment of Object.keys(accounts)) {
      const unit = `${environment}/global/iam/github-oidc`;
      const role = tree.resources('aws_iam_role', unit).find((one) => one.attrs.name === 'github-actions-role');
      const attached = tree
        .resources('aws_iam_role_policy_attachment', unit)
        .filter((one) => tree.follow(unit, one.attrs.role)?.name === role?.name);
      const statements = attached
        .flatMap((one) => Object.values(statementsOf(tree.follow(unit, one.attrs.policy_arn)?.attrs.policy)))
        .filter((one) => one.Effect === 'Allow');
      const objects = statements.filter((one) => one.Action.includes('s3:PutObject')).flatMap((one) => listOf(one.Resource));
      const applied = Object.keys(tree.units).filter(
        (one) => one.startsWith(`${environment}/`) && !one.endsWith('backend/state') && one !== unit,
      );
      const states = applied.map((one) => `arn:aws:s3:::${tree.units[one].terraform.backend.s3.bucket}/${one}/terraform.tfstate`);
      demand(
        sameSet(
          objects.filter((one) => one.endsWith('.tfstate')),
          states,
        ),
        `${unit}: writes ${objects.length} objects`,
      );
      for (const action of [
        's3:ListBucket',
        's3:GetObject',
        's3:DeleteObject',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:DeleteItem',
        'dynamodb:DescribeTable',
      ])
        demand(
          statements.some((one) => one.Action.includes(action)),
          `${unit}: github-actions-role lacks ${action}`,
        );
      const locks = statements.filter((one) => one.Action.includes('dynamodb:PutItem'));
      demand(
        sameSet(
          locks.flatMap((one) => listOf(one.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'])),
          states.map((one) => `${one.slice('arn:aws:s3:::'.length)}*`),
        ),
        `${unit}: lock items`,
      );
      demand(
        locks.every((one) => listOf(one.Resource).every((arn) => arn.endsWith(`:table/terraform-locks-${accountOf(environment)}`))),
        `${unit}: lock tables`,
      );
    }
  }),
  requirement('O-04', "every AWS provider works in its environment's account alone", (tree, demand) => {
    for (const [unit, json] of Object.entries(tree.units))
      for (const provider of json.provider.aws)
        demand(sameSet(provider.allowed_account_ids ?? [], [accountOf(unit)]), `${unit}: accounts ${provider.allowed_account_ids}`);
  }),
  requirement('O-21', 'the tree has root, envcommon, account, environment and region files that units read', (tree, demand) => {
    const has = (file: string, ...texts: readonly string[]) =>
      demand(
        texts.every((text) => tree.files[file]?.includes(text)),
        `${file}: ${texts.join()}`,
      );
    has('root.hcl', 'remote_state', 'path_relative_to_include()');
    for (const layer of ['network', 'compute', 'storage', 'monitoring']) has(`_envcommon/${layer}.hcl`, 'dev', 'staging', 'production');
    for (const [environment, account] of Object.entries(accounts)) {
      has(`${environment}/account.hcl`, account);
      has(`${environment}/env.hcl`, `"${environment}"`);
      has(`${environment}/global/region.hcl`, homeRegion);
    }
    for (const { environment, region } of places) has(`${environment}/${region}/region.hcl`, `"${region}"`);
    for (const unit of Object.keys(tree.units)) {
      has(`${unit}/terragrunt.hcl`, 'find_in_parent_folders("root.hcl")');
      const layer = unit.split('/')[2] ?? '';
      if (['network', 'compute', 'storage', 'monitoring'].includes(layer)) has(`${unit}/terragrunt.hcl`, `_envcommon/${layer}.hcl`);
    }
  }),
];
