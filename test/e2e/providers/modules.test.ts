import { expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../../_helpers/project-root';
import { aws, behaviours } from './_suite';

const sources = (name: string): Readonly<Record<string, string>> => ({
  [`modules/${name}/main.tf`]: readFileSync(path.join(projectRoot, 'test/e2e/providers/modules', name, 'main.tf'), 'utf8'),
});

behaviours([
  {
    name: 'a count-heavy network module goes through plan, apply, drift, import and destroy',
    mirror: true,
    run: async (unit) => {
      const network = (nat: string): string => `${aws}data "aws_availability_zones" "all" {}
module "network" {
  source             = "./modules/network"
  name               = "main"
  azs                = data.aws_availability_zones.all.names
  public_subnets     = ["10.0.101.0/24", "10.0.102.0/24", "10.0.103.0/24"]
  private_subnets    = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]
  single_nat_gateway = ${nat}
  tags               = { Project = "x" }
}
output "ips" {
  value = module.network.nat_public_ips
}
`;
      unit.write({ 'main.tf': network('false'), ...sources('network') });
      expect((await unit.plan()).output).toContain('29 to add, 0 to change, 0 to destroy');
      await unit.applied();
      expect((await unit.plan()).exitCode).toBe(0);
      expect((await unit.outputs())['ips']).toHaveLength(3);
      unit.write({ 'main.tf': network('true') });
      await unit.applied();
      expect((await unit.outputs())['ips']).toHaveLength(1);
      const [gateway] = unit.served.cloud.list('aws', 'aws_nat_gateway');
      if (gateway === undefined) throw new Error('no gateway');
      unit.served.cloud.remove(gateway.key);
      expect((await unit.plan()).output).toMatch(/module.network.aws_nat_gateway.this\[0\] will be created/);
      await unit.applied();
      const resources = await unit.resources();
      const vpc = String(resources['module.network.aws_vpc.this[0]']?.['id']);
      await unit.terraform(['state', 'rm', 'module.network.aws_vpc.this']);
      expect((await unit.terraform(['import', 'module.network.aws_vpc.this[0]', vpc])).exitCode).toBe(0);
      expect((await unit.plan()).exitCode).toBe(0);
      expect((await unit.destroy()).exitCode).toBe(0);
      expect(unit.served.cloud.allKeys()).toEqual([]);
    },
  },
  {
    name: 'a for_each-heavy services module goes through plan, apply, drift, import and destroy',
    run: async (unit) => {
      const services = (worker: string): string => `${aws}resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
module "services" {
  source = "./modules/services"
  vpc_id = aws_vpc.main.id
  services = {
    api = {
      port        = 8080
      public      = true
      permissions = { Read = ["s3:GetObject"], Trace = ["xray:PutTraceSegments"] }
      alarms      = { cpu = { metric = "CPU", threshold = 75 }, errors = { metric = "Errors", threshold = 2 } }
    }
    ${worker}
  }
}
output "roles" {
  value = module.services.roles
}
`;
      unit.write({ 'main.tf': services('worker = { port = 8081 }'), ...sources('services') });
      expect((await unit.plan()).output).toContain('13 to add, 0 to change, 0 to destroy');
      await unit.applied();
      expect((await unit.plan()).exitCode).toBe(0);
      expect((await unit.outputs())['roles']).toEqual({
        api: 'arn:aws:iam::111122223333:role/api-task',
        worker: 'arn:aws:iam::111122223333:role/worker-task',
      });
      unit.write({ 'main.tf': services('worker = { port = 8082, public = true }') });
      expect((await unit.plan()).output).toContain('2 to add, 0 to change, 1 to destroy');
      await unit.applied();
      const [alarm] = unit.served.cloud.list('aws', 'aws_cloudwatch_metric_alarm');
      if (alarm === undefined) throw new Error('no alarm');
      unit.served.cloud.update(alarm.key, { ...alarm.record, values: { ...alarm.record.values, threshold: 99 } });
      expect((await unit.plan()).output).toContain('0 to add, 1 to change, 0 to destroy');
      await unit.applied();
      await unit.terraform(['state', 'rm', 'module.services.aws_iam_role.service["api"]']);
      expect((await unit.terraform(['import', 'module.services.aws_iam_role.service["api"]', 'api-task'])).exitCode).toBe(0);
      expect((await unit.plan()).exitCode).toBe(0);
      expect((await unit.destroy()).exitCode).toBe(0);
      expect(unit.served.cloud.allKeys()).toEqual([]);
    },
  },
]);
