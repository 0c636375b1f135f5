import { anything, grantKey, inAccount, passRole, read, serviceLinkedRole, write, type AccessTable } from '../access';

const clusters = inAccount('ecs', 'cluster/{name}');
const services = inAccount('ecs', 'service/{name}/{name}');
const tasks = inAccount('ecs', 'task-definition/{name}:*');
const ecsTags = 'ecs:TagResource ecs:UntagResource';
const scalableTargets = inAccount('application-autoscaling', 'scalable-target/*');
const discovery = inAccount('servicediscovery', '*');
const repositories = inAccount('ecr', 'repository/{name}');
const functions = inAccount('lambda', 'function:{name}');

/** ECS, scaling, service discovery, container images, functions. */
export const compute: AccessTable = {
  aws_ecs_cluster: [
    read(clusters, 'ecs:DescribeClusters ecs:ListTagsForResource'),
    write(clusters, `ecs:DeleteCluster ecs:UpdateCluster ecs:UpdateClusterSettings ${ecsTags}`),
    // ecs:CreateCluster has no resource-level permission.
    write(anything, 'ecs:CreateCluster'),
    serviceLinkedRole('ecs.amazonaws.com'),
  ],
  aws_ecs_cluster_capacity_providers: [read(clusters, 'ecs:DescribeClusters'), write(clusters, 'ecs:PutClusterCapacityProviders')],
  aws_ecs_service: [
    read(services, 'ecs:DescribeServices ecs:ListTagsForResource'),
    write(services, `ecs:CreateService ecs:DeleteService ecs:UpdateService ${ecsTags}`),
  ],
  aws_ecs_task_definition: [
    // ecs:DescribeTaskDefinition and ecs:DeregisterTaskDefinition have no resource-level permissions.
    read(anything, 'ecs:DescribeTaskDefinition'),
    write(anything, 'ecs:DeregisterTaskDefinition'),
    write(tasks, `ecs:RegisterTaskDefinition ${ecsTags}`),
    passRole('ecs-tasks.amazonaws.com'),
  ],
  aws_appautoscaling_target: [
    // application-autoscaling:Describe* has no resource-level permissions.
    read(anything, 'application-autoscaling:DescribeScalableTargets'),
    read(scalableTargets, 'application-autoscaling:ListTagsForResource'),
    write(
      scalableTargets,
      'application-autoscaling:DeregisterScalableTarget application-autoscaling:RegisterScalableTarget application-autoscaling:TagResource application-autoscaling:UntagResource',
    ),
    serviceLinkedRole('ecs.application-autoscaling.amazonaws.com'),
    serviceLinkedRole('rds.application-autoscaling.amazonaws.com'),
  ],
  aws_appautoscaling_policy: [
    read(anything, 'application-autoscaling:DescribeScalingPolicies'),
    write(scalableTargets, 'application-autoscaling:DeleteScalingPolicy application-autoscaling:PutScalingPolicy'),
  ],
  aws_service_discovery_private_dns_namespace: [
    read(discovery, 'servicediscovery:GetNamespace servicediscovery:ListTagsForResource'),
    // servicediscovery:GetOperation and CreatePrivateDnsNamespace, and what they ask of Route 53, have no resource-level permissions.
    read(anything, 'servicediscovery:GetOperation'),
    write(
      discovery,
      'servicediscovery:DeleteNamespace servicediscovery:TagResource servicediscovery:UntagResource servicediscovery:UpdatePrivateDnsNamespace',
    ),
    write(
      anything,
      'servicediscovery:CreatePrivateDnsNamespace route53:CreateHostedZone route53:DeleteHostedZone route53:ListHostedZonesByName ec2:DescribeRegions ec2:DescribeVpcs',
    ),
  ],
  aws_service_discovery_service: [
    read(discovery, 'servicediscovery:GetService servicediscovery:ListTagsForResource'),
    write(
      discovery,
      'servicediscovery:CreateService servicediscovery:DeleteService servicediscovery:TagResource servicediscovery:UntagResource servicediscovery:UpdateService',
    ),
  ],
  aws_ecr_repository: [
    read(repositories, 'ecr:DescribeRepositories ecr:ListTagsForResource'),
    write(
      repositories,
      'ecr:CreateRepository ecr:DeleteRepository ecr:PutImageScanningConfiguration ecr:PutImageTagMutability ecr:TagResource ecr:UntagResource',
    ),
    grantKey,
  ],
  aws_ecr_lifecycle_policy: [
    read(repositories, 'ecr:GetLifecyclePolicy'),
    write(repositories, 'ecr:DeleteLifecyclePolicy ecr:PutLifecyclePolicy'),
  ],
  // The registry's own settings have no resource-level permissions.
  aws_ecr_replication_configuration: [
    read(anything, 'ecr:DescribeRegistry'),
    write(anything, 'ecr:PutReplicationConfiguration'),
    serviceLinkedRole('replication.ecr.amazonaws.com'),
  ],
  aws_lambda_function: [
    read(functions, 'lambda:GetFunction lambda:GetFunctionCodeSigningConfig lambda:ListTags lambda:ListVersionsByFunction'),
    write(
      functions,
      'lambda:CreateFunction lambda:DeleteFunction lambda:DeleteFunctionConcurrency lambda:PutFunctionConcurrency lambda:TagResource lambda:UntagResource lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration',
    ),
    passRole('lambda.amazonaws.com'),
    grantKey,
    write(inAccount('kms', 'key/*'), 'kms:Decrypt kms:Encrypt', () => ({ StringLike: { 'kms:ViaService': 'lambda.*.amazonaws.com' } })),
  ],
  aws_lambda_permission: [read(functions, 'lambda:GetPolicy'), write(functions, 'lambda:AddPermission lambda:RemovePermission')],
};
