import { KeyVault as Vault } from '@cdktf/provider-azurerm/lib/key-vault';
import { KeyVaultSecret } from '@cdktf/provider-azurerm/lib/key-vault-secret';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { Construct } from 'constructs';

import type { Place } from './security-group';

export interface KeyVaultProps extends Place {
  /** Unique in the world, 3 to 24 letters, digits and hyphens. */
  readonly name: string;
  readonly tenantId: string;
  /** Who writes the secrets: the identity that applies. */
  readonly writerId: string;
  /** Subnets with the service endpoint `Microsoft.KeyVault`. */
  readonly subnetIds: string[];
  /** IPv4 blocks outside that may reach it; a list or a reference to one. */
  readonly addresses: string[];
  /** Values by name; references, never literals. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Days in which a deleted secret can be had back, 7 to 90; nobody can shorten them. */
  readonly retentionDays: number;
}

/**
 * A vault whose secrets are opened by role assignments alone, from named subnets and addresses, and which cannot be purged: what is
 * deleted by mistake comes back within its retention.
 */
export class KeyVault extends Construct {
  readonly id: string;
  readonly name: string;
  readonly uri: string;
  /** Ids without a version, by the secret's name. */
  readonly secretIds: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: KeyVaultProps) {
    super(scope, id);
    const { name, resourceGroup, location, tags } = props;
    const vault = new Vault(this, 'vault', {
      name,
      resourceGroupName: resourceGroup,
      location,
      tags,
      tenantId: props.tenantId,
      skuName: 'standard',
      rbacAuthorizationEnabled: true,
      purgeProtectionEnabled: true,
      softDeleteRetentionDays: props.retentionDays,
      networkAcls: {
        defaultAction: 'Deny',
        bypass: 'AzureServices',
        virtualNetworkSubnetIds: props.subnetIds,
        ipRules: props.addresses,
      },
    });
    const writer = new RoleAssignment(this, 'writer', {
      scope: vault.id,
      roleDefinitionName: 'Key Vault Secrets Officer',
      principalId: props.writerId,
    });
    this.secretIds = Object.fromEntries(
      Object.entries(props.secrets).map(([secret, value]) => [
        secret,
        new KeyVaultSecret(this, `secret-${secret}`, {
          name: secret,
          value,
          keyVaultId: vault.id,
          contentType: 'text/plain',
          tags,
          dependsOn: [writer],
        }).versionlessId,
      ]),
    );
    this.id = vault.id;
    this.name = vault.name;
    this.uri = vault.vaultUri;
  }
}
