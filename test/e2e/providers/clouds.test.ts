import { expect } from '@jest/globals';

import { behaviours, requires } from './_suite';
import { unwrapped } from './_unit';

const azure = `${requires('hashicorp/azurerm')}provider "azurerm" {\n  features {}\n  subscription_id = "11111111-2222-3333-4444-555555555555"\n}\nresource "azurerm_resource_group" "one" {\n  name     = "rg"\n  location = "westeurope"\n}\n`;
const hcloud = requires('hetznercloud/hcloud');

behaviours([
  {
    name: 'azure ids are paths under subscription and group, and a network is found by its subnet',
    mirror: true,
    run: async (unit) => {
      await unit.applied(
        `${azure}resource "azurerm_virtual_network" "one" {\n  name                = "net"\n  location            = azurerm_resource_group.one.location\n  resource_group_name = azurerm_resource_group.one.name\n  address_space       = ["10.0.0.0/16"]\n}\nresource "azurerm_subnet" "one" {\n  name                 = "app"\n  resource_group_name  = azurerm_resource_group.one.name\n  virtual_network_name = azurerm_virtual_network.one.name\n  address_prefixes     = ["10.0.1.0/24"]\n}\n`,
      );
      expect((await unit.resources())['azurerm_subnet.one']?.['id']).toBe(
        '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net/subnets/app',
      );
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'an azure resource that exists already has to be imported',
    run: async (unit) => {
      await unit.applied(azure);
      unit.write({ 'terraform.tfstate': '' });
      expect(unwrapped((await unit.apply()).output)).toContain('to be managed via Terraform this resource needs to be imported');
      expect(
        (
          await unit.terraform([
            'import',
            'azurerm_resource_group.one',
            '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg',
          ])
        ).exitCode,
      ).toBe(0);
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a network security group’s rules are a set of objects without a diff at the second plan',
    run: async (unit) => {
      await unit.applied(
        `${azure}resource "azurerm_network_security_group" "one" {\n  name                = "nsg"\n  location            = "westeurope"\n  resource_group_name = azurerm_resource_group.one.name\n  security_rule {\n    name                       = "ssh"\n    priority                   = 100\n    direction                  = "Inbound"\n    access                     = "Allow"\n    protocol                   = "Tcp"\n    source_port_range          = "*"\n    destination_port_range     = "22"\n    source_address_prefix      = "10.0.0.0/8"\n    destination_address_prefix = "*"\n  }\n}\n`,
      );
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'kubernetes objects live in the default namespace unless they name one',
    run: async (unit) => {
      await unit.applied(
        `${requires('hashicorp/kubernetes')}resource "kubernetes_namespace_v1" "one" {\n  metadata {\n    name = "app"\n  }\n}\nresource "kubernetes_config_map_v1" "here" {\n  metadata {\n    name      = "settings"\n    namespace = kubernetes_namespace_v1.one.metadata[0].name\n  }\n  data = { a = "b" }\n}\nresource "kubernetes_config_map_v1" "there" {\n  metadata {\n    name = "settings"\n  }\n}\n`,
      );
      const resources = await unit.resources();
      expect([resources['kubernetes_config_map_v1.here']?.['id'], resources['kubernetes_config_map_v1.there']?.['id']]).toEqual([
        'app/settings',
        'default/settings',
      ]);
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a kubernetes deployment with its nested pod is equal at the second plan',
    run: async (unit) => {
      await unit.applied(
        `${requires('hashicorp/kubernetes')}resource "kubernetes_deployment_v1" "one" {\n  metadata {\n    name = "web"\n  }\n  spec {\n    replicas = 2\n    selector {\n      match_labels = { app = "web" }\n    }\n    template {\n      metadata {\n        labels = { app = "web" }\n      }\n      spec {\n        container {\n          name  = "web"\n          image = "nginx:1.27"\n          port {\n            container_port = 80\n          }\n          resources {\n            limits = { cpu = "500m" }\n          }\n        }\n      }\n    }\n  }\n}\n`,
      );
      expect((await unit.resources())['kubernetes_deployment_v1.one']?.['id']).toBe('default/web');
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a helm release is deployed once a name',
    run: async (unit) => {
      await unit.applied(
        `${requires('hashicorp/helm')}resource "helm_release" "one" {\n  name       = "redis"\n  chart      = "redis"\n  repository = "https://charts.example.com"\n  set        = [{ name = "auth.enabled", value = "false" }]\n}\n`,
      );
      expect((await unit.resources())['helm_release.one']).toMatchObject({
        id: 'redis',
        status: 'deployed',
        namespace: 'default',
        timeout: 300,
        metadata: { name: 'redis', chart: 'redis', namespace: 'default' },
      });
      expect((await unit.plan()).exitCode).toBe(0);
      unit.write({ 'terraform.tfstate': '' });
      expect((await unit.apply()).output).toContain('cannot re-use a name that is still in use');
    },
  },
  {
    name: 'a cloudflare zone setting takes a value of any type',
    mirror: true,
    run: async (unit) => {
      await unit.applied(
        `${requires('cloudflare/cloudflare')}resource "cloudflare_zone" "one" {\n  account = { id = "0123456789abcdef0123456789abcdef" }\n  name    = "example.com"\n}\nresource "cloudflare_zone_setting" "text" {\n  zone_id    = cloudflare_zone.one.id\n  setting_id = "ssl"\n  value      = "strict"\n}\nresource "cloudflare_zone_setting" "object" {\n  zone_id    = cloudflare_zone.one.id\n  setting_id = "security_header"\n  value      = { strict_transport_security = { enabled = true, max_age = 31536000 } }\n}\ndata "cloudflare_zone" "one" {\n  zone_id = cloudflare_zone.one.id\n}\noutput "name" {\n  value = data.cloudflare_zone.one.name\n}\n`,
      );
      expect((await unit.outputs())['name']).toBe('example.com');
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a cloudflare zone exists once in the world',
    run: async (unit) => {
      unit.write(
        `${requires('cloudflare/cloudflare')}resource "cloudflare_zone" "one" {\n  count   = 2\n  account = { id = "0123456789abcdef0123456789abcdef" }\n  name    = "example.com"\n}\n`,
      );
      expect((await unit.apply('-parallelism=1')).output).toContain('example.com already exists (1061)');
    },
  },
  {
    name: 'hetzner references are numbers, and a server joins its network',
    run: async (unit) => {
      await unit.applied(
        `${hcloud}resource "hcloud_network" "one" {\n  name     = "net"\n  ip_range = "10.0.0.0/16"\n}\nresource "hcloud_network_subnet" "one" {\n  network_id   = hcloud_network.one.id\n  type         = "cloud"\n  network_zone = "eu-central"\n  ip_range     = "10.0.1.0/24"\n}\nresource "hcloud_server" "one" {\n  name        = "one"\n  image       = "debian-12"\n  server_type = "cx22"\n  location    = "nbg1"\n}\nresource "hcloud_server_network" "one" {\n  server_id = hcloud_server.one.id\n  subnet_id = hcloud_network_subnet.one.id\n}\n`,
      );
      const resources = await unit.resources();
      expect(String(resources['hcloud_server.one']?.['id'])).toMatch(/^\d{8}$/);
      expect(resources['hcloud_server_network.one']?.['server_id']).toBe(Number(resources['hcloud_server.one']?.['id']));
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'hetzner refuses a server type, a location and an image that do not exist',
    run: async (unit) => {
      unit.write(
        `${hcloud}resource "hcloud_server" "one" {\n  name        = "one"\n  image       = "debian-12"\n  server_type = "t3.micro"\n}\n`,
      );
      expect((await unit.plan()).output).toContain('server type t3.micro not found');
      unit.write(
        `${hcloud}resource "hcloud_server" "one" {\n  name        = "one"\n  image       = "debian-12"\n  server_type = "cx22"\n  location    = "eu-central-1"\n}\n`,
      );
      expect((await unit.plan()).output).toContain('location eu-central-1 not found');
      unit.write(`${hcloud}data "hcloud_image" "one" {\n  name = "windows-11"\n}\n`);
      expect((await unit.plan()).output).toContain('no image named windows-11');
    },
  },
  {
    name: 'a protected hetzner server is not deleted',
    run: async (unit) => {
      await unit.applied(
        `${hcloud}resource "hcloud_server" "one" {\n  name               = "one"\n  image              = "debian-12"\n  server_type        = "cx22"\n  delete_protection  = true\n  rebuild_protection = true\n}\n`,
      );
      expect((await unit.destroy()).output).toContain('delete protected');
    },
  },
  {
    name: 'providers with required credentials ask for them, as the real ones do',
    run: async (unit) => {
      unit.write(
        `${requires('upstash/upstash')}resource "upstash_redis_database" "one" {\n  database_name = "db"\n  region        = "global"\n}\n`,
      );
      expect((await unit.plan()).output).toContain('The argument "api_key" is required');
    },
  },
  {
    name: 'databases, monitors, projects and repositories of the small providers apply and stay',
    run: async (unit) => {
      await unit.applied(`${requires('upstash/upstash', 'supabase/supabase', 'jianyuan/sentry', 'BetterStackHQ/better-uptime', 'PagerDuty/pagerduty', 'integrations/github', 'hashicorp/google')}
provider "upstash" {
  email   = "a@example.com"
  api_key = "x"
}
provider "betteruptime" {
  api_token = "x"
}
resource "upstash_redis_database" "one" {
  database_name  = "db"
  region         = "global"
  primary_region = "eu-central-1"
  tls            = true
}
resource "supabase_project" "one" {
  organization_id   = "org"
  name              = "p"
  database_password = "secret"
  region            = "eu-central-1"
}
resource "sentry_project" "one" {
  organization = "o"
  teams        = ["t"]
  name         = "My App"
}
resource "betteruptime_monitor" "one" {
  url          = "https://example.com"
  monitor_type = "status"
}
resource "pagerduty_escalation_policy" "one" {
  name = "e"
  rule {
    escalation_delay_in_minutes = 10
    target {
      type = "user_reference"
      id   = "PABCDEF"
    }
  }
}
resource "github_repository" "one" {
  name = "repo"
}
resource "google_storage_bucket" "one" {
  name     = "bucket"
  location = "EU"
}
`);
      const resources = await unit.resources();
      expect(resources['upstash_redis_database.one']?.['endpoint']).toMatch(/^db-[a-z]{5}\.upstash\.io$/);
      expect(resources['sentry_project.one']?.['slug']).toBe('my-app');
      expect(resources['google_storage_bucket.one']?.['url']).toBe('gs://bucket');
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'terraform warns once of each type with made-up values, by name and attribute, and of no other',
    run: async (unit) => {
      unit.write(`${requires('hashicorp/aws')}provider "aws" {
  region = "eu-central-1"
}
provider "aws" {
  alias  = "ireland"
  region = "eu-west-1"
}
resource "aws_vpc" "net" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_mq_broker" "here" {
  count              = 2
  broker_name        = "orders-\${count.index}"
  engine_type        = "RabbitMQ"
  engine_version     = "3.13"
  host_instance_type = "mq.m5.large"
  user {
    username = "till"
    password = "abcdefghijkl12"
  }
}
resource "aws_mq_broker" "there" {
  provider           = aws.ireland
  broker_name        = "orders"
  engine_type        = "RabbitMQ"
  engine_version     = "3.13"
  host_instance_type = "mq.m5.large"
  user {
    username = "till"
    password = "abcdefghijkl12"
  }
}
`);
      const { exitCode, output } = await unit.apply();
      expect(exitCode).toBe(0);
      expect(output.match(/E5319/g)).toHaveLength(1);
      expect(output.match(/similar warning/g)).toBeNull();
      expect(unwrapped(output)).toContain('E5319 made-up values of a simulated resource: aws_mq_broker');
      expect(unwrapped(output)).toContain('answer for instances, pending_data_replication_mode: what stands there is made up');
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
]);
