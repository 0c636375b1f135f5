import { expect } from '@jest/globals';

import { aws, behaviours } from './_suite';

const vpc = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n  tags       = { Name = "main" }\n}\n';
behaviours([
  {
    name: 'a write-only value reaches no state and no cloud file',
    run: async (unit) => {
      await unit.applied(
        `${aws}resource "aws_secretsmanager_secret" "one" {\n  name = "s"\n}\nresource "aws_secretsmanager_secret_version" "one" {\n  secret_id                = aws_secretsmanager_secret.one.id\n  secret_string_wo         = "open sesame"\n  secret_string_wo_version = 1\n}\n`,
      );
      expect(JSON.stringify(unit.state())).not.toContain('open sesame');
      expect(JSON.stringify(unit.served.cloud.list('aws', 'aws_secretsmanager_secret_version'))).not.toContain('open sesame');
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a sensitive attribute is hidden in the plan',
    run: async (unit) => {
      unit.write(`${aws}resource "aws_ssm_parameter" "one" {\n  name  = "/p"\n  type  = "SecureString"\n  value = "open sesame"\n}\n`);
      const plan = await unit.plan();
      expect(plan.output).toContain('(sensitive value)');
      expect(plan.output).not.toContain('open sesame');
    },
  },
  {
    name: 'a load balancer gets a DNS name of its region and an ARN that its listener carries on',
    run: async (unit) => {
      await unit.applied(
        `${aws}${vpc}resource "aws_subnet" "one" {\n  count             = 2\n  vpc_id            = aws_vpc.main.id\n  cidr_block        = "10.0.\${count.index}.0/24"\n  availability_zone = ["eu-central-1a", "eu-central-1b"][count.index]\n}\nresource "aws_lb" "one" {\n  name    = "web"\n  subnets = aws_subnet.one[*].id\n}\nresource "aws_lb_target_group" "one" {\n  name     = "api"\n  port     = 8080\n  protocol = "HTTP"\n  vpc_id   = aws_vpc.main.id\n}\nresource "aws_lb_listener" "one" {\n  load_balancer_arn = aws_lb.one.arn\n  port              = 80\n  default_action {\n    type             = "forward"\n    target_group_arn = aws_lb_target_group.one.arn\n  }\n}\n`,
      );
      const resources = await unit.resources();
      expect(resources['aws_lb.one']?.['dns_name']).toMatch(/^web-\d{10}\.eu-central-1\.elb\.amazonaws\.com$/);
      expect(resources['aws_lb_listener.one']?.['arn']).toMatch(
        /^arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener\/app\/web\/[0-9a-f]{16}\/[0-9a-f]{16}$/,
      );
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'attributes that are sets of objects are equal at the second plan',
    run: async (unit) => {
      await unit.applied(
        `${aws}${vpc}resource "aws_internet_gateway" "one" {\n  vpc_id = aws_vpc.main.id\n}\nresource "aws_route_table" "one" {\n  vpc_id = aws_vpc.main.id\n  route {\n    cidr_block = "0.0.0.0/0"\n    gateway_id = aws_internet_gateway.one.id\n  }\n}\nresource "aws_security_group" "one" {\n  name   = "one"\n  vpc_id = aws_vpc.main.id\n  egress {\n    from_port   = 0\n    to_port     = 0\n    protocol    = "-1"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n`,
      );
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'every revision of a task definition has a number of its own',
    run: async (unit) => {
      const task = (cpu: number): string =>
        `${aws}resource "aws_ecs_task_definition" "one" {\n  family                = "api"\n  cpu                   = ${cpu}\n  container_definitions = jsonencode([])\n}\n`;
      await unit.applied(task(256));
      await unit.applied(task(512));
      expect((await unit.resources())['aws_ecs_task_definition.one']).toMatchObject({
        revision: 2,
        arn: 'arn:aws:ecs:eu-central-1:111122223333:task-definition/api:2',
      });
    },
  },
  {
    name: 'a policy document is written as the real data source writes it',
    run: async (unit) => {
      await unit.applied(
        `${aws}data "aws_iam_policy_document" "one" {\n  statement {\n    sid       = "Read"\n    actions   = ["s3:GetObject", "s3:ListBucket"]\n    resources = ["arn:aws:s3:::b/&{aws:username}"]\n    principals {\n      type        = "AWS"\n      identifiers = ["*"]\n    }\n    condition {\n      test     = "Bool"\n      variable = "aws:SecureTransport"\n      values   = ["true"]\n    }\n  }\n}\noutput "json" {\n  value = data.aws_iam_policy_document.one.json\n}\noutput "small" {\n  value = data.aws_iam_policy_document.one.minified_json\n}\n`,
      );
      const { json, small } = await unit.outputs();
      expect(small).toBe(
        '{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":"arn:aws:s3:::b/${aws:username}","Principal":{"AWS":"*"},"Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}',
      );
      expect(json).toBe(JSON.stringify(JSON.parse(String(small)), undefined, 2));
    },
  },
  {
    name: 'zones, partition and region are those of the connection',
    run: async (unit) => {
      await unit.applied(
        `${aws}data "aws_availability_zones" "all" {\n  state = "available"\n}\ndata "aws_partition" "here" {}\ndata "aws_region" "here" {}\noutput "all" {\n  value = [data.aws_availability_zones.all.names, data.aws_partition.here.partition, data.aws_partition.here.dns_suffix, data.aws_region.here.region]\n}\n`,
      );
      expect((await unit.outputs())['all']).toEqual([
        ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
        'aws',
        'amazonaws.com',
        'eu-central-1',
      ]);
    },
  },
  {
    name: 'a data source finds a simulated resource by its tags, its filters and its id, and says when there is none',
    run: async (unit) => {
      await unit.applied(`${aws}${vpc}`);
      const { id } = (await unit.resources())['aws_vpc.main'] ?? {};
      await unit.applied(
        `${aws}${vpc}data "aws_vpc" "tags" {\n  tags = { Name = "main" }\n}\ndata "aws_vpc" "filter" {\n  filter {\n    name   = "tag:Name"\n    values = ["ma*"]\n  }\n}\ndata "aws_vpc" "id" {\n  id = "${String(id)}"\n}\noutput "ids" {\n  value = [data.aws_vpc.tags.id, data.aws_vpc.filter.id, data.aws_vpc.id.id, data.aws_vpc.id.cidr_block]\n}\n`,
      );
      expect((await unit.outputs())['ids']).toEqual([id, id, id, '10.0.0.0/16']);
      unit.write(`${aws}${vpc}data "aws_vpc" "none" {\n  tags = { Name = "other" }\n}\n`);
      expect((await unit.plan()).output).toContain('no matching aws_vpc found');
    },
  },
  {
    name: 'a secret’s replica is found in its region',
    run: async (unit) => {
      await unit.applied(
        `${aws}provider "aws" {\n  alias  = "there"\n  region = "ap-southeast-1"\n}\nresource "aws_secretsmanager_secret" "one" {\n  name = "s"\n  replica {\n    region = "ap-southeast-1"\n  }\n}\ndata "aws_secretsmanager_secret" "there" {\n  provider = aws.there\n  name     = aws_secretsmanager_secret.one.name\n  depends_on = [aws_secretsmanager_secret.one]\n}\noutput "arn" {\n  value = data.aws_secretsmanager_secret.there.arn\n}\n`,
      );
      expect((await unit.outputs())['arn']).toMatch(/^arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:s-[A-Za-z0-9]{6}$/);
    },
  },
  {
    name: 'a resource is imported by id, by ARN and by name',
    run: async (unit) => {
      const role = `${aws}resource "aws_iam_role" "one" {\n  name               = "deploy"\n  assume_role_policy = "{}"\n}\nresource "aws_kms_key" "one" {}\n`;
      await unit.applied(role);
      const { id } = (await unit.resources())['aws_kms_key.one'] ?? {};
      await unit.terraform(['state', 'rm', 'aws_iam_role.one', 'aws_kms_key.one']);
      expect((await unit.terraform(['import', 'aws_iam_role.one', 'deploy'])).exitCode).toBe(0);
      expect(
        (await unit.terraform(['import', 'aws_kms_key.one', `arn:aws:kms:eu-central-1:111122223333:key/${String(id)}`])).exitCode,
      ).toBe(0);
      expect((await unit.plan()).exitCode).toBe(0);
      const none = await unit.terraform(['import', 'aws_kms_key.one', 'nothing']);
      expect(none.exitCode).toBe(1);
    },
  },
  {
    name: 'a bucket that something else made is imported from the store',
    run: async (unit) => {
      unit.served.buckets().create({ name: 'made-elsewhere', region: 'eu-central-1', account: '111122223333' });
      unit.write(`${aws}resource "aws_s3_bucket" "one" {\n  bucket = "made-elsewhere"\n}\n`);
      expect((await unit.terraform(['import', 'aws_s3_bucket.one', 'made-elsewhere'])).exitCode).toBe(0);
      expect((await unit.resources())['aws_s3_bucket.one']?.['arn']).toBe('arn:aws:s3:::made-elsewhere');
      expect((await unit.plan()).output).not.toContain('must be replaced');
    },
  },
  {
    name: 'every resource carries the mark of its sandbox in the state',
    run: async (unit) => {
      await unit.applied(`${aws}resource "aws_sns_topic" "one" {\n  name = "t"\n}\n`);
      const mark = Buffer.from(unit.state().resources[0]?.instances[0]?.private ?? '', 'base64').toString('utf8');
      expect(mark.split('\n')[0]).toBe('terrace-sandbox:test');
    },
  },
]);
