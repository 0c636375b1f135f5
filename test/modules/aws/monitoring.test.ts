import { expect, test } from '@jest/globals';
import { expression } from 'terrace';

import { Alarm } from '../../../modules/aws/alarm';
import { AlarmTopic } from '../../../modules/aws/alarm-topic';
import { Dashboard } from '../../../modules/aws/dashboard';
import { LogMetric } from '../../../modules/aws/log-group';
import { Tracing } from '../../../modules/aws/tracing';
import { WebAcl } from '../../../modules/aws/web-acl';
import { statements, synthesized } from './synthesized';

const metric = { namespace: 'AWS/ECS', name: 'CPUUtilization', dimensions: { ClusterName: 'x' }, statistic: 'Average' };

test('an alarm goes off above its threshold and tells its topics of beginning and end', () => {
  const { one } = synthesized(
    (stack) =>
      void new Alarm(stack, 'a', { name: 'cpu', description: 'CPU', source: metric, threshold: 75, periods: 2, topicArns: ['arn:topic'] }),
  );
  expect(one('aws_cloudwatch_metric_alarm')).toMatchObject({
    comparison_operator: 'GreaterThanThreshold',
    threshold: 75,
    evaluation_periods: 2,
    datapoints_to_alarm: 2,
    period: 60,
    statistic: 'Average',
    metric_name: 'CPUUtilization',
    dimensions: { ClusterName: 'x' },
    alarm_actions: ['arn:topic'],
    ok_actions: ['arn:topic'],
    treat_missing_data: 'notBreaching',
  });
});

test('a percentile is an extended statistic, and metric maths returns only its result', () => {
  const { all } = synthesized((stack) => {
    new Alarm(stack, 'p99', {
      name: 'p99',
      description: '',
      source: { ...metric, statistic: 'p99' },
      threshold: 1,
      periods: 1,
      topicArns: [],
    });
    new Alarm(stack, 'rate', {
      name: 'rate',
      description: '',
      source: { expression: '100 * errors / requests', label: 'rate', metrics: { errors: metric, requests: metric } },
      threshold: 2,
      periods: 1,
      topicArns: [],
    });
  });
  const alarms = Object.fromEntries(Object.values(all('aws_cloudwatch_metric_alarm')).map((alarm) => [alarm['alarm_name'], alarm]));
  expect(alarms['p99']).toMatchObject({ extended_statistic: 'p99' });
  expect(alarms['p99']).not.toHaveProperty('statistic');
  expect(alarms['rate']?.['metric_query'].map((query: { id: string; return_data: boolean }) => [query.id, query.return_data])).toEqual([
    ['result', true],
    ['errors', false],
    ['requests', false],
  ]);
  expect(alarms['rate']).not.toHaveProperty('metric_name');
});

test('a topic is encrypted, takes messages of alarms only, and reaches mail and Slack', () => {
  const { one, ref } = synthesized((stack) => {
    new AlarmTopic(stack, 't', {
      name: 'alarms',
      account: '123456789012',
      kmsKeyArn: 'arn:key',
      email: 'a@b.example',
      slack: { name: 'chat', roleName: 'chat', workspaceId: '${var.w}', channelId: '${var.c}', count: expression('var.c == null ? 0 : 1') },
    });
  });
  const topic = ref('aws_sns_topic', 'arn');
  expect(one('aws_sns_topic')['kms_master_key_id']).toBe('arn:key');
  expect(statements(one('aws_sns_topic_policy')['policy'])['AlarmsPublish']).toMatchObject({
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Resource: topic,
    Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
  });
  expect(one('aws_sns_topic_subscription')).toMatchObject({ topic_arn: topic, protocol: 'email', endpoint: 'a@b.example' });
  expect(one('aws_chatbot_slack_channel_configuration')).toMatchObject({
    count: '${var.c == null ? 0 : 1}',
    sns_topic_arns: [topic],
    slack_team_id: '${var.w}',
    slack_channel_id: '${var.c}',
    iam_role_arn: ref('aws_iam_role', 'arn'),
  });
});

test('a dashboard draws its widgets in two columns', () => {
  const { one } = synthesized((stack) => {
    new Dashboard(stack, 'd', {
      name: 'x',
      widgets: [
        { kind: 'alarm', title: 'health', alarmArns: ['arn:alarm'] },
        { kind: 'log', title: 'errors', region: 'eu-central-1', groups: ['/a', '/b'], query: 'fields @message' },
        { kind: 'metric', title: 'cpu', region: 'eu-central-1', statistic: 'p99', lines: [['AWS/ECS', 'CPUUtilization']] },
        { kind: 'text', markdown: '# hello' },
      ],
    });
  });
  const { widgets } = JSON.parse(one('aws_cloudwatch_dashboard')['dashboard_body']);
  expect(widgets.map(({ type, x, y }: { type: string; x: number; y: number }) => [type, x, y])).toEqual([
    ['alarm', 0, 0],
    ['log', 12, 0],
    ['metric', 0, 6],
    ['text', 12, 6],
  ]);
  expect(widgets[1].properties.query).toBe("SOURCE '/a' | SOURCE '/b' | fields @message");
  expect(widgets[2].properties).toMatchObject({ stat: 'p99', period: 60, metrics: [['AWS/ECS', 'CPUUtilization']] });
});

test('a log metric counts matching lines and is zero without them', () => {
  const { one } = synthesized(
    (stack) => void new LogMetric(stack, 'm', { logGroupName: '/ecs/x', pattern: '"ERROR"', namespace: 'X', metric: 'Errors' }),
  );
  expect(one('aws_cloudwatch_log_metric_filter')).toMatchObject({
    log_group_name: '/ecs/x',
    pattern: '"ERROR"',
    metric_transformation: { namespace: 'X', name: 'Errors', value: '1', default_value: '0' },
  });
});

test('tracing has a rule for the services, a group with insights, and a key', () => {
  const { one } = synthesized(
    (stack) =>
      void new Tracing(stack, 't', { name: 'x', sampled: 'x-*', services: ['x-a', 'x-b'], samplingRate: 0.1, kmsKeyArn: 'arn:key' }),
  );
  expect(one('aws_xray_sampling_rule')).toMatchObject({ fixed_rate: 0.1, service_name: 'x-*', reservoir_size: 1 });
  expect(one('aws_xray_group')).toMatchObject({
    filter_expression: 'service("x-a") OR service("x-b")',
    insights_configuration: { insights_enabled: true, notifications_enabled: true },
  });
  expect(one('aws_xray_encryption_config')).toMatchObject({ type: 'KMS', key_id: 'arn:key' });
});

test('a web ACL limits the rate first, then lets managed rules block, before the one resource', () => {
  const { one, ref } = synthesized((stack) => {
    new WebAcl(stack, 'w', {
      name: 'x',
      account: '123456789012',
      region: 'eu-central-1',
      resourceArn: 'arn:alb',
      managedRuleGroups: ['AWSManagedRulesCommonRuleSet'],
      rateLimit: 2000,
      logRetentionDays: 30,
      kmsKeyArn: 'arn:key',
    });
  });
  expect(one('aws_wafv2_web_acl')).toMatchObject({ scope: 'REGIONAL', default_action: { allow: {} } });
  expect(one('aws_wafv2_web_acl')['rule']).toMatchObject([
    {
      name: 'rate-limit',
      priority: 0,
      action: { block: {} },
      statement: { rate_based_statement: { limit: 2000, aggregate_key_type: 'IP' } },
    },
    {
      name: 'AWSManagedRulesCommonRuleSet',
      priority: 1,
      override_action: { none: {} },
      statement: { managed_rule_group_statement: { name: 'AWSManagedRulesCommonRuleSet', vendor_name: 'AWS' } },
    },
  ]);
  expect(one('aws_wafv2_web_acl_association')).toMatchObject({ web_acl_arn: ref('aws_wafv2_web_acl', 'arn'), resource_arn: 'arn:alb' });
  expect(one('aws_wafv2_web_acl_logging_configuration')).toMatchObject({
    log_destination_configs: [ref('aws_cloudwatch_log_group', 'arn')],
    redacted_fields: [{ single_header: { name: 'authorization' } }, { single_header: { name: 'cookie' } }],
  });
  expect(one('aws_cloudwatch_log_group')['name']).toBe('aws-waf-logs-x');
});
