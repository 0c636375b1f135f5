import { expect } from '@jest/globals';

import { aws, behaviours, requires } from './_suite';
import { unwrapped } from './_unit';

const vpc = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n';

behaviours([
  {
    name: 'count gives every instance an id of its own, and a second plan is empty',
    mirror: true,
    run: async (unit) => {
      await unit.applied(`${aws}resource "aws_eip" "one" {\n  count = 3\n}\n`);
      const resources = await unit.resources();
      expect(new Set(Object.values(resources).map(({ id }) => id)).size).toBe(3);
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a higher count adds an instance and leaves the others alone',
    run: async (unit) => {
      await unit.applied(`${aws}resource "aws_eip" "one" {\n  count = 2\n}\n`);
      const before = await unit.resources();
      await unit.applied(`${aws}resource "aws_eip" "one" {\n  count = 3\n}\n`);
      const after = await unit.resources();
      expect(after['aws_eip.one[0]']?.['id']).toBe(before['aws_eip.one[0]']?.['id']);
      expect(new Set(Object.values(after).map(({ id }) => id)).size).toBe(3);
    },
  },
  {
    name: 'for_each instances survive the removal of a sibling',
    run: async (unit) => {
      const config = (keys: string): string =>
        `${aws}resource "aws_sns_topic" "one" {\n  for_each = toset(${keys})\n  name     = each.key\n}\n`;
      await unit.applied(config('["a", "b", "c"]'));
      unit.write(config('["a", "c"]'));
      const plan = await unit.plan();
      expect(plan.output).toContain('0 to add, 0 to change, 1 to destroy');
      await unit.applied();
      expect(Object.keys(await unit.resources())).toEqual(['aws_sns_topic.one["a"]', 'aws_sns_topic.one["c"]']);
    },
  },
  {
    name: 'for_each over keys that only apply knows is refused, as with the real provider',
    run: async (unit) => {
      unit.write(`${aws}${vpc}resource "aws_sns_topic" "one" {\n  for_each = toset([aws_vpc.main.id])\n  name     = each.key\n}\n`);
      const plan = await unit.plan();
      expect(plan.exitCode).toBe(1);
      expect(plan.output).toContain('Invalid for_each argument');
    },
  },
  {
    name: 'dynamic blocks become blocks of the resource',
    run: async (unit) => {
      await unit.applied(`${aws}${vpc}
resource "aws_security_group" "one" {
  name   = "one"
  vpc_id = aws_vpc.main.id
  dynamic "ingress" {
    for_each = [80, 443]
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
`);
      const group = (await unit.resources())['aws_security_group.one'];
      expect(group?.['ingress']).toHaveLength(2);
      expect(group?.['ingress']).toEqual(
        expect.arrayContaining([expect.objectContaining({ from_port: 80 }), expect.objectContaining({ from_port: 443 })]),
      );
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a dynamic block over values that only apply knows is planned and applied',
    run: async (unit) => {
      await unit.applied(`${aws}${vpc}
resource "aws_eip" "one" {}
resource "aws_security_group" "one" {
  name   = "one"
  vpc_id = aws_vpc.main.id
  dynamic "egress" {
    for_each = toset(aws_eip.one.public_ip == "" ? [] : [1])
    content {
      from_port   = 1
      to_port     = egress.value
      protocol    = "tcp"
      cidr_blocks = ["\${aws_eip.one.public_ip}/32"]
    }
  }
}
`);
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'modules pass values that are known after apply',
    mirror: true,
    run: async (unit) => {
      await unit.applied({
        'main.tf': `${aws}module "net" {\n  source = "./modules/net"\n  cidr   = "10.1.0.0/16"\n}\nresource "aws_subnet" "one" {\n  vpc_id     = module.net.id\n  cidr_block = "10.1.1.0/24"\n}\n`,
        'modules/net/main.tf': `${requires('hashicorp/aws')}variable "cidr" {}\nresource "aws_vpc" "main" {\n  cidr_block = var.cidr\n}\noutput "id" {\n  value = aws_vpc.main.id\n}\n`,
      });
      const resources = await unit.resources();
      expect(resources['aws_subnet.one']?.['vpc_id']).toBe(resources['module.net.aws_vpc.main']?.['id']);
    },
  },
  {
    name: 'modules in a for_each get the provider that they are passed',
    run: async (unit) => {
      await unit.applied({
        'main.tf': `${aws}provider "aws" {\n  alias  = "us"\n  region = "us-east-1"\n}\nmodule "topic" {\n  source    = "./modules/topic"\n  for_each  = toset(["a", "b"])\n  providers = { aws = aws.us }\n  name      = each.key\n}\n`,
        'modules/topic/main.tf': `${requires('hashicorp/aws')}variable "name" {}\nresource "aws_sns_topic" "one" {\n  name = var.name\n}\n`,
      });
      expect((await unit.resources())['module.topic["b"].aws_sns_topic.one']?.['arn']).toBe('arn:aws:sns:us-east-1:111122223333:b');
    },
  },
  {
    name: 'a moved block renames without destroying',
    run: async (unit) => {
      await unit.applied(`${aws}resource "aws_sns_topic" "old" {\n  name = "t"\n}\n`);
      unit.write(
        `${aws}resource "aws_sns_topic" "new" {\n  name = "t"\n}\nmoved {\n  from = aws_sns_topic.old\n  to   = aws_sns_topic.new\n}\n`,
      );
      expect((await unit.plan()).output).toContain('0 to add, 0 to change, 0 to destroy');
      await unit.applied();
      expect(unit.served.events.all().map(({ operation }) => operation)).toEqual(['create']);
    },
  },
  {
    name: 'a removed block forgets a resource and leaves it in the cloud',
    run: async (unit) => {
      await unit.applied(`${aws}resource "aws_sns_topic" "one" {\n  name = "t"\n}\n`);
      await unit.applied(`${aws}removed {\n  from = aws_sns_topic.one\n  lifecycle {\n    destroy = false\n  }\n}\n`);
      expect(await unit.resources()).toEqual({});
      expect(unit.served.cloud.list('aws', 'aws_sns_topic')).toHaveLength(1);
    },
  },
  {
    name: 'an import block takes over what exists, and nothing is to change',
    mirror: true,
    run: async (unit) => {
      const topic = `${aws}resource "aws_sns_topic" "one" {\n  name = "t"\n}\n`;
      await unit.applied(topic);
      await unit.terraform(['state', 'rm', 'aws_sns_topic.one']);
      unit.write(`${topic}import {\n  to = aws_sns_topic.one\n  id = "arn:aws:sns:eu-central-1:111122223333:t"\n}\n`);
      expect((await unit.plan()).output).toContain('1 to import, 0 to add, 0 to change, 0 to destroy');
      await unit.applied();
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a check block warns about what it asserts and does not fail the plan',
    run: async (unit) => {
      unit.write(
        `${aws}resource "aws_sns_topic" "one" {\n  name = "t"\n}\ncheck "named" {\n  assert {\n    condition     = aws_sns_topic.one.name == "u"\n    error_message = "the topic is not u"\n  }\n}\n`,
      );
      const plan = await unit.plan();
      expect(plan.exitCode).toBe(2);
      expect(plan.output).toContain('the topic is not u');
    },
  },
  {
    name: 'a postcondition on a computed value fails the apply that breaks it',
    run: async (unit) => {
      unit.write(
        `${aws}resource "aws_sns_topic" "one" {\n  name = "t"\n  lifecycle {\n    postcondition {\n      condition     = endswith(self.arn, ":other")\n      error_message = "wrong arn"\n    }\n  }\n}\n`,
      );
      const apply = await unit.apply();
      expect(apply.exitCode).toBe(1);
      expect(apply.output).toContain('wrong arn');
    },
  },
  {
    name: 'a public module with provider_meta is accepted',
    run: async (unit) => {
      await unit.applied({
        'main.tf': `${aws}module "m" {\n  source = "./modules/m"\n}\n`,
        'modules/m/main.tf': `terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n  provider_meta "aws" {\n    user_agent = ["github.com/example/module"]\n  }\n}\nresource "aws_sns_topic" "one" {\n  name = "t"\n}\n`,
      });
      expect(Object.keys(await unit.resources())).toEqual(['module.m.aws_sns_topic.one']);
    },
  },
  {
    name: 'two aliases in one configuration keep their regions and default tags apart',
    mirror: true,
    run: async (unit) => {
      await unit.applied(`${requires('hashicorp/aws')}
provider "aws" {
  region = "eu-central-1"
  default_tags {
    tags = { Side = "here" }
  }
}
provider "aws" {
  alias  = "there"
  region = "ap-southeast-1"
  default_tags {
    tags = { Side = "there" }
  }
}
resource "aws_sns_topic" "here" {
  name = "t"
  tags = { Name = "t" }
}
resource "aws_sns_topic" "there" {
  provider = aws.there
  name     = "t"
}
`);
      const resources = await unit.resources();
      expect(resources['aws_sns_topic.here']).toMatchObject({
        arn: 'arn:aws:sns:eu-central-1:111122223333:t',
        tags_all: { Side: 'here', Name: 't' },
      });
      expect(resources['aws_sns_topic.there']).toMatchObject({
        arn: 'arn:aws:sns:ap-southeast-1:111122223333:t',
        tags_all: { Side: 'there' },
      });
    },
  },
  {
    name: 'ephemeral resources and functions that the overlay knows work, others are refused before anything is planned',
    run: async (unit) => {
      await unit.applied(
        `${requires('hashicorp/aws', 'hashicorp/random')}provider "aws" {\n  region = "eu-central-1"\n}\nephemeral "random_password" "one" {\n  length = 20\n}\nresource "aws_ssm_parameter" "one" {\n  name             = "/p"\n  type             = "SecureString"\n  value_wo         = ephemeral.random_password.one.result\n  value_wo_version = 1\n}\noutput "one" {\n  value = provider::aws::arn_parse("arn:aws:iam::111122223333:role/one").account_id\n}\n`,
      );
      expect((await unit.outputs())['one']).toBe('111122223333');
      expect((await unit.plan()).exitCode).toBe(0);
      unit.write(`${requires('hashicorp/random')}ephemeral "random_pet" "one" {\n  length = 8\n}\n`);
      const ephemeral = await unit.plan();
      expect([ephemeral.exitCode, unwrapped(ephemeral.output)]).toEqual([
        1,
        expect.stringContaining('The provider hashicorp/random does not support ephemeral resource "random_pet".'),
      ]);
      unit.write(`${aws}output "one" {\n  value = provider::aws::nothing("x")\n}\n`);
      const called = await unit.plan();
      expect([called.exitCode, unwrapped(called.output)]).toEqual([
        1,
        expect.stringContaining('The function "nothing" is not available from the provider'),
      ]);
    },
  },
]);
