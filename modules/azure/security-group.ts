import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { NetworkSecurityRule } from '@cdktf/provider-azurerm/lib/network-security-rule';
import { Construct } from 'constructs';

/** Where resources of a group are made. */
export interface Place {
  readonly resourceGroup: string;
  readonly location: string;
  readonly tags: Record<string, string>;
}

/** What may come in. */
export interface InboundRule {
  /** Unique in the group; letters, digits, hyphens. */
  readonly name: string;
  readonly protocol: 'Tcp' | 'Udp';
  readonly port: number;
  /** A CIDR, or a list of them; the list may be a reference to a variable. */
  readonly from: string | string[];
  /** What it is for; Azure shows it beside the rule. */
  readonly why: string;
}

/** The last priority that Azure gives to rules of one's own; its defaults, which let the whole virtual network in, come after it. */
const lastPriority = 4096;

/**
 * A network security group that admits exactly its rules, also from inside the virtual network: a last rule refuses what
 * Azure's defaults would let in. What goes out is not restricted.
 */
export class InboundSecurityGroup extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, props: Place & { readonly name: string; readonly inbound: readonly InboundRule[] }) {
    super(scope, id);
    const { name, resourceGroup, location, tags } = props;
    const group = new NetworkSecurityGroup(this, 'group', { name, resourceGroupName: resourceGroup, location, tags });
    const shared = {
      resourceGroupName: resourceGroup,
      networkSecurityGroupName: group.name,
      direction: 'Inbound',
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
    };
    props.inbound.forEach((rule, index) => {
      new NetworkSecurityRule(this, rule.name, {
        ...shared,
        name: rule.name,
        description: rule.why,
        priority: 100 + 10 * index,
        access: 'Allow',
        protocol: rule.protocol,
        destinationPortRange: String(rule.port),
        ...(typeof rule.from === 'string' ? { sourceAddressPrefix: rule.from } : { sourceAddressPrefixes: rule.from }),
      });
    });
    new NetworkSecurityRule(this, 'deny-the-rest', {
      ...shared,
      name: 'deny-the-rest',
      description: 'Deny everything else, even from the virtual network',
      priority: lastPriority,
      access: 'Deny',
      protocol: '*',
      destinationPortRange: '*',
      sourceAddressPrefix: '*',
    });
    this.id = group.id;
  }
}
