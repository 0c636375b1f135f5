import { any, declareOutputs, list, text } from 'terrace';

import { LinuxVm } from '../../../../modules/azure/linux-vm';
import { AzureUnit, type AzureRegion } from '../../azure-unit';
import { inventoryOf } from '../../rendering/inventory';
import { userDataOf } from '../../rendering/user-data';
import { operator } from '../../root';
import { nodesOf, type Node } from '../../topology/cluster';
import { VnetUnit } from '../network/vnet';
import { KeyVaultUnit } from '../security/key-vault';
import { BackupsUnit } from '../storage/backups';

const outputs = declareOutputs({
  swarmManagerPublicIp: text('203.0.113.10'),
  swarmManagerPrivateIp: text('10.1.1.10'),
  swarmWorkerPrivateIps: list(['10.1.2.11']),
  ansibleInventory: any({ _meta: { hostvars: {} } }),
});

/** Canonical's Ubuntu 22.04 LTS, generation 2. */
const image = { publisher: 'Canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2', version: 'latest' };

/** The machines of development's Swarm: a manager that the internet reaches, workers that it does not. */
export class SwarmUnit extends AzureUnit<typeof outputs> {
  constructor(region: AzureRegion, id: string) {
    super(region, id, outputs);
    this.useAzure();
    const { resourceGroup, swarmSubnetId, databaseSubnetId } = this.dependency(region.unit(VnetUnit));
    const { vaultId, vaultName } = this.dependency(region.unit(KeyVaultUnit));
    const backups = this.dependency(region.unit(BackupsUnit));
    const publicKey = this.variable('ssh_operator_dev', {
      description: "The operators' SSH public key in OpenSSH format, on one line",
    }).stringValue;
    const { cluster } = region;
    const machine = (node: Node): LinuxVm =>
      new LinuxVm(this, node.id, {
        ...this.placeIn(resourceGroup),
        name: node.name,
        size: this.settings.vmSize,
        subnetId: node.subnet === 'swarm' ? swarmSubnetId : databaseSubnetId,
        address: node.address,
        publicAddress: node.role === 'manager',
        image,
        operator: { name: operator, publicKey },
        customData: userDataOf(node, publicKey),
        systemDiskGb: this.settings.systemDiskGb,
        ...(node.database === undefined ? {} : { dataDiskGb: this.settings.database.storageGb }),
        access: {
          secrets: { scope: vaultId, role: 'Key Vault Secrets User' },
          ...(node.database === 'primary' ? { backups: { scope: backups.accountId, role: 'Storage Blob Data Contributor' } } : {}),
        },
      });
    const machines = nodesOf(cluster).map((node) => machine(node));
    const managerAddress = machines[0]?.publicAddress ?? '';
    this.outputs({
      swarmManagerPublicIp: managerAddress,
      swarmManagerPrivateIp: cluster.manager.address,
      swarmWorkerPrivateIps: cluster.workers.map(({ address }) => address),
      ansibleInventory: inventoryOf(cluster, this.settings, {
        managerAddress,
        vaultName,
        backupUrl: backups.containerUrl,
      }),
    });
  }
}
