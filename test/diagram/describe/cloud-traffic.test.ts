import { describe, expect, test } from '@jest/globals';

import { trafficOf } from '../../../terrace/diagram/describe/traffic';
import type { JsonObject } from '../../../terrace/diagram/read/configuration';
import { graphOf } from '../_fixtures';

/** `caller ports grounds called`, of one unit. */
const calls = (resource: JsonObject): readonly string[] =>
  trafficOf(graphOf([{ path: 'shop/dev/eu/l/u', json: { resource } }])).map(({ from, to, ports, grounds }) =>
    [from.split('#')[1] ?? from.split(' ')[0], ports.join(','), grounds.join(','), to.split('#')[1]].join(' '),
  );

describe('Azure', () => {
  const rule = (name: string, more: JsonObject): JsonObject => ({
    [name]: {
      network_security_group_name: '${azurerm_network_security_group.web.name}',
      direction: 'Inbound',
      access: 'Allow',
      source_port_range: '*',
      destination_address_prefix: '*',
      ...more,
    },
  });
  const machine = (name: string, subnet: string, address: string, isPublic = false): JsonObject => ({
    azurerm_network_interface: {
      [name]: {
        ip_configuration: [
          {
            subnet_id: `\${azurerm_subnet.${subnet}.id}`,
            private_ip_address: address,
            ...(isPublic ? { public_ip_address_id: '${azurerm_public_ip.web.id}' } : {}),
          },
        ],
      },
    },
    azurerm_linux_virtual_machine: { [name]: { network_interface_ids: [`\${azurerm_network_interface.${name}.id}`] } },
  });
  const joined = (...parts: readonly JsonObject[]): JsonObject => {
    const all: Record<string, Record<string, unknown>> = {};
    for (const part of parts) for (const [type, named] of Object.entries(part)) all[type] = { ...all[type], ...Object(named) };
    return JSON.parse(JSON.stringify(all));
  };
  const base = joined(
    {
      azurerm_public_ip: { web: {} },
      azurerm_subnet: { web: { address_prefixes: ['10.1.1.0/24'] }, data: { address_prefixes: ['10.1.2.0/24'] } },
      azurerm_network_security_group: { web: {} },
      azurerm_subnet_network_security_group_association: {
        web: { subnet_id: '${azurerm_subnet.web.id}', network_security_group_id: '${azurerm_network_security_group.web.id}' },
      },
    },
    machine('manager', 'web', '10.1.1.10', true),
    machine('worker', 'web', '10.1.1.11'),
    machine('database', 'data', '10.1.2.10'),
  );
  const withRules = (...rules: readonly JsonObject[]): readonly string[] =>
    calls(joined(base, { azurerm_network_security_rule: Object.assign({}, ...rules) }));

  test('a rule for everybody leads from the internet to machines with a public address alone', () => {
    expect(
      withRules(rule('https', { priority: 100, protocol: 'Tcp', destination_port_range: '443', source_address_prefix: '0.0.0.0/0' })),
    ).toEqual(['internet 443 network security group azurerm_linux_virtual_machine.manager']);
  });

  test('a rule for a network leads from the machines with an address in it to those behind the group', () => {
    expect(
      withRules(rule('api', { priority: 100, destination_port_ranges: ['8080', '8081'], source_address_prefix: '10.1.2.0/24' })),
    ).toEqual([
      'azurerm_linux_virtual_machine.database 8080,8081 network security group azurerm_linux_virtual_machine.manager',
      'azurerm_linux_virtual_machine.database 8080,8081 network security group azurerm_linux_virtual_machine.worker',
    ]);
  });

  test('what comes after a rule that refuses everything lets nothing in, and neither do outbound and refusing rules', () => {
    const everything = { destination_port_range: '*', protocol: '*', source_address_prefix: '*' };
    expect(
      withRules(
        rule('no', { priority: 200, access: 'Deny', ...everything }),
        rule('late', { priority: 300, destination_port_range: '22', source_address_prefix: '10.1.2.0/24' }),
        rule('out', { priority: 100, direction: 'Outbound', ...everything }),
      ),
    ).toEqual([]);
  });

  test('rules within the group, load balancers and roles lead to whom they name', () => {
    expect(
      calls(
        joined(base, {
          azurerm_network_security_group: {
            web: {
              security_rule: [
                { direction: 'Inbound', access: 'Allow', priority: 100, destination_port_range: '22', source_address_prefix: '10.1.1.10' },
              ],
            },
          },
          azurerm_lb: { web: {} },
          azurerm_lb_backend_address_pool: { web: { loadbalancer_id: '${azurerm_lb.web.id}' } },
          azurerm_lb_rule: {
            web: {
              loadbalancer_id: '${azurerm_lb.web.id}',
              backend_port: 8080,
              backend_address_pool_ids: ['${azurerm_lb_backend_address_pool.web.id}'],
            },
          },
          azurerm_network_interface_backend_address_pool_association: {
            web: {
              network_interface_id: '${azurerm_network_interface.worker.id}',
              backend_address_pool_id: '${azurerm_lb_backend_address_pool.web.id}',
            },
          },
          azurerm_storage_account: { files: {} },
          azurerm_role_assignment: {
            files: {
              scope: '${azurerm_storage_account.files.id}',
              principal_id: '${azurerm_linux_virtual_machine.worker.identity[0].principal_id}',
            },
          },
        }),
      ),
    ).toEqual([
      'azurerm_lb.web 8080 load balancer rule azurerm_linux_virtual_machine.worker',
      'azurerm_linux_virtual_machine.manager 22 network security group azurerm_linux_virtual_machine.worker',
      'azurerm_linux_virtual_machine.worker  role azurerm_storage_account.files',
    ]);
  });
});

describe('Kubernetes', () => {
  const workload = (name: string, more: JsonObject = {}): JsonObject => ({
    metadata: { name, namespace: 'shop' },
    spec: { template: { metadata: { labels: { app: name } }, spec: { container: [{ name, ...more }] } } },
  });
  const service = (name: string, type = 'ClusterIP'): JsonObject => ({
    metadata: { name: `${name}-svc`, namespace: 'shop' },
    spec: { type, selector: { app: name }, port: [{ port: 80, target_port: '8080' }] },
  });

  test('a service leads to the pods that its selector chooses, and is called from outside where it has a load balancer', () => {
    expect(
      calls({
        kubernetes_deployment_v1: { api: workload('api'), web: workload('web') },
        kubernetes_service_v1: { api: service('api'), web: service('web', 'LoadBalancer') },
      }),
    ).toEqual([
      'internet 80 service kubernetes_service_v1.web',
      'kubernetes_service_v1.api 8080 service kubernetes_deployment_v1.api',
      'kubernetes_service_v1.web 8080 service kubernetes_deployment_v1.web',
    ]);
  });

  test('a network policy leads from the pods that it lets in, by label and by namespace, to those that it is about', () => {
    const policy = (from: JsonObject): JsonObject => ({
      policy: {
        metadata: { name: 'db', namespace: 'shop' },
        spec: {
          pod_selector: { match_labels: { app: 'db' } },
          policy_types: ['Ingress'],
          ingress: [{ ports: [{ port: '5432' }], from: [from] }],
        },
      },
    });
    const world = (from: JsonObject): JsonObject => ({
      kubernetes_namespace_v1: { shop: { metadata: { name: 'shop', labels: { team: 'a' } } } },
      kubernetes_deployment_v1: { api: workload('api'), web: workload('web') },
      kubernetes_stateful_set_v1: { db: workload('db') },
      helm_release: { watch: { name: 'watch', chart: 'kube-prometheus-stack', namespace: 'monitoring' } },
      kubernetes_network_policy_v1: policy(from),
    });
    expect(calls(world({ pod_selector: { match_labels: { app: 'api' } } }))).toEqual([
      'kubernetes_deployment_v1.api 5432 network policy kubernetes_stateful_set_v1.db',
    ]);
    expect(
      calls(
        world({
          namespace_selector: { match_labels: { team: 'a' } },
          pod_selector: { match_expressions: [{ key: 'app', operator: 'In', values: ['web'] }] },
        }),
      ),
    ).toEqual(['kubernetes_deployment_v1.web 5432 network policy kubernetes_stateful_set_v1.db']);
    expect(calls(world({ namespace_selector: { match_labels: { team: 'b' } } }))).toEqual([]);
    expect(
      calls(
        world({
          namespace_selector: { match_labels: { 'kubernetes.io/metadata.name': 'monitoring' } },
          pod_selector: { match_labels: { 'app.kubernetes.io/name': 'prometheus' } },
        }),
      ),
    ).toEqual(['helm_release.watch 5432 network policy kubernetes_stateful_set_v1.db']);
  });

  test('an ingress is called from outside and leads to its services, settings lead to the service that they name', () => {
    expect(
      calls({
        kubernetes_deployment_v1: {
          api: workload('api', { env_from: [{ config_map_ref: { name: '${kubernetes_config_map_v1.api.metadata[0].name}' } }] }),
        },
        kubernetes_config_map_v1: {
          api: { metadata: { name: 'api', namespace: 'shop' }, data: { DB_URL: 'postgres://app@db-svc:5432/app' } },
        },
        kubernetes_service_v1: { api: service('api'), db: service('db') },
        kubernetes_ingress_v1: {
          web: {
            metadata: { name: 'web', namespace: 'shop' },
            spec: { tls: [{}], rule: [{ http: { path: [{ backend: { service: { name: 'api-svc', port: { number: 80 } } } }] } }] },
          },
        },
      }),
    ).toEqual([
      'internet 443 ingress kubernetes_ingress_v1.web',
      'kubernetes_deployment_v1.api 80 environment kubernetes_service_v1.db',
      'kubernetes_ingress_v1.web 80 ingress kubernetes_service_v1.api',
      'kubernetes_service_v1.api 8080 service kubernetes_deployment_v1.api',
    ]);
  });
});

describe('Hetzner', () => {
  const servers: JsonObject = {
    bastion: { labels: { role: 'bastion' } },
    web: { labels: { role: 'web' }, public_net: [{ ipv4_enabled: false, ipv6_enabled: false }] },
  };
  const rules = (sources: readonly string[]): JsonObject => ({
    rule: [{ direction: 'in', protocol: 'tcp', port: '22', source_ips: sources }],
  });

  test('a firewall leads from the internet to its servers that have a public interface, by attachment, label or the server itself', () => {
    const expected = ['internet 22 firewall hcloud_server.bastion'];
    expect(
      calls({
        hcloud_server: servers,
        hcloud_firewall: { ssh: rules(['0.0.0.0/0']) },
        hcloud_firewall_attachment: {
          ssh: { firewall_id: '${hcloud_firewall.ssh.id}', server_ids: ['${hcloud_server.bastion.id}', '${hcloud_server.web.id}'] },
        },
      }),
    ).toEqual(expected);
    expect(
      calls({
        hcloud_server: servers,
        hcloud_firewall: { ssh: rules(['::/0']) },
        hcloud_firewall_attachment: { ssh: { firewall_id: '${hcloud_firewall.ssh.id}', label_selectors: ['role=bastion'] } },
      }),
    ).toEqual(expected);
    expect(
      calls({ hcloud_server: servers, hcloud_firewall: { ssh: { ...rules(['0.0.0.0/0']), apply_to: [{ label_selector: 'role' }] } } }),
    ).toEqual(expected);
    expect(
      calls({
        hcloud_server: { bastion: { firewall_ids: ['${hcloud_firewall.ssh.id}'] } },
        hcloud_firewall: { ssh: rules(['0.0.0.0/0']) },
      }),
    ).toEqual(expected);
  });

  test('a rule for some addresses says so, and one for a private network is none of a firewall that sees public interfaces', () => {
    const guarded = (sources: readonly string[]): readonly string[] =>
      calls({ hcloud_server: { bastion: { firewall_ids: ['${hcloud_firewall.ssh.id}'] } }, hcloud_firewall: { ssh: rules(sources) } });
    expect(guarded(['${var.administrators}'])).toEqual(['internet 22 firewall, for some addresses hcloud_server.bastion']);
    expect(guarded(['10.0.0.0/8'])).toEqual([]);
  });

  test('a load balancer is called from outside on the ports it listens on, unless its public interface is off', () => {
    const balancer = (isPublic: boolean): readonly string[] =>
      calls({
        hcloud_load_balancer: { web: {} },
        hcloud_load_balancer_network: { web: { load_balancer_id: '${hcloud_load_balancer.web.id}', enable_public_interface: isPublic } },
        hcloud_load_balancer_service: {
          web: { load_balancer_id: '${hcloud_load_balancer.web.id}', listen_port: 443, destination_port: 8080 },
        },
      });
    expect(balancer(true)).toEqual(['internet 443 listener hcloud_load_balancer.web']);
    expect(balancer(false)).toEqual([]);
  });
});
