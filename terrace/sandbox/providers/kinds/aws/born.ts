import type { Born } from '../../engine/context';

const secret = (of: RegExp, path: RegExp, name: string, user: string): readonly Born[] => [
  {
    of,
    path,
    type: 'aws_secretsmanager_secret',
    holds: 'arn',
    form: `arn:{partition}:secretsmanager:{region}:{account}:secret:${name}-{base62:6}`,
    values: {
      id: '{child}',
      name: '{child:secret}',
      description: 'The secret associated with {arn}',
      kms_key_id: "{master_user_secret_kms_key_id|master_password_secret_kms_key_id|''}",
    },
  },
  {
    of,
    path,
    type: 'aws_secretsmanager_secret_version',
    holds: 'arn',
    values: {
      id: '{child}|AWSCURRENT',
      secret_id: '{child}',
      version_id: '{uuid}',
      version_stages: ['AWSCURRENT'],
      secret_string: `{"username":"{${user}}","password":"{base62:28}"}`,
    },
  },
];

const logGroup = (of: RegExp, path: RegExp, name: string): Born => ({
  of,
  path,
  type: 'aws_cloudwatch_log_group',
  holds: 'name',
  values: {
    id: name,
    name,
    arn: `arn:{partition}:logs:{region}:{account}:log-group:${name}`,
    retention_in_days: 0,
    log_group_class: 'STANDARD',
  },
  hidden: { yields: true },
});

const securityGroup = (of: RegExp, path: RegExp, values: Readonly<Record<string, unknown>>): Born => ({
  of,
  path,
  type: 'aws_security_group',
  values: { arn: 'arn:{partition}:ec2:{region}:{account}:security-group/{child}', owner_id: '{account}', ...values },
});

/** What an interface of a resource in a subnet has. */
const networkInterface: Readonly<Record<string, unknown>> = {
  arn: 'arn:{partition}:ec2:{region}:{account}:network-interface/{child}',
  owner_id: '{account}',
  subnet_id: '{subnet_id|subnet_ids}',
  private_ip: '{private_ip|ip_address}',
  availability_zone: '{availability_zone}',
  interface_type: 'interface',
};

/**
 * What resources of aws bring with them. A log group of a function or project gives way to one that a configuration makes: the service
 * makes it when it first writes, and takes what it finds.
 */
export const awsBorn: readonly Born[] = [
  securityGroup(/^aws_vpc$/, /^default_security_group_id$/, { name: 'default', description: 'default VPC security group', vpc_id: '{id}' }),
  {
    of: /^aws_vpc$/,
    path: /^main_route_table_id$/,
    type: 'aws_route_table',
    values: {
      vpc_id: '{id}',
      owner_id: '{account}',
      arn: 'arn:{partition}:ec2:{region}:{account}:route-table/{child}',
      route: [],
      propagating_vgws: [],
    },
    hidden: { main: true },
  },
  {
    of: /^aws_vpc$/,
    path: /^default_network_acl_id$/,
    type: 'aws_network_acl',
    values: { vpc_id: '{id}', owner_id: '{account}', arn: 'arn:{partition}:ec2:{region}:{account}:network-acl/{child}', subnet_ids: [] },
    hidden: { default: true },
  },
  securityGroup(/^aws_eks_cluster$/, /^vpc_config\.cluster_security_group_id$/, {
    name: 'eks-cluster-sg-{name}-{digits:10}',
    description:
      'EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.',
    vpc_id: '{vpc_config.vpc_id}',
  }),
  securityGroup(/^aws_directory_service_directory$/, /^security_group_id$/, {
    name: '{id}_controllers',
    description: 'AWS created security group for {id} directory controllers',
  }),
  securityGroup(/^aws_workspaces_directory$/, /^workspace_security_group_id$/, {
    name: '{directory_id}_workspacesMembers',
    description: 'Amazon WorkSpaces Security Group',
  }),
  {
    of: /^aws_nat_gateway$/,
    path: /^network_interface_id$/,
    type: 'aws_network_interface',
    values: { ...networkInterface, interface_type: 'nat_gateway', description: 'Interface for NAT Gateway {id}' },
  },
  {
    of: /^aws_(instance|spot_instance_request)$/,
    path: /^primary_network_interface_id$/,
    type: 'aws_network_interface',
    values: { ...networkInterface, instance_id: '{id}', description: '' },
  },
  {
    of: /^aws_(vpc_endpoint|efs_mount_target|fsx_\w+)$/,
    path: /^network_interface_ids?$/,
    type: 'aws_network_interface',
    values: { ...networkInterface, description: '{id}' },
  },
  {
    of: /^aws_(instance|spot_instance_request)$/,
    path: /^(root|ebs)_block_device\.volume_id$/,
    type: 'aws_ebs_volume',
  },
  ...secret(/^aws_db_instance$/, /^master_user_secret\.secret_arn$/, 'rds!db-{uuid}', 'username'),
  ...secret(/^aws_(rds|docdb)_cluster$/, /^master_user_secret\.secret_arn$/, 'rds!cluster-{uuid}', 'master_username'),
  ...secret(/^aws_redshift_cluster$/, /^master_password_secret_arn$/, 'redshift!{cluster_identifier}-{master_username}', 'master_username'),
  ...secret(
    /^aws_redshiftserverless_namespace$/,
    /^admin_password_secret_arn$/,
    'redshift!{namespace_name}-{admin_username}',
    'admin_username',
  ),
  logGroup(/^aws_lambda_function$/, /^function_name$/, '/aws/lambda/{child}'),
  logGroup(/^aws_codebuild_project$/, /^name$/, '/aws/codebuild/{child}'),
];
