import { expect } from '@jest/globals';

import { aws, behaviours } from './_suite';
import { unwrapped } from './_unit';

const topic = (display: string): string =>
  `${aws}resource "aws_sns_topic" "one" {\n  name         = "t"\n  display_name = "${display}"\n}\n`;
const fault = { type: 'aws_sns_topic', message: 'ThrottlingException: Rate exceeded', milliseconds: 300, times: 1 } as const;

behaviours([
  {
    name: 'an error on create leaves nothing behind, and the next apply succeeds',
    mirror: true,
    run: async (unit) => {
      unit.served.faults.add({ ...fault, operation: 'create', kind: 'error' });
      unit.write(topic('a'));
      const apply = await unit.apply();
      expect(apply.exitCode).toBe(1);
      expect(unwrapped(apply.output)).toContain('creating aws_sns_topic: ThrottlingException: Rate exceeded');
      expect(unit.served.cloud.allKeys()).toEqual([]);
      expect((await unit.apply()).exitCode).toBe(0);
    },
  },
  {
    name: 'a half-created resource is left behind tainted and replaced by the next apply',
    run: async (unit) => {
      unit.served.faults.add({ ...fault, operation: 'create', kind: 'partial' });
      unit.write(topic('a'));
      expect((await unit.apply()).exitCode).toBe(1);
      expect(unit.state().resources[0]?.instances[0]?.status).toBe('tainted');
      expect(unit.served.cloud.list('aws', 'aws_sns_topic')).toHaveLength(1);
      const plan = await unit.plan();
      expect(plan.output).toContain('is tainted, so must be replaced');
      await unit.applied();
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a fault strikes as often as it was told to',
    run: async (unit) => {
      unit.served.faults.add({ ...fault, operation: 'create', kind: 'error', times: 2 });
      unit.write(topic('a'));
      const exits = [(await unit.apply()).exitCode, (await unit.apply()).exitCode, (await unit.apply()).exitCode];
      expect(exits).toEqual([1, 1, 0]);
      expect(unit.served.faults.list()).toEqual([]);
    },
  },
  {
    name: 'a delay is only a delay, a timeout ends in an error',
    run: async (unit) => {
      unit.served.faults.add({ ...fault, operation: 'create', kind: 'delay' });
      await unit.applied(topic('a'));
      unit.served.faults.add({ ...fault, operation: 'update', kind: 'timeout' });
      unit.write(topic('b'));
      const apply = await unit.apply();
      expect(unwrapped(apply.output)).toContain('timeout while waiting for the resource');
      expect(
        unit.served.events
          .all()
          .filter(({ operation }) => operation === 'fault')
          .map(({ detail }) => detail),
      ).toEqual(['create delay', 'update timeout']);
    },
  },
  {
    name: 'a failed update keeps the old values',
    run: async (unit) => {
      await unit.applied(topic('a'));
      unit.served.faults.add({ ...fault, operation: 'update', kind: 'error', message: 'AccessDenied: not authorized' });
      unit.write(topic('b'));
      expect((await unit.apply()).exitCode).toBe(1);
      expect(unit.served.cloud.list('aws', 'aws_sns_topic')[0]?.record.values['display_name']).toBe('a');
      expect((await unit.plan()).output).toMatch(/display_name\s+= "a" -> "b"/);
    },
  },
  {
    name: 'a half-done delete leaves the resource in state and cloud',
    run: async (unit) => {
      await unit.applied(topic('a'));
      unit.served.faults.add({ ...fault, operation: 'delete', kind: 'partial', message: 'DependencyViolation: in use' });
      expect((await unit.destroy()).exitCode).toBe(1);
      expect(unit.served.cloud.list('aws', 'aws_sns_topic')).toHaveLength(1);
      expect(Object.keys(await unit.resources())).toEqual(['aws_sns_topic.one']);
      expect((await unit.destroy()).exitCode).toBe(0);
    },
  },
  {
    name: 'a fault on read fails the plan',
    run: async (unit) => {
      await unit.applied(topic('a'));
      unit.served.faults.add({ ...fault, operation: 'read', kind: 'error', message: 'AccessDenied: not authorized' });
      expect(unwrapped((await unit.plan()).output)).toContain('reading aws_sns_topic: AccessDenied: not authorized');
    },
  },
  {
    name: 'a fault may be aimed at one of several resources',
    run: async (unit) => {
      unit.served.faults.add({ ...fault, operation: 'create', kind: 'error', match: { name: 'b' } });
      unit.write(`${aws}resource "aws_sns_topic" "one" {\n  for_each = toset(["a", "b", "c"])\n  name     = each.key\n}\n`);
      expect((await unit.apply()).exitCode).toBe(1);
      expect(Object.keys(await unit.resources())).toEqual(['aws_sns_topic.one["a"]', 'aws_sns_topic.one["c"]']);
    },
  },
]);
