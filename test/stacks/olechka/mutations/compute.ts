import { change, dev, edited, eu, mutation, redirect, replaced, type Mutation } from './mutation';

export const compute: readonly Mutation[] = [
  mutation('O-06', 'a service in the cluster of another region', (tree) =>
    redirect(tree, `${eu}/compute/ecs-service-api`, 'compute_ecs_cluster', 'production/ap-southeast-1/compute/ecs-cluster'),
  ),
  mutation('O-06', 'the worker runs the image of the api', (tree) =>
    change(
      tree,
      `${dev}/compute/ecs-service-worker`,
      'aws_ecs_task_definition',
      '',
      replaced('container_definitions', 'worker_url', 'api_url'),
    ),
  ),
  mutation('O-14', 'a secret mixed up with another', (tree) =>
    change(
      tree,
      `${eu}/compute/ecs-service-api`,
      'aws_ecs_task_definition',
      '',
      replaced('container_definitions', 'jwt_secret_arn', 'api_key_arn'),
    ),
  ),
  mutation('O-14', 'an execution role that reads every secret', (tree) =>
    change(
      tree,
      `${eu}/compute/ecs-service-api`,
      'aws_iam_role_policy',
      'execution',
      edited('policy', (policy) => {
        for (const statement of policy.Statement) if (statement.Sid === 'ReadSecrets') statement.Resource = '*';
      }),
    ),
  ),
  mutation('O-16', 'the worker logs to the group of the api', (tree) =>
    change(tree, `${eu}/compute/ecs-service-worker`, 'aws_cloudwatch_log_group', '', (attrs) => void (attrs.name = '/ecs/ai-tools-api')),
  ),
  mutation('O-16', 'a task role that cannot send traces', (tree) =>
    change(tree, `${eu}/compute/ecs-service-api`, 'aws_iam_role_policy', 'task-role', replaced('policy', /xray:Put/g, 'xray:Get')),
  ),
  mutation('O-26', 'a log group that keeps everything for ever', (tree) =>
    change(tree, `${eu}/compute/ecs-service-api`, 'aws_cloudwatch_log_group', '', (attrs) => void delete attrs.retention_in_days),
  ),
];
