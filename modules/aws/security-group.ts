import { SecurityGroup as Group } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';

export interface SecurityGroupProps {
  /** Unique in the VPC. */
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
}

/**
 * A security group that starts closed in both directions; every edge is a rule of its own, so one can be added or taken away without
 * touching the others. Rules name the other group by id, never its addresses.
 */
export class SecurityGroup extends Construct {
  private readonly group: Group;

  constructor(scope: Construct, id: string, props: SecurityGroupProps) {
    super(scope, id);
    this.group = new Group(this, 'group', {
      name: props.name,
      description: props.description,
      vpcId: props.vpcId,
      // A rename makes the new group first: the old one is still in use by network interfaces.
      lifecycle: { createBeforeDestroy: true },
      tags: { Name: props.name },
    });
  }

  get groupId(): string {
    return this.group.id;
  }

  /** Opens TCP `port` from this group to `target`: the egress rule here and the ingress rule there. */
  connectTo(target: SecurityGroup, port: number): void {
    new VpcSecurityGroupEgressRule(this, `to-${target.node.id}-${port}`, {
      securityGroupId: this.groupId,
      description: `${this.node.id} to ${target.node.id}`,
      referencedSecurityGroupId: target.groupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
    });
    new VpcSecurityGroupIngressRule(target, `from-${this.node.id}-${port}`, {
      securityGroupId: target.groupId,
      description: `${this.node.id} to ${target.node.id}`,
      referencedSecurityGroupId: this.groupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
    });
  }

  /** Lets the whole internet in on TCP `port`. Only a public load balancer has a reason to. */
  openToInternet(port: number): void {
    new VpcSecurityGroupIngressRule(this, `from-internet-${port}`, {
      securityGroupId: this.groupId,
      description: `internet to ${this.node.id}`,
      cidrIpv4: '0.0.0.0/0',
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
    });
  }

  /** Lets the group out to a managed prefix list (a gateway endpoint's addresses) on TCP `port`. */
  reachPrefixList(name: string, prefixListId: string, port: number): void {
    new VpcSecurityGroupEgressRule(this, `to-${name}-${port}`, {
      securityGroupId: this.groupId,
      description: `${this.node.id} to ${name}`,
      prefixListId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
    });
  }

  /** Lets the group out to any address on TCP `port`: for services outside AWS, reached through NAT. */
  reachInternet(port: number): void {
    new VpcSecurityGroupEgressRule(this, `to-internet-${port}`, {
      securityGroupId: this.groupId,
      description: `${this.node.id} to internet`,
      cidrIpv4: '0.0.0.0/0',
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
    });
  }
}
