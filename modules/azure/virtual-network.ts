import { NatGateway } from '@cdktf/provider-azurerm/lib/nat-gateway';
import { NatGatewayPublicIpAssociation } from '@cdktf/provider-azurerm/lib/nat-gateway-public-ip-association';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { Subnet } from '@cdktf/provider-azurerm/lib/subnet';
import { SubnetNatGatewayAssociation } from '@cdktf/provider-azurerm/lib/subnet-nat-gateway-association';
import { SubnetNetworkSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/subnet-network-security-group-association';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import { Construct } from 'constructs';

import { InboundSecurityGroup, type InboundRule, type Place } from './security-group';

/** A subnet, who may come into it, and which of Azure's services see its addresses. */
export interface SubnetProps {
  readonly cidr: string;
  readonly inbound: readonly InboundRule[];
  /** As in `Microsoft.KeyVault`; a service's network rules can then name the subnet. */
  readonly serviceEndpoints: readonly string[];
}

export interface NatNetworkProps<S extends string> extends Place {
  /** After the kind in each name: `vnet-<name>`, `nsg-<name>-<subnet>`. */
  readonly name: string;
  readonly cidr: string;
  readonly subnets: Readonly<Record<S, SubnetProps>>;
}

/**
 * A virtual network whose subnets each have a security group and leave through one NAT gateway: Azure gives new networks no other
 * way out, and the default that old ones have is switched off, so that hosts need no public address. A host's own public address
 * still answers what came in by it.
 */
export class NatNetwork<S extends string> extends Construct {
  readonly id: string;
  readonly name: string;
  readonly natAddress: string;
  private readonly subnets = new Map<S, Subnet>();

  constructor(scope: Construct, id: string, props: NatNetworkProps<S>) {
    super(scope, id);
    const { name, resourceGroup: resourceGroupName, location, tags } = props;
    const network = new VirtualNetwork(this, 'network', {
      name: `vnet-${name}`,
      resourceGroupName,
      location,
      addressSpace: [props.cidr],
      tags,
    });
    const address = new PublicIp(this, 'nat-address', {
      name: `pip-${name}-nat`,
      resourceGroupName,
      location,
      allocationMethod: 'Static',
      sku: 'Standard',
      tags,
    });
    const gateway = new NatGateway(this, 'nat', { name: `ng-${name}`, resourceGroupName, location, skuName: 'Standard', tags });
    const bound = new NatGatewayPublicIpAssociation(this, 'nat-address-association', {
      natGatewayId: gateway.id,
      publicIpAddressId: address.id,
    });
    for (const [subnetName, settings] of Object.entries(props.subnets) as [S, SubnetProps][]) {
      const subnet = new Subnet(this, `${subnetName}-subnet`, {
        name: `subnet-${subnetName}`,
        resourceGroupName,
        virtualNetworkName: network.name,
        addressPrefixes: [settings.cidr],
        defaultOutboundAccessEnabled: false,
        serviceEndpoints: [...settings.serviceEndpoints],
      });
      const group = new InboundSecurityGroup(this, `${subnetName}-group`, {
        name: `nsg-${name}-${subnetName}`,
        resourceGroup: resourceGroupName,
        location,
        tags,
        inbound: settings.inbound,
      });
      new SubnetNetworkSecurityGroupAssociation(this, `${subnetName}-group-association`, {
        subnetId: subnet.id,
        networkSecurityGroupId: group.id,
      });
      // A gateway without an address leads nowhere.
      new SubnetNatGatewayAssociation(this, `${subnetName}-nat-association`, {
        subnetId: subnet.id,
        natGatewayId: gateway.id,
        dependsOn: [bound],
      });
      this.subnets.set(subnetName, subnet);
    }
    this.id = network.id;
    this.name = network.name;
    this.natAddress = address.ipAddress;
  }

  /** Id of a subnet. Throws a RangeError for a name that the network has not. */
  subnetId(name: S): string {
    const subnet = this.subnets.get(name);
    if (subnet === undefined) throw new RangeError(`no subnet ${name}: ${[...this.subnets.keys()].join(', ')}`);
    return subnet.id;
  }
}
