import { declareOutputs, text } from 'terrace';

import { AzureUnit, type AzureRegion } from '../../azure-unit';
import type { SecretName } from '../../topology/product';
import { SwarmUnit } from '../compute/swarm';
import { KeyVaultUnit } from '../security/key-vault';

const outputs = declareOutputs({
  domain: text('promata-dev.duckdns.org'),
  subdomain: text('promata-dev'),
  publicIp: text('203.0.113.10'),
  vaultName: text('kv-promata-dev-000000'),
  tokenSecretName: text('duckdns-token'),
});

const tokenSecret: SecretName = 'duckdns-token';

/** What `scripts/duckdns-update.sh` needs: DuckDNS has no provider of its own, so the name is set by the pipeline. */
export class DuckdnsUnit extends AzureUnit<typeof outputs> {
  constructor(region: AzureRegion, id: string) {
    super(region, id, outputs);
    const { swarmManagerPublicIp } = this.dependency(region.unit(SwarmUnit));
    const { vaultName } = this.dependency(region.unit(KeyVaultUnit));
    const { domain } = this.settings;
    this.outputs({
      domain,
      subdomain: domain.replace(/\.duckdns\.org$/, ''),
      publicIp: swarmManagerPublicIp,
      vaultName,
      tokenSecretName: tokenSecret,
    });
  }
}
