import type { Born, DataBehaviour, ProviderKind, ResourceBehaviour } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import type { ObjectValue } from '../../protocol/value';
import { cluster } from './clusters';
import { resourcesList } from './resources-list';
import { scaleSet } from './scale-sets';

/** Built-in roles by name: their ids are the same in every tenant (Azure documentation, "Azure built-in roles"). */
const roles: Readonly<Record<string, string>> = {
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  'User Access Administrator': '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  AcrPush: '8311e382-0749-4cb8-b61a-304f252e45ec',
  'Key Vault Administrator': '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  'Network Contributor': '4d97b98b-1d4f-4787-a291-c67834d212e7',
  'Virtual Machine Contributor': '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
  'Azure Kubernetes Service Cluster User Role': '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
  'Azure Kubernetes Service RBAC Cluster Admin': 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b',
  'Managed Identity Operator': 'f1a07417-d97a-45cb-824c-7a7467783830',
  'DNS Zone Contributor': 'befefa01-2a29-4197-83a8-272ff33ce314',
  'Private DNS Zone Contributor': 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
};

/** Display names of locations (Azure documentation, "Azure regions"). */
const locations: Readonly<Record<string, string>> = {
  australiaeast: 'Australia East',
  brazilsouth: 'Brazil South',
  canadacentral: 'Canada Central',
  centralindia: 'Central India',
  centralus: 'Central US',
  eastasia: 'East Asia',
  eastus: 'East US',
  eastus2: 'East US 2',
  francecentral: 'France Central',
  germanywestcentral: 'Germany West Central',
  italynorth: 'Italy North',
  japaneast: 'Japan East',
  koreacentral: 'Korea Central',
  northcentralus: 'North Central US',
  northeurope: 'North Europe',
  norwayeast: 'Norway East',
  polandcentral: 'Poland Central',
  southafricanorth: 'South Africa North',
  southcentralus: 'South Central US',
  southeastasia: 'Southeast Asia',
  spaincentral: 'Spain Central',
  swedencentral: 'Sweden Central',
  switzerlandnorth: 'Switzerland North',
  uaenorth: 'UAE North',
  uksouth: 'UK South',
  ukwest: 'UK West',
  westcentralus: 'West Central US',
  westeurope: 'West Europe',
  westus: 'West US',
  westus2: 'West US 2',
  westus3: 'West US 3',
};

const network = '/subscriptions/{subscription}/resourceGroups/{resource_group_name}/providers/Microsoft.Network';
const compute = '/subscriptions/{subscription}/resourceGroups/{resource_group_name}/providers/Microsoft.Compute';
const placed = { resource_group_name: '{resource_group_name}', location: '{location}', tags: {} };

/** What resources of Azure bring with them: the interface of a private endpoint, the disk of a machine, the group and identity of a cluster. */
export const azureBorn: readonly Born[] = [
  {
    of: /^azurerm_private_endpoint$/,
    path: /^network_interface\.id$/,
    type: 'azurerm_network_interface',
    form: `${network}/networkInterfaces/{name}.nic.{uuid}`,
    values: {
      ...placed,
      name: '{child:last}',
      private_ip_address: '{private_service_connection.private_ip_address}',
      ip_configuration: [],
    },
  },
  {
    of: /^azurerm_(linux|windows)_virtual_machine$/,
    path: /^os_managed_disk_id$/,
    type: 'azurerm_managed_disk',
    form: `${compute}/disks/{os_disk.name|name}_OsDisk_1_{hex:32}`,
    values: {
      ...placed,
      name: '{child:last}',
      create_option: 'FromImage',
      storage_account_type: '{os_disk.storage_account_type}',
      os_type: 'Linux',
      disk_size_gb: 30,
    },
  },
  {
    of: /^azurerm_kubernetes_cluster$/,
    path: /^node_resource_group_id$/,
    type: 'azurerm_resource_group',
    form: '/subscriptions/{subscription}/resourceGroups/{node_resource_group}',
    values: { name: '{child:last}', location: '{location}', tags: {} },
  },
  {
    of: /^azurerm_kubernetes_cluster$/,
    path: /^kubelet_identity\.user_assigned_identity_id$/,
    type: 'azurerm_user_assigned_identity',
    form: '/subscriptions/{subscription}/resourceGroups/{node_resource_group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}-agentpool',
    values: {
      name: '{child:last}',
      resource_group_name: '{node_resource_group}',
      location: '{location}',
      principal_id: '{uuid}',
      client_id: '{uuid}',
      tags: {},
    },
  },
];

/** Types of Azure that need more than their schema. */
export const azureResources: Readonly<Record<string, ResourceBehaviour>> = { azurerm_kubernetes_cluster: cluster };

/** Built-in roles, found by name or id, in any scope. */
export const ownedByAzure: NonNullable<ProviderKind['owned']> = ({ values: settings }, type) =>
  type === 'azurerm_subscription'
    ? [subscription(settings)]
    : type !== 'azurerm_role_definition'
      ? []
      : Object.entries(roles).map(([name, role]) => {
          const id = `/providers/Microsoft.Authorization/roleDefinitions/${role}`;
          return {
            id,
            values: {
              id,
              name,
              role_definition_id: role,
              role_definition_resource_id: id,
              type: 'BuiltInRole',
              description: '',
              assignable_scopes: ['/'],
            },
          };
        });

/** The subscription of a connection, which whoever is connected sees; it has the usual offer (Azure REST API reference, "Subscriptions, Get"). */
export function subscription({ subscription: number = '', tenant = '' }: Readonly<Record<string, string>>): {
  readonly id: string;
  readonly values: ObjectValue;
} {
  const id = `/subscriptions/${number}`;
  const offer = { location_placement_id: 'Public_2014-09-01', quota_id: 'PayAsYouGo_2014-09-01', spending_limit: 'Off' };
  return { id, values: { id, subscription_id: number, tenant_id: tenant, display_name: 'sandbox', state: 'Enabled', tags: {}, ...offer } };
}

/** Data sources of Azure that follow from tables. */
export const azureFacts: Readonly<Record<string, DataBehaviour>> = {
  azurerm_resources: resourcesList,
  azurerm_virtual_machine_scale_set: scaleSet,
  azurerm_location: ({ type, settings: { values } }, config) => {
    const name = String(config['location'] ?? '')
      .toLowerCase()
      .replaceAll(' ', '');
    const display = locations[name];
    if (display === undefined)
      throw new Refusal(
        `reading ${type}`,
        `the table has no location ${JSON.stringify(name)}; it has ${Object.keys(locations).join(', ')}`,
        'location',
      );
    return {
      id: `/subscriptions/${values['subscription'] ?? ''}/locations/${name}`,
      display_name: display,
      zone_mappings: ['1', '2', '3'].map((zone) => ({ logical_zone: zone, physical_zone: `${name}-az${zone}` })),
    };
  },
};
