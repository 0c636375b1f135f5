import { change, mutation, redirect, replaced, type Mutation } from '../../olechka/mutations/mutation';
import { dev } from '../tree';
import { gone, reference, set, text } from './edit';

const vnet = `${dev}/network/vnet`;
const vault = `${dev}/security/key-vault`;
const swarm = `${dev}/compute/swarm`;
const rule = 'azurerm_network_security_rule';
const machine = 'azurerm_linux_virtual_machine';

/** Things done wrong in development's resources. */
export const devMutations: readonly Mutation[] = [
  set('P-01/dev', 'a vault elsewhere', vault, 'azurerm_key_vault', '', ['location'], 'westeurope'),
  set('P-02', 'a larger worker', swarm, machine, 'worker', ['size'], 'Standard_B2ms'),
  gone('P-02', 'no worker', swarm, machine, 'worker'),
  mutation('P-02', 'a worker with a public address', (tree) =>
    change(tree, swarm, 'azurerm_network_interface', 'worker', (attrs) => {
      attrs.ip_configuration[0].public_ip_address_id = reference(tree, swarm, 'azurerm_public_ip', 'manager');
    }),
  ),
  set('P-03', 'another network', vnet, 'azurerm_virtual_network', '', ['address_space'], ['10.2.0.0/16']),
  gone('P-03', 'a subnet without a group', vnet, 'azurerm_subnet_network_security_group_association', 'database'),
  gone('P-03', 'workers without a way out', vnet, 'azurerm_subnet_nat_gateway_association', 'database'),
  gone('P-03', 'a gateway without an address', vnet, 'azurerm_nat_gateway_public_ip_association'),
  set('P-04', 'a slow system disk', swarm, machine, 'manager', ['os_disk', 'storage_account_type'], 'Standard_LRS'),
  set('P-04', 'a slow data disk', swarm, 'azurerm_managed_disk', 'worker', ['storage_account_type'], 'StandardSSD_LRS'),
  gone('P-04', 'a disk that no machine has', swarm, 'azurerm_virtual_machine_data_disk_attachment'),
  set('P-05', 'an address that changes', swarm, 'azurerm_public_ip', '', ['allocation_method'], 'Dynamic'),
  mutation('P-05', "the gateway's address under the name", (tree) => {
    tree.units[swarm].output.swarm_manager_public_ip.value = '203.0.113.9';
  }),
  mutation('P-05', 'the token of another secret', (tree) => {
    tree.units[`${dev}/dns/duckdns`].output.token_secret_name.value = 'dns';
  }),
  set('P-20/dev', 'a secret in the source', vault, 'azurerm_key_vault_secret', 'jwt', ['value'], 'hunter2'),
  set('P-20/dev', 'a vault that can be purged', vault, 'azurerm_key_vault', '', ['purge_protection_enabled'], false),
  gone('P-20/dev', 'a machine that cannot read secrets', swarm, 'azurerm_role_assignment', 'worker-1_access-secrets'),
  mutation('P-20/dev', 'a token that is shown', (tree) => void delete tree.units[vault].variable.duckdns_token.sensitive),
  mutation('P-20/dev', 'rights on something else', (tree) => redirect(tree, swarm, 'security_key_vault', `${dev}/network/vnet`)),
  set('P-24', 'SSH from everywhere', vnet, rule, 'swarm-group_ssh_', ['source_address_prefixes'], ['0.0.0.0/0']),
  set('P-24', 'a dashboard for everybody', vnet, rule, 'swarm-group_https', ['destination_port_range'], '8080'),
  set('P-24', 'the ports of the Swarm for everybody', vnet, rule, 'swarm-group_swarm-management', ['source_address_prefix'], '*'),
  gone('P-24', 'no gossip over UDP', vnet, rule, 'database-group_swarm-gossip-udp'),
  gone('P-24', 'the whole network let in', vnet, rule, 'database-group_deny'),
  mutation('P-24', 'a default for administrators', (tree) => void (tree.units[vnet].variable.admin_cidrs.default = ['0.0.0.0/0'])),
  set('P-26', 'passwords', swarm, machine, 'manager', ['disable_password_authentication'], false),
  text('P-06', 'no certificates', 'docker/stacks/proxy.yml', 'httpchallenge', 'tlschallenge'),
  text('P-06', 'a backend without TLS', 'docker/stacks/app.yml', 'backend.entrypoints: websecure', 'backend.entrypoints: web'),
  text('P-07', 'past the pool', 'docker/stacks/app.yml', '@pgbouncer:6432', '@postgres-primary:5432'),
  text('P-07', 'a replica that follows nobody', 'docker/configs/follow-primary.sh', '--write-recovery-conf ', ''),
  text('P-07', 'both on one machine', 'docker/stacks/database.yml', 'node.labels.database.replica', 'node.labels.database.primary'),
  text('P-07', 'a pool before the replica', 'docker/configs/pgbouncer.ini', 'postgres-primary', 'postgres-replica'),
  text('P-08', 'an unwatched database', 'docker/configs/prometheus.yml', 'tasks.postgres-exporter', 'tasks.postgres'),
  text('P-08', 'one machine watched', 'docker/stacks/monitoring.yml', 'mode: global', 'mode: replicated'),
  text('P-15/dev', 'the API under another name', 'docker/stacks/app.yml', '&& PathPrefix(`/api`)', '&& PathPrefix(`/v1`)'),
  text('P-16/dev', 'a published database', 'docker/stacks/database.yml', '  pgbouncer:\n', '  pgbouncer:\n    ports:\n      - 6432:6432\n'),
  text('P-16/dev', 'data beside Traefik', 'docker/stacks/database.yml', '      - internal\n', '      - internal\n      - public\n'),
  text('P-17/dev', 'a cache without a password', 'docker/stacks/database.yml', 'requirepass', 'rename-command'),
  text('P-18/dev', 'workers asked directly', 'ansible/inventory/hosts.json', /ProxyJump/g, 'Port'),
  text('P-18/dev', 'another address', 'ansible/inventory/hosts.json', /10\.1\.2\.11/g, '10.1.2.12'),
  text('P-18/dev', 'stacks before workers', 'ansible/playbooks/site.yml', 'hosts: workers', 'hosts: managers'),
  text('P-19/dev', 'logs that never end', 'docker/stacks/app.yml', 'max-size: 10m', 'max-size: 10g'),
  text(
    'P-27/dev',
    'the secret at the frontend',
    'docker/stacks/app.yml',
    '    environment:\n',
    '    secrets:\n      - source: jwt-secret\n    environment:\n',
  ),
  text(
    'P-20/stacks',
    'a password in the stack',
    'docker/stacks/app.yml',
    '      PORT: "8080"',
    '      PORT: "8080"\n      API_TOKEN: hunter2',
  ),
  text('P-20/stacks', 'a secret that nobody holds', 'docker/stacks/app.yml', '  jwt-secret:\n    name', '  session-secret:\n    name'),
  text('P-21/dev', 'PostgreSQL without TLS', 'docker/configs/pg_hba.conf', 'hostssl promata', 'host promata'),
  text('P-32', 'a backend that does not reach the pool', 'docker/stacks/app.yml', '      - public\n      - internal\n', '      - public\n'),
  text('P-32', 'a network of one machine', 'docker/stacks/proxy.yml', 'driver: overlay', 'driver: bridge'),
  mutation('P-31', 'no backups', (tree) => void delete (tree.units as Record<string, unknown>)[`${dev}/storage/backups`]),
  mutation('P-26', 'a key in the source', (tree) =>
    change(tree, swarm, machine, 'worker', (attrs) => replaced('public_key', /.+/, 'ssh-ed25519 AAAA')(attrs.admin_ssh_key[0])),
  ),
];
