import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { declareOutputs, text } from 'terrace';

import { swarmPorts } from '../../../../envcommon/network';
import type { InboundRule } from '../../../../modules/azure/security-group';
import { NatNetwork } from '../../../../modules/azure/virtual-network';
import { AzureUnit, type AzureRegion } from '../../azure-unit';

const subnet = (name: string) =>
  text(
    `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-promata-dev/providers/Microsoft.Network/virtualNetworks/vnet-promata-dev/subnets/subnet-${name}`,
  );

const outputs = declareOutputs({
  resourceGroup: text('rg-promata-dev'),
  swarmSubnetId: subnet('swarm'),
  databaseSubnetId: subnet('database'),
});

const internet = '0.0.0.0/0';

/** Development's resource group and network: the Swarm's subnet and the database's, and who may come in. */
export class VnetUnit extends AzureUnit<typeof outputs> {
  constructor(region: AzureRegion, id: string) {
    super(region, id, outputs);
    this.useAzure();
    const { cidr, subnets } = region.values.network;
    const group = new ResourceGroup(this, 'group', { name: `rg-${this.base}`, location: region.values.location, tags: this.tags });
    const serviceEndpoints = ['Microsoft.KeyVault', 'Microsoft.Storage'];
    const network = new NatNetwork(this, 'vnet', {
      ...this.placeIn(group.name),
      name: this.base,
      cidr,
      subnets: {
        swarm: {
          cidr: subnets.swarm,
          serviceEndpoints,
          inbound: [...web, ...login(this.administrators()), ...jump(subnets.swarm), ...amongMachines(cidr)],
        },
        database: { cidr: subnets.database, serviceEndpoints, inbound: [...jump(subnets.swarm), ...amongMachines(cidr)] },
      },
    });
    this.outputs({
      resourceGroup: group.name,
      swarmSubnetId: network.subnetId('swarm'),
      databaseSubnetId: network.subnetId('database'),
    });
  }
}

const web: readonly InboundRule[] = [
  { name: 'http', protocol: 'Tcp', port: 80, from: internet, why: "visitors, and Let's Encrypt" },
  { name: 'https', protocol: 'Tcp', port: 443, from: internet, why: 'visitors' },
];

/** SSH from outside: only the manager has an address there. */
function login(administrators: string[]): readonly InboundRule[] {
  return [{ name: 'ssh', protocol: 'Tcp', port: 22, from: administrators, why: 'administrators and pipelines' }];
}

function jump(from: string): readonly InboundRule[] {
  return [{ name: 'ssh-jump', protocol: 'Tcp', port: 22, from, why: 'administrators, through the manager' }];
}

function amongMachines(cidr: string): readonly InboundRule[] {
  return swarmPorts.map(({ name, protocol, port }) => ({
    name: `swarm-${name}-${protocol.toLowerCase()}`,
    protocol,
    port,
    from: cidr,
    why: `Docker Swarm: ${name}`,
  }));
}
