import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect } from '@jest/globals';

import { projectRoot } from '../../_helpers/project-root';
import { aws, behaviours } from './_suite';

const holdings = (name: string): string => readFileSync(path.join(projectRoot, 'test/e2e/providers/holdings', `${name}.tf`), 'utf8');

behaviours([
  {
    name: 'names of prefixes come before ids and ARNs, and two states with one address do not meet',
    run: async (unit) => {
      await unit.applied(
        `${aws}resource "aws_iam_role" "r" {\n  count              = 2\n  name_prefix        = "job-"\n  assume_role_policy = jsonencode({})\n}\nresource "aws_cloudwatch_log_group" "g" {\n  name_prefix = "/x/"\n}\nresource "aws_security_group" "s" {\n  name_prefix = "web-"\n}\n`,
      );
      const {
        'aws_iam_role.r[0]': one,
        'aws_iam_role.r[1]': two,
        'aws_cloudwatch_log_group.g': group,
        'aws_security_group.s': web,
      } = await unit.resources();
      expect(one?.['name']).toMatch(/^job-20\d{16}[0-9a-f]{8}$/);
      expect(one).toMatchObject({ id: one?.['name'], arn: `arn:aws:iam::111122223333:role/${String(one?.['name'])}` });
      expect(two?.['name']).not.toBe(one?.['name']);
      expect(group).toMatchObject({
        id: group?.['name'],
        arn: `arn:aws:logs:eu-central-1:111122223333:log-group:${String(group?.['name'])}`,
      });
      expect(web).toMatchObject({ name: expect.stringMatching(/^web-20\d{16}[0-9a-f]{8}$/), name_prefix: 'web-' });
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'lists hold what fits and are empty where nothing does, and a default VPC is not one that was made',
    run: async (unit) => {
      await unit.applied(holdings('lists'));
      const { found, same } = await unit.outputs();
      expect(same).toBe(false);
      expect(found).toEqual({
        two: true,
        none: [],
        vpcs: true,
        groups: [],
        servers: [],
        routes: [],
        tables: true,
        roles: [],
        volumes: [],
        eips: [],
        lambdas: [],
        dbs: [],
        lbs: [],
        scaling: [],
        hcloud: [[], []],
      });
      expect((await unit.plan()).exitCode).toBe(0);
      expect((await unit.destroy()).exitCode).toBe(0);
    },
  },
  {
    name: 'references lead to other types of a kind, to what resources bring with them, and to the default VPC that is adopted',
    run: async (unit) => {
      await unit.applied(holdings('references'));
      expect((await unit.outputs())['found']).toEqual({
        key: 'mrk-',
        alias: true,
        status: 'active',
        encrypted: true,
        secret: true,
        group: true,
        table: true,
        acls: true,
        adopted: true,
        apart: true,
        ipv6: true,
      });
      expect((await unit.plan()).exitCode).toBe(0);
      expect((await unit.destroy()).exitCode).toBe(0);
    },
  },
]);
