import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Construct } from 'constructs';

import { natOfZones, type NatPolicy } from './nat-policy';

/** Subnets of one purpose, one per zone. */
export interface Tier<Name extends string> {
  readonly name: Name;
  /** One block per zone, in the order of the zones. */
  readonly cidrs: readonly string[];
  /** Where traffic out of the network goes: the internet gateway, a NAT gateway, or nowhere. */
  readonly route: 'internet' | 'nat' | 'none';
}

export interface TieredNetworkProps<Name extends string> {
  /** Prefix of the `Name` tags. */
  readonly name: string;
  readonly cidr: string;
  /** Availability zones by name, as in `eu-central-1a`. */
  readonly zones: readonly string[];
  /** At least one tier with route `internet` when `nat` is given: the gateways stand in the first such tier. */
  readonly tiers: readonly Tier<Name>[];
  readonly nat: NatPolicy;
}

/**
 * A VPC with tiers of subnets over several zones. Each zone's private subnets have a route table of their own, so a gateway can be
 * added or moved for one zone alone; tiers without a route share one table that leads nowhere. No subnet hands out public
 * addresses, and the default security group is emptied. It makes no endpoints and no flow logs: see endpoints.ts and flow-logs.ts.
 */
export class TieredNetwork<Name extends string> extends Construct {
  readonly vpcId: string;
  readonly cidr: string;
  private readonly subnets = new Map<Name, readonly Subnet[]>();
  private readonly tables = new Map<Name, readonly RouteTable[]>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TieredNetworkProps<Name>,
  ) {
    super(scope, id);
    const vpc = new Vpc(this, 'vpc', {
      cidrBlock: props.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: props.name },
    });
    this.vpcId = vpc.id;
    this.cidr = props.cidr;
    new DefaultSecurityGroup(this, 'default-group', { vpcId: vpc.id, tags: { Name: `${props.name}-closed` } });
    const gateway = new InternetGateway(this, 'internet', { vpcId: vpc.id, tags: { Name: props.name } });
    for (const tier of props.tiers) this.subnets.set(tier.name, this.addSubnets(tier));
    const gateways = this.addNatGateways(gateway);
    for (const tier of props.tiers) this.tables.set(tier.name, this.addRoutes(tier, gateway, gateways));
  }

  /** Subnet ids of a tier in the order of the zones. */
  subnetIds(tier: Name): string[] {
    return (this.subnets.get(tier) ?? []).map((subnet) => subnet.id);
  }

  /** Ids of the route tables that a tier's subnets use. */
  routeTableIds(tier: Name): string[] {
    return (this.tables.get(tier) ?? []).map((table) => table.id);
  }

  private addSubnets(tier: Tier<Name>): readonly Subnet[] {
    const { zones } = this.props;
    if (tier.cidrs.length !== zones.length) throw new Error(`tier ${tier.name}: ${tier.cidrs.length} blocks for ${zones.length} zones`);
    return tier.cidrs.map((cidrBlock, index) => {
      const zone = zones[index] ?? '';
      return new Subnet(this, `${tier.name}-${zoneLetter(zone)}`, {
        vpcId: this.vpcId,
        cidrBlock,
        availabilityZone: zone,
        mapPublicIpOnLaunch: false,
        tags: { Name: `${this.props.name}-${tier.name}-${zoneLetter(zone)}`, Tier: tier.name },
      });
    });
  }

  private addNatGateways(gateway: InternetGateway): readonly NatGateway[] {
    const { nat, tiers, zones, name } = this.props;
    if (!tiers.some((tier) => tier.route === 'nat')) return [];
    const open = tiers.find((tier) => tier.route === 'internet');
    if (open === undefined) throw new Error(`network ${name}: NAT gateways need a tier with route 'internet'`);
    const count = new Set(natOfZones(nat, zones.length)).size;
    return (this.subnets.get(open.name) ?? []).slice(0, count).map((subnet, index) => {
      const letter = zoneLetter(zones[index] ?? '');
      const address = new Eip(this, `nat-address-${letter}`, { domain: 'vpc', tags: { Name: `${name}-nat-${letter}` } });
      return new NatGateway(this, `nat-${letter}`, {
        allocationId: address.allocationId,
        subnetId: subnet.id,
        tags: { Name: `${name}-nat-${letter}` },
        dependsOn: [gateway],
      });
    });
  }

  private addRoutes(tier: Tier<Name>, gateway: InternetGateway, gateways: readonly NatGateway[]): readonly RouteTable[] {
    const { zones, nat } = this.props;
    const subnets = this.subnets.get(tier.name) ?? [];
    if (tier.route !== 'nat') {
      const table = this.addTable(tier.name);
      if (tier.route === 'internet')
        new Route(this, `${tier.name}-default`, { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', gatewayId: gateway.id });
      subnets.forEach((subnet, index) => this.associate(`${tier.name}-${zoneLetter(zones[index] ?? '')}`, subnet, table));
      return [table];
    }
    const natOfZone = natOfZones(nat, zones.length);
    return subnets.map((subnet, index) => {
      const name = `${tier.name}-${zoneLetter(zones[index] ?? '')}`;
      const table = this.addTable(name);
      const target = gateways[natOfZone[index] ?? 0];
      if (target !== undefined)
        new Route(this, `${name}-default`, { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', natGatewayId: target.id });
      this.associate(name, subnet, table);
      return table;
    });
  }

  private addTable(name: string): RouteTable {
    return new RouteTable(this, `${name}-routes`, { vpcId: this.vpcId, tags: { Name: `${this.props.name}-${name}` } });
  }

  private associate(name: string, subnet: Subnet, table: RouteTable): void {
    new RouteTableAssociation(this, `${name}-association`, { subnetId: subnet.id, routeTableId: table.id });
  }
}

function zoneLetter(zone: string): string {
  return zone.slice(-1);
}
