import { change, eu, mutation, replaced, type Mutation } from './mutation';

export const monitoring: readonly Mutation[] = [
  mutation('O-09', 'a trace group without insights', (tree) =>
    change(tree, `${eu}/monitoring/xray`, 'aws_xray_group', '', (attrs) => void (attrs.insights_configuration.insights_enabled = false)),
  ),
  mutation('O-27', 'the api counted twice, the worker never', (tree) =>
    change(
      tree,
      `${eu}/monitoring/cloudwatch`,
      'aws_cloudwatch_log_metric_filter',
      'worker-Error',
      replaced('log_group_name', 'worker', 'api'),
    ),
  ),
  mutation('O-28', "dev's threshold in production", (tree) =>
    change(tree, `${eu}/monitoring/cloudwatch`, 'aws_cloudwatch_metric_alarm', 'latency-p99', (attrs) => void (attrs.threshold = 2)),
  ),
  mutation('O-28', 'an error rate without requests', (tree) =>
    change(
      tree,
      `${eu}/monitoring/cloudwatch`,
      'aws_cloudwatch_metric_alarm',
      'error-rate',
      (attrs) => void (attrs.metric_query[0].expression = 'target5xx + balancer5xx'),
    ),
  ),
  mutation('O-29', 'an alarm that tells nobody', (tree) =>
    change(tree, `${eu}/monitoring/cloudwatch`, 'aws_cloudwatch_metric_alarm', 'database-cpu', (attrs) => void (attrs.alarm_actions = [])),
  ),
  mutation('O-29', 'a Slack channel of another topic', (tree) =>
    change(
      tree,
      `${eu}/monitoring/cloudwatch`,
      'aws_chatbot_slack_channel_configuration',
      '',
      (attrs) => void (attrs.sns_topic_arns = ['arn:aws:sns:eu-central-1:1:x']),
    ),
  ),
  mutation('O-30', 'no cost on the executive dashboard', (tree) =>
    change(
      tree,
      `${eu}/monitoring/cloudwatch`,
      'aws_cloudwatch_dashboard',
      'executive',
      replaced('dashboard_body', 'us-east-1', 'eu-west-1'),
    ),
  ),
  mutation('O-30', 'an operations dashboard that asks one log group', (tree) =>
    change(
      tree,
      `${eu}/monitoring/cloudwatch`,
      'aws_cloudwatch_dashboard',
      'operations',
      replaced('dashboard_body', /ecs_service_worker\.outputs\.log/g, 'ecs_service_api.outputs.log'),
    ),
  ),
  mutation('O-31', 'every request traced in production', (tree) =>
    change(tree, `${eu}/monitoring/xray`, 'aws_xray_sampling_rule', '', (attrs) => void (attrs.fixed_rate = 1)),
  ),
];
