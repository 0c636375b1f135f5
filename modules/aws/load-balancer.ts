import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { LbListenerRule } from '@cdktf/provider-aws/lib/lb-listener-rule';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

/** How the load balancer finds out that a target answers. */
export interface HealthCheck {
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Status codes that count as healthy, as in `200` or `200-299`. */
  readonly matcher: string;
}

/** A service behind the load balancer: its target group and what leads to it. */
export interface Target<Name extends string> {
  readonly name: Name;
  readonly port: number;
  /** Paths that lead to it, as patterns such as `/api/*`, or host names; at most five per rule in AWS. */
  readonly match: { readonly paths: string[] } | { readonly hosts: string[] };
  /** How the load balancer speaks to it; with HTTPS it takes any certificate of the target. @default 'HTTP' */
  readonly protocol?: 'HTTP' | 'HTTPS';
  /** Lower is matched first; unique per listener. */
  readonly priority: number;
  readonly healthCheck: HealthCheck;
}

export interface LoadBalancerProps<Name extends string> {
  /** At most 32 characters. */
  readonly name: string;
  readonly vpcId: string;
  /** Subnets with a route to the internet gateway, in at least two zones. */
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  readonly certificateArn: string;
  /** Prefix of the target groups' names; with the target's name at most 32 characters. */
  readonly targetPrefix: string;
  readonly targets: readonly Target<Name>[];
  /** The answer to what no target has. */
  readonly fallback: { readonly status: string; readonly body: string };
  readonly deletionProtection: boolean;
  /** How long a target that goes away may finish its requests. */
  readonly deregistrationDelaySeconds: number;
  /** Bucket for access logs; its policy must admit the log delivery. @default no access logs */
  readonly accessLogs?: { readonly bucket: string; readonly prefix: string; readonly after: ITerraformDependable };
}

/**
 * A public application load balancer: port 80 answers 301 to 443, port 443 ends TLS 1.2 or 1.3 and sends each path or host to its
 * target group of IP addresses. Requests with malformed headers are dropped (request smuggling). It owns no security group and no certificate.
 */
export class LoadBalancer<Name extends string> extends Construct {
  readonly arn: string;
  /** `app/<name>/<id>`, the dimension of its metrics. */
  readonly arnSuffix: string;
  readonly dnsName: string;
  readonly zoneId: string;
  readonly httpsListenerArn: string;
  private readonly groups = new Map<Name, LbTargetGroup>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LoadBalancerProps<Name>,
  ) {
    super(scope, id);
    const { accessLogs } = props;
    const balancer = new Lb(this, 'balancer', {
      name: props.name,
      loadBalancerType: 'application',
      internal: false,
      subnets: props.subnetIds,
      securityGroups: [props.securityGroupId],
      enableDeletionProtection: props.deletionProtection,
      // AWS would refuse only after the listeners are gone; terraform refuses before it starts.
      ...(props.deletionProtection ? { lifecycle: { preventDestroy: true } } : {}),
      dropInvalidHeaderFields: true,
      desyncMitigationMode: 'defensive',
      ...(accessLogs === undefined
        ? {}
        : { accessLogs: { bucket: accessLogs.bucket, prefix: accessLogs.prefix, enabled: true }, dependsOn: [accessLogs.after] }),
      tags: { Name: props.name },
    });
    this.arn = balancer.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.addRedirect();
    const https = this.addHttps();
    this.httpsListenerArn = https.arn;
    for (const target of props.targets) this.addTarget(target, https);
  }

  /** The target group of one target; raises an error for a name that has none. */
  targetGroup(name: Name): { readonly arn: string; readonly arnSuffix: string } {
    const group = this.groups.get(name);
    if (group === undefined) throw new Error(`no target group ${name}`);
    return { arn: group.arn, arnSuffix: group.arnSuffix };
  }

  private addRedirect(): void {
    new LbListener(this, 'http', {
      loadBalancerArn: this.arn,
      port: 80,
      protocol: 'HTTP',
      defaultAction: [{ type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', statusCode: 'HTTP_301' } }],
    });
  }

  private addHttps(): LbListener {
    return new LbListener(this, 'https', {
      loadBalancerArn: this.arn,
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      certificateArn: this.props.certificateArn,
      defaultAction: [
        {
          type: 'fixed-response',
          fixedResponse: { contentType: 'text/plain', messageBody: this.props.fallback.body, statusCode: this.props.fallback.status },
        },
      ],
    });
  }

  private addTarget(target: Target<Name>, listener: LbListener): void {
    const check = target.healthCheck;
    const protocol = target.protocol ?? 'HTTP';
    const group = new LbTargetGroup(this, `target-${target.name}`, {
      name: `${this.props.targetPrefix}-${target.name}`,
      vpcId: this.props.vpcId,
      port: target.port,
      protocol,
      targetType: 'ip',
      deregistrationDelay: String(this.props.deregistrationDelaySeconds),
      healthCheck: {
        enabled: true,
        path: check.path,
        port: 'traffic-port',
        protocol,
        interval: check.intervalSeconds,
        timeout: check.timeoutSeconds,
        healthyThreshold: check.healthyThreshold,
        unhealthyThreshold: check.unhealthyThreshold,
        matcher: check.matcher,
      },
    });
    this.groups.set(target.name, group);
    new LbListenerRule(this, `rule-${target.name}`, {
      listenerArn: listener.arn,
      priority: target.priority,
      action: [{ type: 'forward', targetGroupArn: group.arn }],
      condition: [
        'paths' in target.match ? { pathPattern: { values: target.match.paths } } : { hostHeader: { values: target.match.hosts } },
      ],
    });
  }
}
