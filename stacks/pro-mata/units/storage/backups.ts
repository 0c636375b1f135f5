import { declareOutputs, text } from 'terrace';

import { postgresContainer } from '../../../../envcommon/storage';
import { BackupStorage } from '../../../../modules/azure/backup-storage';
import { AzureUnit, type AzureRegion } from '../../azure-unit';
import { VnetUnit } from '../network/vnet';

const outputs = declareOutputs({
  accountId: text(
    '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-promata-dev/providers/Microsoft.Storage/storageAccounts/stpromatadev000000',
  ),
  containerUrl: text('https://stpromatadev000000.blob.core.windows.net/backups'),
});

/** Where the nightly dumps of development's database go. */
export class BackupsUnit extends AzureUnit<typeof outputs> {
  constructor(region: AzureRegion, id: string) {
    super(region, id, outputs);
    this.useAzure();
    const { resourceGroup, swarmSubnetId, databaseSubnetId } = this.dependency(region.unit(VnetUnit));
    const { backupDays } = postgresContainer(this.settings.database);
    const storage = new BackupStorage(this, 'storage', {
      ...this.placeIn(resourceGroup),
      name: `st${this.base.replaceAll('-', '')}${this.suffix}`,
      container: 'backups',
      subnetIds: [swarmSubnetId, databaseSubnetId],
      keepDays: backupDays,
      recoverableDays: backupDays,
    });
    this.outputs({ accountId: storage.accountId, containerUrl: `${storage.blobEndpoint}${storage.containerName}` });
  }
}
