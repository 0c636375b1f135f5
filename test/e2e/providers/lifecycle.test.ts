import { expect } from '@jest/globals';

import { aws, behaviours, requires } from './_suite';
import { unwrapped } from './_unit';

const vpc = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n';

behaviours([
  {
    name: 'ignore_changes hides drift of one attribute',
    run: async (unit) => {
      await unit.applied(
        `${aws}resource "aws_sns_topic" "one" {\n  name         = "t"\n  display_name = "a"\n  lifecycle {\n    ignore_changes = [display_name]\n  }\n}\n`,
      );
      const [found] = unit.served.cloud.list('aws', 'aws_sns_topic');
      if (found === undefined) throw new Error('no topic');
      unit.served.cloud.update(found.key, { ...found.record, values: { ...found.record.values, display_name: 'b' } });
      expect((await unit.plan()).output).toContain('No changes');
    },
  },
  {
    name: 'prevent_destroy refuses the plan that would destroy',
    run: async (unit) => {
      await unit.applied(`${aws}resource "aws_sns_topic" "one" {\n  name = "t"\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n`);
      const destroy = await unit.destroy();
      expect(destroy.exitCode).toBe(1);
      expect(destroy.output).toContain('Instance cannot be destroyed');
    },
  },
  {
    name: 'a replacement destroys first and creates then',
    mirror: true,
    run: async (unit) => {
      const topic = (name: string): string => `${aws}resource "aws_sns_topic" "one" {\n  name = "${name}"\n}\n`;
      await unit.applied(topic('a'));
      await unit.applied(topic('b'));
      expect(unit.served.events.all().map(({ operation, id }) => `${operation} ${id.split(':').at(-1) ?? ''}`)).toEqual([
        'create a',
        'delete a',
        'create b',
      ]);
    },
  },
  {
    name: 'create_before_destroy creates the replacement first',
    run: async (unit) => {
      const topic = (name: string): string =>
        `${aws}resource "aws_sns_topic" "one" {\n  name = "${name}"\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n`;
      await unit.applied(topic('a'));
      await unit.applied(topic('b'));
      expect(unit.served.events.all().map(({ operation, id }) => `${operation} ${id.split(':').at(-1) ?? ''}`)).toEqual([
        'create a',
        'create b',
        'delete a',
      ]);
    },
  },
  {
    name: 'resources are destroyed in the reverse order of their references',
    run: async (unit) => {
      await unit.applied(`${aws}${vpc}resource "aws_subnet" "one" {\n  vpc_id     = aws_vpc.main.id\n  cidr_block = "10.0.1.0/24"\n}\n`);
      expect((await unit.destroy()).exitCode).toBe(0);
      expect(unit.served.events.all().map(({ operation, type }) => `${operation} ${type}`)).toEqual([
        'create aws_vpc',
        'create aws_subnet',
        'delete aws_subnet',
        'delete aws_vpc',
      ]);
    },
  },
  {
    name: '-replace gives a new id, and what refers to it follows',
    run: async (unit) => {
      await unit.applied(`${aws}${vpc}resource "aws_internet_gateway" "one" {\n  vpc_id = aws_vpc.main.id\n}\n`);
      const before = await unit.resources();
      const apply = await unit.apply('-replace=aws_internet_gateway.one');
      expect(apply.exitCode).toBe(0);
      const after = await unit.resources();
      expect(after['aws_internet_gateway.one']?.['id']).not.toBe(before['aws_internet_gateway.one']?.['id']);
      expect(after['aws_vpc.main']?.['id']).toBe(before['aws_vpc.main']?.['id']);
    },
  },
  {
    name: 'replace_triggered_by replaces with what it names',
    run: async (unit) => {
      const config = (name: string): string =>
        `${aws}resource "aws_sns_topic" "a" {\n  name = "${name}"\n}\nresource "aws_sns_topic" "b" {\n  name = "b"\n  lifecycle {\n    replace_triggered_by = [aws_sns_topic.a.id]\n  }\n}\n`;
      await unit.applied(config('a'));
      unit.write(config('c'));
      expect((await unit.plan()).output).toContain('2 to add, 0 to change, 2 to destroy');
    },
  },
  {
    name: '-target plans one resource and what it needs',
    run: async (unit) => {
      unit.write(
        `${aws}${vpc}resource "aws_internet_gateway" "one" {\n  vpc_id = aws_vpc.main.id\n}\nresource "aws_sns_topic" "other" {\n  name = "t"\n}\n`,
      );
      expect((await unit.plan('-target=aws_internet_gateway.one')).output).toContain('2 to add');
    },
  },
  {
    name: 'state mv keeps the resource',
    run: async (unit) => {
      await unit.applied(`${aws}resource "aws_sns_topic" "old" {\n  name = "t"\n}\n`);
      await unit.terraform(['state', 'mv', 'aws_sns_topic.old', 'aws_sns_topic.new']);
      unit.write(`${aws}resource "aws_sns_topic" "new" {\n  name = "t"\n}\n`);
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a refresh-only plan after an apply finds nothing',
    run: async (unit) => {
      await unit.applied(
        `${aws}resource "aws_sqs_queue" "one" {\n  name = "q"\n}\nresource "aws_lb_target_group" "one" {\n  name        = "tg"\n  target_type = "lambda"\n}\n`,
      );
      expect((await unit.plan('-refresh-only')).exitCode).toBe(0);
    },
  },
  {
    name: 'a saved plan is applied as it was planned, and refused once the state has moved on',
    mirror: true,
    run: async (unit) => {
      unit.write(`${aws}resource "aws_sns_topic" "one" {\n  name = "t"\n}\n`);
      await unit.plan('-out=one.tfplan');
      expect((await unit.terraform(['apply', 'one.tfplan'])).exitCode).toBe(0);
      const again = await unit.terraform(['apply', 'one.tfplan']);
      expect(again.exitCode).toBe(1);
      expect(again.output).toContain('Saved plan is stale');
    },
  },
  {
    name: 'terraform test runs its own applies and cleans up after them',
    run: async (unit) => {
      unit.write({
        'main.tf': `${aws}variable "name" {\n  default = "t"\n}\nresource "aws_sns_topic" "one" {\n  name = var.name\n}\n`,
        'main.tftest.hcl':
          'run "named" {\n  variables {\n    name = "u"\n  }\n  assert {\n    condition     = aws_sns_topic.one.arn == "arn:aws:sns:eu-central-1:111122223333:u"\n    error_message = "wrong arn"\n  }\n}\n',
      });
      await unit.terraform(['init']);
      const test = await unit.terraform(['test']);
      expect(test.output).toContain('1 passed, 0 failed');
      expect(unit.served.cloud.list('aws', 'aws_sns_topic')).toEqual([]);
    },
  },
  {
    name: 'a sensitive output stays hidden and is still the value',
    run: async (unit) => {
      const apply = await unit.applied(
        `${requires('hashicorp/random')}resource "random_password" "one" {\n  length = 24\n}\noutput "secret" {\n  value     = random_password.one.result\n  sensitive = true\n}\n`,
      );
      expect(apply.output).toContain('<sensitive>');
      expect((await unit.outputs())['secret']).toHaveLength(24);
    },
  },
  {
    name: 'a state that a real provider wrote with a schema version above 0 is read as it is',
    run: async (unit) => {
      await unit.applied(`${aws}${vpc}`);
      const file = 'terraform.tfstate';
      const state = JSON.parse(JSON.stringify(unit.state())) as {
        resources: { instances: { schema_version: number; attributes: Record<string, unknown> }[] }[];
      };
      const instance = state.resources[0]?.instances[0];
      if (instance === undefined) throw new Error('no instance');
      instance.schema_version = 2;
      instance.attributes['of_an_older_schema'] = 'x';
      unit.write({ [file]: JSON.stringify(state) });
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'configuration in JSON is read like HCL',
    mirror: true,
    run: async (unit) => {
      await unit.applied({
        'main.tf.json': JSON.stringify({
          terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
          provider: { aws: { region: 'eu-central-1' } },
          resource: { aws_route_table: { rt: { vpc_id: '${aws_vpc.v.id}', route: [] } }, aws_vpc: { v: { cidr_block: '10.0.0.0/16' } } },
        }),
      });
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'an unknown attribute is refused by its schema',
    run: async (unit) => {
      unit.write(`${aws}resource "aws_sns_topic" "one" {\n  nme = "t"\n}\n`);
      const plan = await unit.plan();
      expect(unwrapped(plan.output)).toContain('An argument named "nme" is not expected here. Did you mean "name"?');
    },
  },
]);
