import { expect } from '@jest/globals';

import { aws, behaviours, requires } from './_suite';
import { unwrapped } from './_unit';

const vpc = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n  tags       = { Name = "main" }\n}\n';
const provider = (inside: string): string =>
  `${requires('hashicorp/aws')}provider "aws" {\n  region = "eu-central-1"\n${inside}\n}\nresource "aws_sns_topic" "one" {\n  name = "t"\n}\n`;

behaviours([
  {
    name: 'the account is that of the access key of the shell, also in parallel runs of other shells',
    mirror: true,
    run: async (unit) => {
      unit.write(`${aws}data "aws_caller_identity" "me" {}\noutput "id" {\n  value = data.aws_caller_identity.me.account_id\n}\n`);
      await unit.terraform(['plan']);
      const runs = await Promise.all(
        ['111111111111', '222222222222', '333333333333'].map((account) => unit.terraform(['plan', '-lock=false'], account)),
      );
      expect(runs.map(({ output }) => /id = "(\d+)"/.exec(output)?.[1])).toEqual(['111111111111', '222222222222', '333333333333']);
    },
  },
  {
    name: 'allowed_account_ids refuses the account of another shell',
    mirror: true,
    run: async (unit) => {
      unit.write(provider('  allowed_account_ids = ["111122223333"]'));
      expect((await unit.terraform(['plan'])).exitCode).toBe(0);
      const wrong = await unit.terraform(['plan'], '999988887777');
      expect(wrong.exitCode).toBe(1);
      expect(wrong.output).toContain('AWS account ID not allowed: 999988887777');
    },
  },
  {
    name: 'an assumed role is the account that resources are made in',
    run: async (unit) => {
      await unit.applied(
        provider('  allowed_account_ids = ["444455556666"]\n  assume_role {\n    role_arn = "arn:aws:iam::444455556666:role/deploy"\n  }'),
      );
      expect((await unit.resources())['aws_sns_topic.one']?.['arn']).toBe('arn:aws:sns:eu-central-1:444455556666:t');
    },
  },
  {
    name: 'a provider without a region, and one with a wrong region, are refused',
    run: async (unit) => {
      unit.write(`${requires('hashicorp/aws')}provider "aws" {}\ndata "aws_region" "here" {}\n`);
      expect((await unit.plan()).output).toContain('Missing region configuration');
      unit.write(`${requires('hashicorp/aws')}provider "aws" {\n  region = "mars-1"\n}\ndata "aws_region" "here" {}\n`);
      expect((await unit.plan()).output).toContain('invalid AWS Region: mars-1');
    },
  },
  {
    name: 'a resource may have a region of its own',
    run: async (unit) => {
      await unit.applied(`${aws}resource "aws_sns_topic" "one" {\n  name   = "t"\n  region = "eu-west-1"\n}\n`);
      expect((await unit.resources())['aws_sns_topic.one']).toMatchObject({
        region: 'eu-west-1',
        arn: 'arn:aws:sns:eu-west-1:111122223333:t',
      });
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'what the provider defaults is planned, not null',
    run: async (unit) => {
      await unit.applied(`${aws}${vpc}`);
      expect((await unit.resources())['aws_vpc.main']).toMatchObject({
        enable_dns_support: true,
        enable_dns_hostnames: false,
        instance_tenancy: 'default',
      });
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'what only apply knows is unknown in the plan',
    run: async (unit) => {
      unit.write(`${aws}${vpc}`);
      await unit.plan('-out=p');
      const plan = JSON.parse((await unit.terraform(['show', '-json', 'p'])).output) as {
        resource_changes: { change: { after: Record<string, unknown>; after_unknown: Record<string, unknown> } }[];
      };
      const change = plan.resource_changes[0]?.change;
      expect(change?.after_unknown).toMatchObject({ id: true, arn: true, main_route_table_id: true });
      expect(change?.after).toMatchObject({ cidr_block: '10.0.0.0/16', tags_all: { Name: 'main' }, region: 'eu-central-1' });
    },
  },
  {
    name: 'a change of a tag is an update in place',
    run: async (unit) => {
      await unit.applied(`${aws}${vpc}`);
      const before = await unit.resources();
      unit.write(`${aws}${vpc.replace('"main" }', '"other" }')}`);
      expect((await unit.plan()).output).toContain('0 to add, 1 to change, 0 to destroy');
      await unit.applied();
      const after = (await unit.resources())['aws_vpc.main'];
      expect(after).toMatchObject({ id: before['aws_vpc.main']?.['id'], tags_all: { Name: 'other' } });
    },
  },
  {
    name: 'a change that the real provider cannot make in place is a replacement, and says which attribute forces it',
    run: async (unit) => {
      await unit.applied(`${aws}${vpc}`);
      unit.write(`${aws}${vpc.replace('10.0.0.0', '10.9.0.0')}`);
      const plan = await unit.plan();
      expect(plan.output).toMatch(/cidr_block\s+= "10.0.0.0\/16" -> "10.9.0.0\/16" # forces replacement/);
      expect(plan.output).toContain('1 to add, 0 to change, 1 to destroy');
    },
  },
  {
    name: 'a reference to what does not exist is refused at apply',
    run: async (unit) => {
      unit.write(`${aws}resource "aws_subnet" "one" {\n  vpc_id     = "vpc-00000000000000000"\n  cidr_block = "10.0.1.0/24"\n}\n`);
      expect((await unit.plan()).exitCode).toBe(2);
      const apply = await unit.apply();
      expect(apply.exitCode).toBe(1);
      expect(unwrapped(apply.output)).toContain('aws_vpc with id "vpc-00000000000000000" does not exist');
    },
  },
  {
    name: 'what others depend on is not deleted',
    run: async (unit) => {
      await unit.applied(`${aws}${vpc}resource "aws_subnet" "one" {\n  vpc_id     = aws_vpc.main.id\n  cidr_block = "10.0.1.0/24"\n}\n`);
      await unit.terraform(['state', 'rm', 'aws_subnet.one']);
      const destroy = await unit.destroy();
      expect(destroy.exitCode).toBe(1);
      expect(unwrapped(destroy.output)).toContain('DependencyViolation: aws_subnet');
    },
  },
  {
    name: 'two subnets with the same block in one VPC are refused',
    run: async (unit) => {
      unit.write(
        `${aws}${vpc}resource "aws_subnet" "one" {\n  count      = 2\n  vpc_id     = aws_vpc.main.id\n  cidr_block = "10.0.1.0/24"\n}\n`,
      );
      const apply = await unit.apply('-parallelism=1');
      expect(unwrapped(apply.output)).toContain("InvalidSubnet.Conflict: The CIDR '10.0.1.0/24' conflicts with another subnet");
      expect(unit.served.cloud.list('aws', 'aws_subnet')).toHaveLength(1);
    },
  },
  {
    name: 'a bucket is the store’s, with its settings, and its name is global',
    mirror: true,
    run: async (unit) => {
      const bucket = `${aws}resource "aws_s3_bucket" "one" {\n  bucket = "of-one-account"\n}\nresource "aws_s3_bucket_versioning" "one" {\n  bucket = aws_s3_bucket.one.id\n  versioning_configuration {\n    status = "Enabled"\n  }\n}\nresource "aws_s3_bucket_policy" "one" {\n  bucket = aws_s3_bucket.one.id\n  policy = jsonencode({ Version = "2012-10-17", Statement = [] })\n}\n`;
      await unit.applied(bucket);
      const { facts } = unit.served.buckets().bucket('of-one-account');
      expect(facts).toMatchObject({ region: 'eu-central-1', account: '111122223333' });
      expect(facts.settings.versioning).toContain('<Status>Enabled</Status>');
      expect(JSON.parse(facts.settings.policy ?? '')).toEqual({ Statement: [], Version: '2012-10-17' });
      unit.write({ 'main.tf': '', 'terraform.tfstate': '' });
      unit.write(`${aws}resource "aws_s3_bucket" "two" {\n  bucket = "of-one-account"\n}\n`);
      expect((await unit.apply()).output).toContain('BucketAlreadyOwnedByYou');
      expect((await unit.terraform(['apply', '-auto-approve', '-input=false'], '999988887777')).output).toContain('BucketAlreadyExists');
    },
  },
  {
    name: 'a bucket that holds something is not deleted, except with force_destroy',
    run: async (unit) => {
      const bucket = (force: boolean): string =>
        `${aws}resource "aws_s3_bucket" "one" {\n  bucket        = "of-one-account"\n  force_destroy = ${force}\n}\n`;
      await unit.applied(bucket(false));
      unit.served.buckets().bucket('of-one-account').put({ key: 'key', size: 1, etag: 'x', headers: {}, tags: {} }, Buffer.from('x'));
      expect((await unit.destroy()).output).toContain('BucketNotEmpty');
      await unit.applied(bucket(true));
      expect((await unit.destroy()).exitCode).toBe(0);
      expect(unit.served.buckets().has('of-one-account')).toBe(false);
    },
  },
  {
    name: 'a bucket that is gone is noticed, with everything in it',
    run: async (unit) => {
      await unit.applied(
        `${aws}resource "aws_s3_bucket" "one" {\n  bucket = "of-one-account"\n}\nresource "aws_s3_bucket_public_access_block" "one" {\n  bucket              = aws_s3_bucket.one.id\n  block_public_policy = true\n}\n`,
      );
      unit.served.buckets().delete('of-one-account');
      expect((await unit.plan()).output).toContain('2 to add, 0 to change, 0 to destroy');
    },
  },
  {
    name: 'a table is the store’s, and deletion protection protects it',
    run: async (unit) => {
      const table = (protect: boolean): string =>
        `${aws}resource "aws_dynamodb_table" "one" {\n  name                        = "locks"\n  billing_mode                = "PAY_PER_REQUEST"\n  hash_key                    = "LockID"\n  deletion_protection_enabled = ${protect}\n  attribute {\n    name = "LockID"\n    type = "S"\n  }\n}\n`;
      await unit.applied(table(true));
      expect(unit.served.tables().has('locks', 'eu-central-1', '111122223333')).toBe(true);
      expect((await unit.destroy()).exitCode).toBe(1);
      await unit.applied(table(false));
      expect((await unit.plan()).exitCode).toBe(0);
      expect((await unit.destroy()).exitCode).toBe(0);
      expect(unit.served.tables().has('locks', 'eu-central-1', '111122223333')).toBe(false);
    },
  },
  {
    name: 'an instance class and an engine that do not exist are refused before anything is planned, all at once',
    run: async (unit) => {
      unit.write(
        `${aws}resource "aws_rds_cluster_instance" "one" {\n  identifier         = "one"\n  cluster_identifier = "c"\n  engine             = "aurora-oracle"\n  instance_class     = "r6g.large"\n}\n`,
      );
      const validated = await unit.terraform(['validate']);
      expect(validated.exitCode).toBe(1);
      expect(unwrapped(validated.output)).toContain('expected engine to be one of');
      expect(unwrapped(validated.output)).toContain('an instance class such as db.r6g.large');
    },
  },
  {
    name: 'arguments that exclude each other are refused',
    run: async (unit) => {
      unit.write(`${aws}resource "aws_sns_topic" "one" {\n  name        = "a"\n  name_prefix = "b"\n}\n`);
      expect(unwrapped((await unit.terraform(['validate'])).output)).toContain(
        'Conflicting configuration arguments: "name": conflicts with name_prefix',
      );
    },
  },
  {
    name: 'an attribute that only the provider sets cannot be configured',
    run: async (unit) => {
      unit.write(`${aws}resource "aws_sns_topic" "one" {\n  name = "a"\n  arn  = "arn:aws:sns:eu-central-1:111122223333:a"\n}\n`);
      const validated = await unit.terraform(['validate']);
      expect(validated.exitCode).toBe(1);
      expect(validated.output).toMatch(/read-only|Can't configure a value for "arn"/i);
    },
  },
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
