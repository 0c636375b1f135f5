import { anything, grantKey, inAccount, passRole, read, serviceLinkedRole, withoutRegion, write, type AccessTable } from '../access';

const logGroups = inAccount('logs', 'log-group:*{name}');
const alarms = inAccount('cloudwatch', 'alarm:{name}');
const dashboards = withoutRegion('cloudwatch', 'dashboard/{name}');
const topics = inAccount('sns', '{name}');
const queues = inAccount('sqs', '{name}');
const chat = withoutRegion('chatbot', 'chat-configuration/slack-channel/{name}');
const sampling = inAccount('xray', 'sampling-rule/{name}');
const traceGroups = inAccount('xray', 'group/{name}/*');

/** Logs, alarms, dashboards, topics, queues, traces. */
export const monitoring: AccessTable = {
  aws_cloudwatch_log_group: [
    // logs:DescribeLogGroups lists: it has no narrower resource than all groups.
    read(anything, 'logs:DescribeLogGroups'),
    read(logGroups, 'logs:ListTagsForResource'),
    write(
      logGroups,
      'logs:AssociateKmsKey logs:CreateLogGroup logs:DeleteLogGroup logs:DeleteRetentionPolicy logs:DisassociateKmsKey logs:PutRetentionPolicy logs:TagResource logs:UntagResource',
    ),
  ],
  aws_cloudwatch_log_metric_filter: [
    read(logGroups, 'logs:DescribeMetricFilters'),
    write(logGroups, 'logs:DeleteMetricFilter logs:PutMetricFilter'),
  ],
  // Resource policies of CloudWatch Logs have no ARN.
  aws_cloudwatch_log_resource_policy: [
    read(anything, 'logs:DescribeResourcePolicies'),
    write(anything, 'logs:DeleteResourcePolicy logs:PutResourcePolicy'),
  ],
  aws_cloudwatch_metric_alarm: [
    read(alarms, 'cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource'),
    write(alarms, 'cloudwatch:DeleteAlarms cloudwatch:PutMetricAlarm cloudwatch:TagResource cloudwatch:UntagResource'),
  ],
  aws_cloudwatch_dashboard: [
    read(dashboards, 'cloudwatch:GetDashboard'),
    write(dashboards, 'cloudwatch:DeleteDashboards cloudwatch:PutDashboard'),
  ],
  aws_sns_topic: [
    read(topics, 'sns:GetTopicAttributes sns:ListTagsForResource'),
    write(topics, 'sns:CreateTopic sns:DeleteTopic sns:SetTopicAttributes sns:TagResource sns:UntagResource'),
  ],
  aws_sqs_queue: [
    read(queues, 'sqs:GetQueueAttributes sqs:ListQueueTags'),
    write(queues, 'sqs:CreateQueue sqs:DeleteQueue sqs:SetQueueAttributes sqs:TagQueue sqs:UntagQueue'),
  ],
  aws_sns_topic_policy: [read(topics, 'sns:GetTopicAttributes'), write(topics, 'sns:SetTopicAttributes')],
  aws_sns_topic_subscription: [
    read(topics, 'sns:GetSubscriptionAttributes'),
    write(topics, 'sns:SetSubscriptionAttributes sns:Subscribe'),
    // sns:Unsubscribe has no resource-level permission.
    write(anything, 'sns:Unsubscribe'),
  ],
  aws_chatbot_slack_channel_configuration: [
    // chatbot:DescribeSlackChannelConfigurations lists: it has no resource-level permission.
    read(anything, 'chatbot:DescribeSlackChannelConfigurations'),
    read(chat, 'chatbot:ListTagsForResource'),
    write(
      chat,
      'chatbot:CreateSlackChannelConfiguration chatbot:DeleteSlackChannelConfiguration chatbot:TagResource chatbot:UntagResource chatbot:UpdateSlackChannelConfiguration',
    ),
    passRole('chatbot.amazonaws.com'),
    serviceLinkedRole('management.chatbot.amazonaws.com'),
  ],
  // xray:GetSamplingRules, GetEncryptionConfig and PutEncryptionConfig speak of the whole account.
  aws_xray_sampling_rule: [
    read(anything, 'xray:GetSamplingRules'),
    read(sampling, 'xray:ListTagsForResource'),
    write(sampling, 'xray:CreateSamplingRule xray:DeleteSamplingRule xray:TagResource xray:UntagResource xray:UpdateSamplingRule'),
  ],
  aws_xray_group: [
    read(traceGroups, 'xray:GetGroup xray:ListTagsForResource'),
    write(traceGroups, 'xray:CreateGroup xray:DeleteGroup xray:TagResource xray:UntagResource xray:UpdateGroup'),
  ],
  aws_xray_encryption_config: [read(anything, 'xray:GetEncryptionConfig'), write(anything, 'xray:PutEncryptionConfig'), grantKey],
};
