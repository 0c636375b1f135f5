import { XrayEncryptionConfig } from '@cdktf/provider-aws/lib/xray-encryption-config';
import { XrayGroup } from '@cdktf/provider-aws/lib/xray-group';
import { XraySamplingRule } from '@cdktf/provider-aws/lib/xray-sampling-rule';
import { Construct } from 'constructs';

export interface TracingProps {
  /** Name of the group and prefix of the rule; unique per account and region, at most 32 characters. */
  readonly name: string;
  /** Services whose requests follow the rule, as a pattern such as `ai-tools-*`. */
  readonly sampled: string;
  /** Services whose traces belong to the group; filters of groups know no patterns. */
  readonly services: readonly string[];
  /** Share of requests that are traced, 0 to 1, after the first one of each second. */
  readonly samplingRate: number;
  readonly kmsKeyArn: string;
}

/** X-Ray for one product in one region: how much is traced, a group with insights, and the encryption of all traces of the account. */
export class Tracing extends Construct {
  readonly groupName: string;
  readonly groupArn: string;

  constructor(scope: Construct, id: string, props: TracingProps) {
    super(scope, id);
    new XraySamplingRule(this, 'sampling', {
      ruleName: props.name,
      priority: 1000,
      version: 1,
      reservoirSize: 1,
      fixedRate: props.samplingRate,
      serviceName: props.sampled,
      serviceType: '*',
      host: '*',
      httpMethod: '*',
      urlPath: '*',
      resourceArn: '*',
    });
    const group = new XrayGroup(this, 'group', {
      groupName: props.name,
      filterExpression: props.services.map((service) => `service("${service}")`).join(' OR '),
      insightsConfiguration: { insightsEnabled: true, notificationsEnabled: true },
    });
    new XrayEncryptionConfig(this, 'encryption', { type: 'KMS', keyId: props.kmsKeyArn });
    this.groupName = group.groupName;
    this.groupArn = group.arn;
  }
}
