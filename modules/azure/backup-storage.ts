import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { StorageManagementPolicy } from '@cdktf/provider-azurerm/lib/storage-management-policy';
import { Construct } from 'constructs';

import type { Place } from './security-group';

export interface BackupStorageProps extends Place {
  /** Unique in the world, 3 to 24 lower-case letters and digits. */
  readonly name: string;
  readonly container: string;
  /** Subnets with the service endpoint `Microsoft.Storage`, whose hosts alone write here. */
  readonly subnetIds: string[];
  /** Days that a backup is kept. */
  readonly keepDays: number;
  /** Days in which a deleted backup can be had back. */
  readonly recoverableDays: number;
}

/**
 * A storage account for backups: reached from named subnets with Entra identities only (no account keys, no anonymous access), TLS 1.2,
 * encrypted twice, versioned, and emptied by age. The container is made through the management plane, so that whoever applies needs no
 * way to the data.
 */
export class BackupStorage extends Construct {
  readonly accountId: string;
  readonly blobEndpoint: string;
  readonly containerName: string;

  constructor(scope: Construct, id: string, props: BackupStorageProps) {
    super(scope, id);
    const account = new StorageAccount(this, 'account', {
      name: props.name,
      resourceGroupName: props.resourceGroup,
      location: props.location,
      tags: props.tags,
      accountTier: 'Standard',
      accountReplicationType: 'GRS',
      accountKind: 'StorageV2',
      minTlsVersion: 'TLS1_2',
      httpsTrafficOnlyEnabled: true,
      allowNestedItemsToBePublic: false,
      sharedAccessKeyEnabled: false,
      defaultToOauthAuthentication: true,
      localUserEnabled: false,
      crossTenantReplicationEnabled: false,
      infrastructureEncryptionEnabled: true,
      networkRules: { defaultAction: 'Deny', bypass: ['AzureServices'], virtualNetworkSubnetIds: props.subnetIds },
      blobProperties: {
        versioningEnabled: true,
        deleteRetentionPolicy: { days: props.recoverableDays },
        containerDeleteRetentionPolicy: { days: props.recoverableDays },
      },
    });
    const container = new StorageContainer(this, 'container', {
      name: props.container,
      storageAccountId: account.id,
      containerAccessType: 'private',
    });
    new StorageManagementPolicy(this, 'ages', {
      storageAccountId: account.id,
      rule: [
        {
          name: 'backups-end',
          enabled: true,
          filters: { blobTypes: ['blockBlob'], prefixMatch: [`${props.container}/`] },
          actions: {
            baseBlob: { deleteAfterDaysSinceModificationGreaterThan: props.keepDays },
            version: { deleteAfterDaysSinceCreation: props.keepDays },
          },
        },
      ],
    });
    this.accountId = account.id;
    this.blobEndpoint = account.primaryBlobEndpoint;
    this.containerName = container.name;
  }
}
