import { requirement, sameSet } from '../../olechka/requirements/requirement';
import { dev, inbound, machines } from '../tree';

const vnet = `${dev}/network/vnet`;
const swarm = `${dev}/compute/swarm`;
const vault = `${dev}/security/key-vault`;
const everywhere = new Set(['*', 'Internet', '0.0.0.0/0', 'Any', '::/0']);

/** Development's resources on Azure. */
export const devResources = [
  requirement('P-01/dev', 'development is in East US 2', (tree, demand) => {
    for (const type of [
      'azurerm_resource_group',
      'azurerm_virtual_network',
      'azurerm_linux_virtual_machine',
      'azurerm_key_vault',
      'azurerm_storage_account',
    ])
      for (const { attrs, unit } of tree.resources(type, 'dev'))
        demand(attrs.location === 'eastus2', `${unit}: ${type} in ${attrs.location}`);
    demand(tree.resources('azurerm_resource_group', 'dev').length === 1, 'one resource group');
    demand(
      Object.entries(tree.units)
        .filter(([unit]) => unit.startsWith('dev/'))
        .every(([, json]) => !JSON.stringify(Object.keys(json.provider ?? {})).includes('aws')),
      'development uses AWS',
    );
  }),
  requirement('P-02', 'a manager and at least one worker of Standard_B2s are installed by cloud-init', (tree, demand) => {
    const all = machines(tree);
    demand(all.filter(({ attrs }) => attrs.name.includes('manager')).length === 1, 'one manager');
    demand(
      all.some(({ attrs }) => attrs.name.includes('worker')),
      'no worker',
    );
    for (const { attrs, userData, port } of all) {
      demand(attrs.size === 'Standard_B2s', `${attrs.name}: ${attrs.size}`);
      demand(/^#cloud-config\n/.test(userData) && userData.includes('docker-ce'), `${attrs.name}: no Docker at boot`);
      demand(/^10\.1\./.test(port.private_ip_address ?? ''), `${attrs.name}: no port`);
      demand(
        (port.public_ip_address_id === undefined) === attrs.name.includes('worker'),
        `${attrs.name}: a public address on the wrong machine`,
      );
    }
  }),
  requirement(
    'P-03',
    'one network 10.1.0.0/16 holds the Swarm and the database, each behind its own group, and leaves by NAT',
    (tree, demand) => {
      demand(sameSet(tree.one(vnet, 'azurerm_virtual_network').attrs.address_space, ['10.1.0.0/16']), 'address space');
      const subnets = tree.resources('azurerm_subnet', vnet);
      demand(
        sameSet(
          subnets.flatMap(({ attrs }) => attrs.address_prefixes),
          ['10.1.1.0/24', '10.1.2.0/24'],
        ),
        'subnets',
      );
      for (const { attrs } of subnets) {
        demand(tree.follow(vnet, attrs.virtual_network_name)?.type === 'azurerm_virtual_network', `${attrs.name}: network`);
        demand(attrs.default_outbound_access_enabled === false, `${attrs.name}: a way out that Azure takes away`);
      }
      const ends = (type: string, attribute: string) =>
        tree
          .resources(type, vnet)
          .map(({ attrs }) => [tree.follow(vnet, attrs.subnet_id)?.name, tree.follow(vnet, attrs[attribute])?.name]);
      const groups = ends('azurerm_subnet_network_security_group_association', 'network_security_group_id');
      demand(new Set(groups.map(([subnet]) => subnet)).size === subnets.length, 'a subnet without a group');
      demand(new Set(groups.map(([, group]) => group)).size === subnets.length, 'two subnets with one group');
      const gateways = ends('azurerm_subnet_nat_gateway_association', 'nat_gateway_id');
      demand(new Set(gateways.map(([subnet]) => subnet)).size === subnets.length, 'a subnet without a way out');
      const address = tree.one(vnet, 'azurerm_nat_gateway_public_ip_association').attrs;
      demand(
        tree.follow(vnet, address.public_ip_address_id)?.attrs.sku === 'Standard' &&
          tree.follow(vnet, address.nat_gateway_id)?.name === gateways[0]?.[1],
        'the NAT gateway has no address',
      );
    },
  ),
  requirement('P-04', 'every disk is a Premium SSD, and the machines of the database have one for it', (tree, demand) => {
    for (const { attrs } of machines(tree)) demand(attrs.os_disk.storage_account_type === 'Premium_LRS', `${attrs.name}: system disk`);
    const disks = tree.resources('azurerm_managed_disk', swarm);
    demand(disks.length === 2, `${disks.length} data disks`);
    for (const { attrs } of disks) demand(attrs.storage_account_type === 'Premium_LRS', `${attrs.name}: ${attrs.storage_account_type}`);
    const attached = tree.resources('azurerm_virtual_machine_data_disk_attachment', swarm);
    demand(
      new Set(attached.map(({ attrs }) => tree.follow(swarm, attrs.managed_disk_id)?.name)).size === disks.length &&
        new Set(attached.map(({ attrs }) => tree.follow(swarm, attrs.virtual_machine_id)?.name)).size === disks.length,
      'a disk that no machine has, or two of one machine',
    );
  }),
  requirement('P-05', 'the DuckDNS name is given the address of the manager, which stays, with the token of the vault', (tree, demand) => {
    const unit = `${dev}/dns/duckdns`;
    const output = (name: string) => tree.units[unit].output?.[name]?.value;
    const address = tree.follow(unit, output('public_ip'));
    demand(output('domain') === 'promata-dev.duckdns.org' && output('subdomain') === 'promata-dev', 'name');
    demand(
      address?.type === 'azurerm_public_ip' && address.attrs.allocation_method === 'Static' && address.attrs.sku === 'Standard',
      'the address is not a static one',
    );
    const manager = machines(tree).find(({ attrs }) => attrs.name.includes('manager'));
    demand(tree.follow(swarm, manager?.port.public_ip_address_id)?.name === address?.name, 'the address of another machine');
    demand(tree.follow(unit, output('vault_name'))?.type === 'azurerm_key_vault', 'vault');
    demand(
      tree.resources('azurerm_key_vault_secret', vault).some(({ attrs }) => attrs.name === output('token_secret_name')),
      'the token is not in the vault',
    );
    demand((tree.files['dev/artifacts/scripts/duckdns-update.sh'] ?? '').includes('domains=%s&token=%s&ip=%s'), 'script');
  }),
  requirement(
    'P-20/dev',
    "every secret of the stacks is in the vault, made by chance or given from outside, and opened by the machines' identities",
    (tree, demand) => {
      const secrets = tree.resources('azurerm_key_vault_secret', vault);
      for (const word of ['jwt', 'postgres', 'redis', 'duckdns'])
        demand(
          secrets.some(({ attrs }) => attrs.name.includes(word)),
          `no secret ${word}`,
        );
      for (const { attrs } of secrets) {
        const sources = [...String(attrs.value).matchAll(/\$\{([^}]+)\}/g)].map((match) => match[1] ?? '');
        const variable = /^var\.(\w+)$/.exec(sources[0] ?? '')?.[1];
        demand(sources.length === 1, `${attrs.name}: a literal`);
        demand(
          variable === undefined
            ? /^random_password\.[\w-]+\.result$/.test(sources[0] ?? '')
            : tree.units[vault].variable?.[variable]?.sensitive === true && !('default' in tree.units[vault].variable[variable]),
          `${attrs.name}: ${sources.join()}`,
        );
        demand(tree.follow(vault, attrs.key_vault_id)?.type === 'azurerm_key_vault', `${attrs.name}: vault`);
      }
      const { attrs } = tree.one(vault, 'azurerm_key_vault');
      demand(
        attrs.rbac_authorization_enabled === true &&
          attrs.purge_protection_enabled === true &&
          attrs.network_acls?.default_action === 'Deny',
        'the vault is open',
      );
      for (const machine of machines(tree)) {
        const access = tree
          .resources('azurerm_role_assignment', swarm)
          .filter((one) => tree.follow(swarm, one.attrs.principal_id)?.name === machine.name);
        demand(machine.attrs.identity?.type === 'SystemAssigned', `${machine.attrs.name}: no identity`);
        demand(
          access.some(
            (one) =>
              one.attrs.role_definition_name === 'Key Vault Secrets User' &&
              tree.follow(swarm, one.attrs.scope)?.type === 'azurerm_key_vault',
          ),
          `${machine.attrs.name}: cannot read secrets`,
        );
      }
    },
  ),
  requirement(
    'P-24',
    'only 80 and 443 are open to the internet, SSH to administrators, and the ports of the Swarm to the network',
    (tree, demand) => {
      const rules = inbound(tree);
      const open = rules.filter(({ from }) => from.some((one) => everywhere.has(one)));
      demand(
        sameSet(
          open.map(({ port, protocol }) => `${port}/${protocol}`),
          ['80/Tcp', '443/Tcp'],
        ),
        `open: ${open.map(({ port }) => port).join()}`,
      );
      demand(
        open.every(({ subnet }) => subnet === '10.1.1.0/24'),
        'the database is open',
      );
      for (const { port, protocol, from, subnet } of rules) {
        if (port === '22') demand(sameSet(from, subnet === '10.1.1.0/24' ? from : ['10.1.1.0/24']), `${subnet}: SSH from ${from.join()}`);
        if (['2377', '7946', '4789'].includes(port)) demand(sameSet(from, ['10.1.0.0/16']), `${port}/${protocol} from ${from.join()}`);
      }
      for (const subnet of ['10.1.1.0/24', '10.1.2.0/24']) {
        const inside = rules.filter((rule) => rule.subnet === subnet && !['80', '443'].includes(rule.port));
        demand(
          sameSet(
            inside.map(({ port, protocol }) => `${port}/${protocol}`),
            ['22/Tcp', '2377/Tcp', '7946/Tcp', '7946/Udp', '4789/Udp'],
          ),
          `${subnet}: ${inside.map(({ port, protocol }) => `${port}/${protocol}`).join()}`,
        );
        demand(
          inbound(tree, 'Deny').some((rule) => rule.subnet === subnet && rule.port === '*' && rule.from.join() === '*'),
          `${subnet}: the whole network comes in`,
        );
      }
      const ssh = rules.filter(({ port, subnet }) => port === '22' && subnet === '10.1.1.0/24').flatMap(({ from }) => from);
      demand(sameSet(ssh, ['${var.admin_cidrs}', '10.1.1.0/24']), `SSH from ${ssh.join()}`);
      const variable = tree.units[vnet].variable?.admin_cidrs;
      demand(variable !== undefined && !('default' in variable) && variable.validation?.length === 2, 'administrators may be everybody');
    },
  ),
  requirement('P-26', 'people log in with keys only, and nobody to production', (tree, demand) => {
    for (const { attrs } of machines(tree)) {
      demand(attrs.disable_password_authentication === true && attrs.admin_password === undefined, `${attrs.name}: passwords`);
      demand(/^\$\{var\.ssh_operator_dev\}$/.test(attrs.admin_ssh_key?.[0]?.public_key ?? ''), `${attrs.name}: key`);
    }
    for (const { attrs } of tree.resources('aws_vpc_security_group_ingress_rule', 'prod'))
      demand(!(attrs.from_port <= 22 && attrs.to_port >= 22), 'SSH in production');
    demand(tree.resources('aws_instance', 'prod').length + tree.resources('aws_key_pair', 'prod').length === 0, 'machines in production');
  }),
];
