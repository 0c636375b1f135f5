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
    name: 'another region replaces a resource, be it the one of its own or the way back to that of the provider',
    run: async (unit) => {
      const topic = (region: string): string => `${aws}resource "aws_sns_topic" "one" {\n  name = "t"\n${region}}\n`;
      await unit.applied(topic(''));
      unit.write(topic('  region = "eu-west-1"\n'));
      expect((await unit.plan()).output).toMatch(/region\s+= "eu-central-1" -> "eu-west-1" # forces replacement/);
      await unit.applied();
      expect((await unit.resources())['aws_sns_topic.one']).toMatchObject({ arn: 'arn:aws:sns:eu-west-1:111122223333:t' });
      unit.write(topic('  region = "eu-central-1"\n'));
      expect((await unit.plan()).output).toContain('1 to add, 0 to change, 1 to destroy');
    },
  },
  {
    name: 'a security group rule changes its source in place, and is replaced for a source of another kind',
    run: async (unit) => {
      const rule = (source: string): string =>
        `${aws}${vpc}resource "aws_security_group" "one" {\n  vpc_id = aws_vpc.main.id\n}\nresource "aws_vpc_security_group_ingress_rule" "one" {\n  security_group_id = aws_security_group.one.id\n  ip_protocol       = "-1"\n  ${source}\n}\n`;
      await unit.applied(rule('cidr_ipv4 = "10.0.0.0/16"'));
      unit.write(rule('cidr_ipv4 = "10.1.0.0/16"'));
      expect((await unit.plan()).output).toContain('0 to add, 1 to change, 0 to destroy');
      unit.write(rule('cidr_ipv6 = "2a05:d014::/56"'));
      expect((await unit.plan()).output).toContain('1 to add, 0 to change, 1 to destroy');
      unit.write(rule(''));
      expect(unwrapped((await unit.plan()).output)).toContain('must be specified');
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
      expect(unwrapped(validated.output)).toContain(
        'invalid value for engine (aurora-mysql, aurora-postgresql, mysql, postgres or custom-…)',
      );
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
]);
