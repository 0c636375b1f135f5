import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy';
import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration';
import { Construct } from 'constructs';

import { LogGroup } from './log-group';
import { policyDocument } from './policy';

export interface WebAclProps {
  /** Unique per account and region; letters, digits, hyphens. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** The load balancer (or API) it stands before. */
  readonly resourceArn: string;
  /** AWS managed rule groups in the order in which they judge, as in `AWSManagedRulesCommonRuleSet`. */
  readonly managedRuleGroups: readonly string[];
  /** Requests of one address in five minutes, above which it is blocked; at least 10. */
  readonly rateLimit: number;
  readonly logRetentionDays: number;
  readonly kmsKeyArn: string;
}

/**
 * A regional web ACL before one resource: a rate limit per address, then managed rule groups that block; the rest passes. Every judged
 * request is logged, without its Authorization and Cookie headers.
 */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const acl = new Wafv2WebAcl(this, 'acl', {
      name: props.name,
      description: `Protects the load balancer of ${props.name}`,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rule: [rateRule(props), ...props.managedRuleGroups.map((group, index) => managedRule(group, index + 1))],
      visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: props.name, sampledRequestsEnabled: true },
    });
    new Wafv2WebAclAssociation(this, 'association', { webAclArn: acl.arn, resourceArn: props.resourceArn });
    this.addLogging(props, acl);
    this.arn = acl.arn;
  }

  private addLogging(props: WebAclProps, acl: Wafv2WebAcl): void {
    // WAF delivers only to groups whose name starts so.
    const logs = new LogGroup(this, 'logs', {
      name: `aws-waf-logs-${props.name}`,
      retentionDays: props.logRetentionDays,
      kmsKeyArn: props.kmsKeyArn,
    });
    const delivery = new CloudwatchLogResourcePolicy(this, 'log-delivery', {
      policyName: `waf-${props.name}`,
      policyDocument: policyDocument([
        {
          sid: 'DeliverWafLogs',
          principals: { services: ['delivery.logs.amazonaws.com'] },
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${logs.arn}:*`],
          conditions: {
            StringEquals: { 'aws:SourceAccount': props.account },
            ArnLike: { 'aws:SourceArn': `arn:aws:logs:${props.region}:${props.account}:*` },
          },
        },
      ]),
    });
    new Wafv2WebAclLoggingConfiguration(this, 'logging', {
      resourceArn: acl.arn,
      logDestinationConfigs: [logs.arn],
      redactedFields: [{ singleHeader: { name: 'authorization' } }, { singleHeader: { name: 'cookie' } }],
      dependsOn: [delivery],
    });
  }
}

// The bindings type a rule's statement as `any` and write it as it is: its fields are terraform's own names.
function rateRule(props: WebAclProps) {
  return {
    name: 'rate-limit',
    priority: 0,
    action: { block: {} },
    statement: { rate_based_statement: { limit: props.rateLimit, aggregate_key_type: 'IP' } },
    visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: 'rate-limit', sampledRequestsEnabled: true },
  };
}

function managedRule(group: string, priority: number) {
  return {
    name: group,
    priority,
    overrideAction: { none: {} },
    statement: { managed_rule_group_statement: { name: group, vendor_name: 'AWS' } },
    visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: group, sampledRequestsEnabled: true },
  };
}
