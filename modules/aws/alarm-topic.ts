import { ChatbotSlackChannelConfiguration } from '@cdktf/provider-aws/lib/chatbot-slack-channel-configuration';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import type { IResolvable } from 'cdktf';
import { Construct } from 'constructs';

import { defined } from './defined';
import { policyDocument } from './policy';
import { ServiceRole } from './service-role';

export interface AlarmTopicProps {
  /** Unique per account and region. */
  readonly name: string;
  readonly account: string;
  readonly kmsKeyArn: string;
  /** Who gets a mail; AWS asks the address to confirm. */
  readonly email: string;
  /** @default mail only */
  readonly slack?: {
    /** Unique in the account. */
    readonly name: string;
    readonly roleName: string;
    /** References to variables; without both there is no Slack route. */
    readonly workspaceId: string;
    readonly channelId: string;
    /** Terraform expression: how many routes there are, 0 or 1. */
    readonly count: IResolvable;
  };
  readonly permissionsBoundary?: string;
}

/**
 * The topic that alarms publish to, encrypted, with an e-mail subscription and, where asked for, a Slack channel through AWS Chatbot. Only CloudWatch
 * alarms of the account may publish. The Slack workspace must have been authorised once by hand in the Chatbot console.
 */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, 'topic', { name: props.name, kmsMasterKeyId: props.kmsKeyArn });
    new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: policyDocument([
        {
          sid: 'AlarmsPublish',
          principals: { services: ['cloudwatch.amazonaws.com'] },
          actions: ['sns:Publish'],
          resources: [topic.arn],
          conditions: { StringEquals: { 'aws:SourceAccount': props.account } },
        },
      ]),
    });
    new SnsTopicSubscription(this, 'email', { topicArn: topic.arn, protocol: 'email', endpoint: props.email });
    if (props.slack !== undefined) this.addSlack(props, props.slack, topic);
    this.arn = topic.arn;
  }

  private addSlack(props: AlarmTopicProps, slack: NonNullable<AlarmTopicProps['slack']>, topic: SnsTopic): void {
    const role = new ServiceRole(this, 'slack-role', {
      name: slack.roleName,
      services: ['chatbot.amazonaws.com'],
      statements: [
        {
          sid: 'ShowAlarms',
          // The graphs in the messages: these actions have no resource-level permissions.
          actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:GetMetricWidgetImage'],
          resources: ['*'],
        },
      ],
      ...defined({ permissionsBoundary: props.permissionsBoundary }),
    });
    const channel = new ChatbotSlackChannelConfiguration(this, 'slack', {
      configurationName: slack.name,
      slackTeamId: slack.workspaceId,
      slackChannelId: slack.channelId,
      snsTopicArns: [topic.arn],
      iamRoleArn: role.arn,
      guardrailPolicyArns: ['arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess'],
      loggingLevel: 'ERROR',
    });
    channel.addOverride('count', slack.count);
  }
}
