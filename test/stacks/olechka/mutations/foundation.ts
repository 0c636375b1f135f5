import { change, dev, eu, mutation, replaced, type Mutation } from './mutation';

export const foundation: readonly Mutation[] = [
  mutation(
    'O-01',
    'a state under the key of another unit',
    (tree) => void (tree.units[`${eu}/network/alb`].terraform.backend.s3.key = `${eu}/network/vpc/terraform.tfstate`),
  ),
  mutation('O-01', 'a state without encryption', (tree) => void (tree.units[`${eu}/network/alb`].terraform.backend.s3.encrypt = false)),
  mutation('O-01', 'a lock table with another key', (tree) =>
    change(tree, `${eu}/backend/state`, 'aws_dynamodb_table', '', (attrs) => void (attrs.hash_key = 'Id')),
  ),
  mutation('O-02', 'an apply role that any job of the repository may assume', (tree) =>
    change(
      tree,
      'production/global/iam/github-oidc',
      'aws_iam_role',
      'github-actions-role',
      replaced('assume_role_policy', ':environment:production', ':*'),
    ),
  ),
  mutation('O-02', 'a plan role that any workflow of the repository may assume', (tree) =>
    change(
      tree,
      'dev/global/iam/github-oidc',
      'aws_iam_role',
      'github-actions-plan-role',
      replaced('assume_role_policy', '/_round.yml@refs/heads/main', '/other.yml@refs/heads/main'),
    ),
  ),
  mutation('O-02', 'another audience', (tree) =>
    change(
      tree,
      'dev/global/iam/github-oidc',
      'aws_iam_openid_connect_provider',
      '',
      (attrs) => void (attrs.client_id_list = ['example.com']),
    ),
  ),
  mutation(
    'O-03',
    'an apply role without its policies',
    (tree) => void delete tree.units['production/global/iam/github-oidc'].resource.aws_iam_role_policy_attachment,
  ),
  mutation('O-03', 'an apply role that writes the state of the state bucket', (tree) =>
    change(
      tree,
      'dev/global/iam/github-oidc',
      'aws_iam_policy',
      '"WriteStates',
      replaced('policy', 'network/vpc/terraform.tfstate', 'backend/state/terraform.tfstate'),
    ),
  ),
  mutation(
    'O-04',
    "a provider in another environment's account",
    (tree) => void (tree.units[`${dev}/network/vpc`].provider.aws[0].allowed_account_ids = ['025066254478']),
  ),
  mutation(
    'O-21',
    'a unit without its envcommon',
    (tree) =>
      void Object.assign(tree.files, {
        [`${eu}/network/vpc/terragrunt.hcl`]: 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n',
      }),
  ),
];
