import { expect } from '@jest/globals';
import { writeFileSync } from 'node:fs';

import { aws, behaviours } from './_suite';
import { unwrapped, type Unit } from './_unit';

const group = `${aws}resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_lb_target_group" "one" {
  name     = "api"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
  health_check {
    path     = "/health"
    interval = 30
  }
}
`;

/** The only resource of a type, to be changed behind terraform's back. */
function entry(
  unit: Unit,
  type: string,
): { readonly key: string; readonly values: Readonly<Record<string, unknown>>; change(values: Readonly<Record<string, unknown>>): void } {
  const [found] = unit.served.cloud.list('aws', type);
  if (found === undefined) throw new Error(`no ${type}`);
  const { key, record } = found;
  return {
    key,
    values: record.values,
    change: (values) => unit.served.cloud.update(key, { ...record, values: { ...record.values, ...values } }),
  };
}

behaviours([
  {
    name: 'an edited entry shows as drift and is put back',
    mirror: true,
    run: async (unit) => {
      await unit.applied(group);
      entry(unit, 'aws_vpc').change({ enable_dns_support: false });
      const plan = await unit.plan();
      expect(plan.exitCode).toBe(2);
      expect(plan.output).toMatch(/enable_dns_support\s+= false -> true/);
      await unit.applied();
      expect(entry(unit, 'aws_vpc').values['enable_dns_support']).toBe(true);
    },
  },
  {
    name: 'an edit inside a block shows as drift',
    run: async (unit) => {
      await unit.applied(group);
      const [check] = entry(unit, 'aws_lb_target_group').values['health_check'] as Record<string, unknown>[];
      entry(unit, 'aws_lb_target_group').change({ health_check: [{ ...check, path: '/other' }] });
      expect((await unit.plan()).output).toMatch(/path\s+= "\/other" -> "\/health"/);
    },
  },
  {
    name: 'a refresh-only plan reports drift with exit code 2 and changes nothing in the cloud',
    run: async (unit) => {
      await unit.applied(group);
      entry(unit, 'aws_vpc').change({ tags: { Owner: 'someone' } });
      expect((await unit.plan('-refresh-only')).exitCode).toBe(2);
      await unit.apply('-refresh-only');
      expect(entry(unit, 'aws_vpc').values['tags']).toEqual({ Owner: 'someone' });
    },
  },
  {
    name: 'a deleted entry is created again',
    mirror: true,
    run: async (unit) => {
      await unit.applied(group);
      unit.served.cloud.remove(entry(unit, 'aws_lb_target_group').key);
      expect((await unit.plan()).output).toContain('1 to add, 0 to change, 0 to destroy');
      await unit.applied();
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'an attribute that people remove from an entry reads as null, one they add is ignored',
    run: async (unit) => {
      await unit.applied(group);
      entry(unit, 'aws_vpc').change({ enable_dns_support: undefined, of_no_schema: 1 });
      const plan = await unit.plan();
      expect(plan.output).toMatch(/\+ enable_dns_support\s+= true/);
      expect(plan.output).not.toContain('of_no_schema');
    },
  },
  {
    name: 'an entry that is no longer JSON is a coded error with its file',
    run: async (unit) => {
      await unit.applied(group);
      const file = unit.served.cloud.file(entry(unit, 'aws_vpc').key);
      writeFileSync(file, '{ half');
      const plan = await unit.plan();
      expect(plan.exitCode).toBe(1);
      expect(plan.output).toContain('E5304 unreadable cloud entry');
      expect(unwrapped(plan.output)).toContain('not JSON');
    },
  },
  {
    name: 'a resource that was destroyed elsewhere is destroyed without complaint',
    run: async (unit) => {
      await unit.applied(group);
      unit.served.cloud.remove(entry(unit, 'aws_lb_target_group').key);
      expect((await unit.destroy('-refresh=false')).exitCode).toBe(0);
      expect(unit.served.cloud.allKeys()).toEqual([]);
    },
  },
]);
