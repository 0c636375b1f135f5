import { staticInventory, throughHost, type StaticInventory, type Variables } from '../../../modules/hosts/ansible-inventory';
import { operator, root } from '../root';
import { nodesOf, type Cluster, type Node } from '../topology/cluster';
import { networkName, networks, stacks, mountedSecrets, type NetworkName } from '../topology/services';
import type { DevValues } from '../values';

/** What only a deployed environment knows; terraform references in an output, lookups of the shell's environment in a file. */
export interface DeployedFacts {
  readonly managerAddress: string;
  readonly vaultName: string;
  /** URL of the container that backups go to. */
  readonly backupUrl: string;
}

/** Facts for a file that is read before they are filled in: each is looked up where Ansible runs. */
export const lookedUpFacts: DeployedFacts = {
  managerAddress: lookup('SWARM_MANAGER_PUBLIC_IP'),
  vaultName: lookup('KEY_VAULT_NAME'),
  backupUrl: lookup('BACKUP_CONTAINER_URL'),
};

function lookup(variable: string): string {
  return `{{ lookup('env', '${variable}') }}`;
}

/** The inventory of development. Workers are reached through the manager. */
export function inventoryOf(cluster: Cluster, values: DevValues, facts: DeployedFacts): StaticInventory {
  return staticInventory({
    hosts: Object.fromEntries(nodesOf(cluster).map((node) => [node.name, hostVariables(node, facts)])),
    groups: { managers: [cluster.manager.name], workers: cluster.workers.map(({ name }) => name) },
    vars: {
      ansible_user: operator,
      ansible_python_interpreter: '/usr/bin/python3',
      promata_environment: values.environment,
      promata_domain: values.domain,
      promata_acme_email: lookup('ACME_EMAIL'),
      promata_manager: cluster.manager.name,
      promata_manager_address: cluster.manager.address,
      promata_stacks: [...stacks],
      promata_networks: Object.keys(networks).map((name) => networkName(name as NetworkName)),
      promata_secrets: mountedSecrets(),
      promata_vault: facts.vaultName,
      promata_backup_url: facts.backupUrl,
      promata_project: root.project,
    },
  });
}

function hostVariables(node: Node, facts: DeployedFacts): Variables {
  return {
    ansible_host: node.role === 'manager' ? facts.managerAddress : node.address,
    ...(node.role === 'manager' ? {} : throughHost(operator, facts.managerAddress)),
    private_ip: node.address,
    promata_labels: node.database === undefined ? {} : { [`database.${node.database}`]: 'true' },
    promata_data_disk: node.database !== undefined,
  };
}
