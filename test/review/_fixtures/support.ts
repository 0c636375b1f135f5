import type { JsonObject } from '../../../terrace/base/json';

const assume = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const read = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] });

const azureGroup = { location: 'eastus2', resource_group_name: '${azurerm_resource_group.support.name}' };

/** What the cases of each folder refer to: there before and after the change. */
export const support: Readonly<Record<string, { readonly [type: string]: JsonObject }>> = {
  aws: {
    aws_vpc: { support: { cidr_block: '10.0.0.0/16' } },
    aws_subnet: {
      support: { vpc_id: '${aws_vpc.support.id}', cidr_block: '10.0.250.0/24', availability_zone: 'eu-central-1a' },
      other: { vpc_id: '${aws_vpc.support.id}', cidr_block: '10.0.251.0/24', availability_zone: 'eu-central-1b' },
    },
    aws_security_group: { support: { name: 'support', vpc_id: '${aws_vpc.support.id}' } },
    aws_internet_gateway: { support: { vpc_id: '${aws_vpc.support.id}' } },
    aws_route_table: { support: { vpc_id: '${aws_vpc.support.id}' }, other: { vpc_id: '${aws_vpc.support.id}' } },
    aws_eip: { support: { domain: 'vpc' }, nat: { domain: 'vpc' } },
    aws_nat_gateway: { support: { subnet_id: '${aws_subnet.support.id}', allocation_id: '${aws_eip.nat.id}' } },
    aws_lb: { support: { name: 'support', internal: true, subnets: ['${aws_subnet.support.id}', '${aws_subnet.other.id}'] } },
    aws_lb_target_group: { support: { name: 'support', port: 8080, protocol: 'HTTP', vpc_id: '${aws_vpc.support.id}' } },
    aws_acm_certificate: { support: { domain_name: 'support.example.org', validation_method: 'DNS' } },
    aws_wafv2_web_acl: {
      support: {
        name: 'support',
        scope: 'REGIONAL',
        default_action: [{ allow: [{}] }],
        visibility_config: [{ cloudwatch_metrics_enabled: true, metric_name: 'support', sampled_requests_enabled: true }],
      },
    },
    aws_s3_bucket: { support: { bucket: 'review-support' }, state: { bucket: 'terraform-state-123456789012-eu-central-1' } },
    aws_secretsmanager_secret: { support: { name: 'support' } },
    aws_iam_role: { support: { name: 'support', assume_role_policy: assume } },
    aws_iam_policy: { support: { name: 'support', policy: read } },
    aws_rds_cluster: {
      support: {
        cluster_identifier: 'support',
        engine: 'aurora-postgresql',
        master_username: 'aitools',
        manage_master_user_password: true,
        skip_final_snapshot: true,
        storage_encrypted: true,
      },
    },
  },
  azure: {
    azurerm_resource_group: { support: { name: 'pro-mata', location: 'eastus2' } },
    azurerm_network_security_group: {
      support: { name: 'swarm', ...azureGroup },
    },
    azurerm_virtual_network: { support: { name: 'swarm', ...azureGroup, address_space: ['10.1.0.0/16'] } },
    azurerm_subnet: {
      support: {
        name: 'swarm',
        resource_group_name: '${azurerm_resource_group.support.name}',
        virtual_network_name: '${azurerm_virtual_network.support.name}',
        address_prefixes: ['10.1.1.0/24'],
      },
    },
    azurerm_network_interface: {
      support: {
        name: 'support',
        ...azureGroup,
        ip_configuration: [{ name: 'internal', subnet_id: '${azurerm_subnet.support.id}', private_ip_address_allocation: 'Dynamic' }],
      },
    },
    azurerm_public_ip: { support: { name: 'support', ...azureGroup, allocation_method: 'Static', sku: 'Standard' } },
  },
  cloudflare: {
    cloudflare_zone: { support: { account: { id: 'a'.repeat(32) }, name: 'support.example.org' } },
    cloudflare_r2_bucket: {
      support: { account_id: 'fedcba9876543210fedcba9876543210', name: 'files', location: 'weur' },
      other: { account_id: 'fedcba9876543210fedcba9876543210', name: 'others', location: 'weur' },
    },
  },
  hetzner: { hcloud_load_balancer: { support: { name: 'support', load_balancer_type: 'lb11', location: 'nbg1' } } },
};
