import { expect } from '@jest/globals';

import { aws, behaviours, requires } from './_suite';

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
    name: 'lists hold what fits, a default VPC is not the one that was made, and children are found',
    run: async (unit) => {
      await unit.applied(
        `${requires('hashicorp/aws', 'hetznercloud/hcloud')}provider "aws" {\n  region = "eu-west-3"\n}\nprovider "hcloud" {\n  token = "${'0'.repeat(64)}"\n}\nresource "aws_vpc" "v" {\n  cidr_block = "10.9.0.0/16"\n}\nresource "aws_subnet" "s" {\n  count      = 2\n  vpc_id     = aws_vpc.v.id\n  cidr_block = "10.9.\${count.index}.0/24"\n}\ndata "aws_subnets" "two" {\n  filter {\n    name   = "vpc-id"\n    values = [aws_vpc.v.id]\n  }\n  depends_on = [aws_subnet.s]\n}\ndata "aws_vpcs" "all" {\n  depends_on = [aws_vpc.v]\n}\ndata "aws_vpc" "default" {\n  default    = true\n  depends_on = [aws_vpc.v]\n}\ndata "aws_route_table" "main" {\n  route_table_id = aws_vpc.v.main_route_table_id\n}\ndata "aws_lambda_functions" "none" {}\ndata "hcloud_servers" "none" {}\nresource "aws_kms_external_key" "e" {}\nresource "aws_kms_alias" "e" {\n  name          = "alias/e"\n  target_key_id = aws_kms_external_key.e.id\n}\noutput "all" {\n  value = {\n    two      = toset(data.aws_subnets.two.ids) == toset(aws_subnet.s[*].id)\n    vpcs     = toset(data.aws_vpcs.all.ids) == toset([aws_vpc.v.id, data.aws_vpc.default.id])\n    same     = data.aws_vpc.default.id == aws_vpc.v.id\n    main     = data.aws_route_table.main.vpc_id == aws_vpc.v.id\n    lambdas  = data.aws_lambda_functions.none.function_names\n    servers  = data.hcloud_servers.none.servers\n  }\n}\n`,
      );
      expect((await unit.outputs())['all']).toEqual({ two: true, vpcs: true, same: false, main: true, lambdas: [], servers: [] });
      expect((await unit.plan()).exitCode).toBe(0);
      expect((await unit.destroy()).exitCode).toBe(0);
    },
  },
]);
