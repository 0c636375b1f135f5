import { LinuxVirtualMachine } from '@cdktf/provider-azurerm/lib/linux-virtual-machine';
import { ManagedDisk } from '@cdktf/provider-azurerm/lib/managed-disk';
import { NetworkInterface } from '@cdktf/provider-azurerm/lib/network-interface';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { VirtualMachineDataDiskAttachment } from '@cdktf/provider-azurerm/lib/virtual-machine-data-disk-attachment';
import { Fn, TerraformLocal } from 'cdktf';
import { Construct } from 'constructs';

import type { Place } from './security-group';

export interface LinuxVmProps extends Place {
  /** Also the host's name; at most 64 characters. */
  readonly name: string;
  readonly size: string;
  readonly subnetId: string;
  /** Its private address, in the subnet. */
  readonly address: string;
  /** Whether it has a public address of its own, which it keeps over its life. */
  readonly publicAddress: boolean;
  readonly image: { readonly publisher: string; readonly offer: string; readonly sku: string; readonly version: string };
  /** Login of the operators, and their public key, or a reference to it. */
  readonly operator: { readonly name: string; readonly publicKey: string };
  /** cloud-init text. A change replaces the machine. */
  readonly customData: string;
  /** GB of the system's disk. */
  readonly systemDiskGb: number;
  /** GB of a second disk for data, at LUN 0; it outlives the machine. @default none */
  readonly dataDiskGb?: number;
  /** What the machine's own identity may do: scope → built-in role. By name. */
  readonly access: Readonly<Record<string, { readonly scope: string; readonly role: string }>>;
}

/**
 * A Linux machine on Premium SSDs, reached by key only, with an identity of its own (no secret on it opens anything of Azure's), trusted
 * launch and disks encrypted at the host. It admits nothing by itself: the subnet's security group decides.
 */
export class LinuxVm extends Construct {
  readonly id: string;
  readonly principalId: string;
  /** Empty without a public address. */
  readonly publicAddress: string;

  constructor(scope: Construct, id: string, props: LinuxVmProps) {
    super(scope, id);
    const { name, resourceGroup: resourceGroupName, location, tags, operator } = props;
    const place = { resourceGroupName, location, tags };
    const address = props.publicAddress
      ? new PublicIp(this, 'address', { ...place, name: `pip-${name}`, allocationMethod: 'Static', sku: 'Standard' })
      : undefined;
    const port = new NetworkInterface(this, 'port', {
      ...place,
      name: `nic-${name}`,
      ipConfiguration: [
        {
          name: 'internal',
          subnetId: props.subnetId,
          privateIpAddressAllocation: 'Static',
          privateIpAddress: props.address,
          ...(address === undefined ? {} : { publicIpAddressId: address.id }),
        },
      ],
    });
    const machine = new LinuxVirtualMachine(this, 'machine', {
      ...place,
      name: `vm-${name}`,
      computerName: name,
      size: props.size,
      networkInterfaceIds: [port.id],
      adminUsername: operator.name,
      disablePasswordAuthentication: true,
      adminSshKey: [{ username: operator.name, publicKey: operator.publicKey }],
      // As a local, the text stays readable in the configuration.
      customData: Fn.base64encode(new TerraformLocal(this, 'user-data', props.customData).asString),
      allowExtensionOperations: false,
      encryptionAtHostEnabled: true,
      secureBootEnabled: true,
      vtpmEnabled: true,
      identity: { type: 'SystemAssigned' },
      osDisk: { name: `osdisk-${name}`, caching: 'ReadWrite', storageAccountType: 'Premium_LRS', diskSizeGb: props.systemDiskGb },
      sourceImageReference: { ...props.image },
      bootDiagnostics: {},
    });
    if (props.dataDiskGb !== undefined) this.addDataDisk(props, machine.id, props.dataDiskGb);
    const principalId = machine.identity.principalId;
    for (const [access, { scope: on, role }] of Object.entries(props.access))
      new RoleAssignment(this, `access-${access}`, {
        scope: on,
        roleDefinitionName: role,
        principalId,
        principalType: 'ServicePrincipal',
        // A new identity may not have reached every directory server yet.
        skipServicePrincipalAadCheck: true,
      });
    this.id = machine.id;
    this.principalId = principalId;
    this.publicAddress = address?.ipAddress ?? '';
  }

  private addDataDisk(props: LinuxVmProps, machineId: string, sizeGb: number): void {
    const disk = new ManagedDisk(this, 'data', {
      name: `datadisk-${props.name}`,
      resourceGroupName: props.resourceGroup,
      location: props.location,
      tags: props.tags,
      storageAccountType: 'Premium_LRS',
      createOption: 'Empty',
      diskSizeGb: sizeGb,
      networkAccessPolicy: 'DenyAll',
      publicNetworkAccessEnabled: false,
    });
    new VirtualMachineDataDiskAttachment(this, 'data-attachment', {
      managedDiskId: disk.id,
      virtualMachineId: machineId,
      lun: 0,
      // A database writes through; a cache of the host would only delay its flushes.
      caching: 'None',
    });
  }
}
