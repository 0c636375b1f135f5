import { declareOutputs, text } from 'terrace';

import { SecurityGroup } from '../../../../modules/aws/security-group';
import { AwsUnit, type AwsRegion } from '../../aws-unit';
import { cache, database, product, productServices } from '../../topology/product';
import { VpcUnit } from './vpc';

const outputs = declareOutputs({
  albGroupId: text('sg-0a111111111111111'),
  frontendGroupId: text('sg-0b111111111111111'),
  backendGroupId: text('sg-0c111111111111111'),
  databaseGroupId: text('sg-0d111111111111111'),
  redisGroupId: text('sg-0e111111111111111'),
});

/** Who may speak to whom: internet → load balancer → services, backend → database and cache; and services to AWS on 443. */
export class SecurityGroupsUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    const { vpcId } = this.dependency(region.unit(VpcUnit));
    const group = (name: string, description: string) =>
      new SecurityGroup(this, `${name}-group`, { vpcId, name: `${this.names.base}-${name}`, description });
    const alb = group('alb', 'load balancer');
    const rds = group('rds', 'database');
    const redis = group('redis', 'cache');
    const tasks = { frontend: group('frontend', 'tasks of the frontend'), backend: group('backend', 'tasks of the backend') };
    alb.openToInternet(80);
    alb.openToInternet(443);
    for (const service of productServices) {
      alb.connectTo(tasks[service], product[service].port);
      // Images, secrets and logs come through the NAT gateways.
      tasks[service].reachInternet(443);
    }
    tasks.backend.connectTo(rds, database.port);
    tasks.backend.connectTo(redis, cache.port);
    this.outputs({
      albGroupId: alb.groupId,
      frontendGroupId: tasks.frontend.groupId,
      backendGroupId: tasks.backend.groupId,
      databaseGroupId: rds.groupId,
      redisGroupId: redis.groupId,
    });
  }
}
