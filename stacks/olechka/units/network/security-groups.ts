import { DataAwsPrefixList } from '@cdktf/provider-aws/lib/data-aws-prefix-list';
import { declareOutputs, text } from 'terrace';

import { SecurityGroup } from '../../../../modules/aws/security-group';
import { serviceNames, services } from '../../names';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { VpcUnit } from './vpc';

const outputs = declareOutputs({
  albGroupId: text('sg-0a111111111111111'),
  apiGroupId: text('sg-0b111111111111111'),
  workerGroupId: text('sg-0c111111111111111'),
  auroraGroupId: text('sg-0d111111111111111'),
  cacheGroupId: text('sg-0e111111111111111'),
  endpointsGroupId: text('sg-0f111111111111111'),
});

/** Who may speak to whom: internet → load balancer → services → database, cache, endpoints, S3; and services to the outside on 443. */
export class SecurityGroupsUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const { vpcId } = this.dependency(region.unit(VpcUnit));
    const group = (name: string, description: string) =>
      new SecurityGroup(this, name, { vpcId, name: `${this.names.base}-${name}`, description });
    const alb = group('alb', 'load balancer');
    const aurora = group('aurora', 'database');
    const cache = group('cache', 'cache');
    const endpoints = group('endpoints', 'interface endpoints');
    const tasks = { api: group('api', 'tasks of the api'), worker: group('worker', 'tasks of the worker') };
    const s3 = new DataAwsPrefixList(this, 's3', { name: `com.amazonaws.${this.awsRegion}.s3` });
    alb.openToInternet(80);
    alb.openToInternet(443);
    for (const service of serviceNames) {
      alb.connectTo(tasks[service], services[service].port);
      tasks[service].connectTo(aurora, 5432);
      tasks[service].connectTo(cache, 6379);
      tasks[service].connectTo(endpoints, 443);
      tasks[service].reachPrefixList('s3', s3.id, 443);
      tasks[service].reachInternet(443);
    }
    this.outputs({
      albGroupId: alb.groupId,
      apiGroupId: tasks.api.groupId,
      workerGroupId: tasks.worker.groupId,
      auroraGroupId: aurora.groupId,
      cacheGroupId: cache.groupId,
      endpointsGroupId: endpoints.groupId,
    });
  }
}
