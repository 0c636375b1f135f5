import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { Password } from '@cdktf/provider-random/lib/password';
import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { declareOutputs, refuse, text } from 'terrace';

import { KeyVault } from '../../../../modules/azure/key-vault';
import { AzureUnit, type AzureRegion } from '../../azure-unit';
import { secretProblems } from '../../checks';
import { database, type SecretName } from '../../topology/product';
import { VnetUnit } from '../network/vnet';

const outputs = declareOutputs({
  vaultId: text(
    '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-promata-dev/providers/Microsoft.KeyVault/vaults/kv-promata-dev-000000',
  ),
  vaultName: text('kv-promata-dev-000000'),
  vaultUri: text('https://kv-promata-dev-000000.vault.azure.net/'),
});

/** Development's secrets. Machines read them with their own identities; only DuckDNS's token comes from outside. */
export class KeyVaultUnit extends AzureUnit<typeof outputs> {
  constructor(region: AzureRegion, id: string) {
    super(region, id, outputs);
    this.useAzure();
    new RandomProvider(this, 'random');
    const { resourceGroup, swarmSubnetId, databaseSubnetId } = this.dependency(region.unit(VnetUnit));
    const caller = new DataAzurermClientConfig(this, 'caller');
    const random = (name: string): string => new Password(this, `random-${name}`, { length: 48, special: false }).result;
    const postgres = random('postgres');
    const secrets: Readonly<Record<SecretName, string>> = {
      'jwt-secret': random('jwt'),
      'postgres-password': postgres,
      'postgres-admin-password': random('postgres-admin'),
      'postgres-replication-password': random('postgres-replication'),
      'postgres-exporter-password': random('postgres-exporter'),
      // What PgBouncer reads: it logs in to PostgreSQL with the same password that it asks for.
      'pgbouncer-userlist': `"${database.user}" "${postgres}"`,
      'redis-password': random('redis'),
      'grafana-password': random('grafana'),
      'duckdns-token': this.variable('duckdns_token', { description: 'Token of the DuckDNS account', sensitive: true }).stringValue,
    };
    refuse(secretProblems(Object.keys(secrets)));
    const vault = new KeyVault(this, 'vault', {
      ...this.placeIn(resourceGroup),
      name: `kv-${this.base}-${this.suffix}`,
      tenantId: caller.tenantId,
      writerId: caller.objectId,
      subnetIds: [swarmSubnetId, databaseSubnetId],
      addresses: this.administrators(),
      secrets,
      retentionDays: this.settings.secretRetentionDays,
    });
    this.outputs({ vaultId: vault.id, vaultName: vault.name, vaultUri: vault.uri });
  }
}
