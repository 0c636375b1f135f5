import { expect, test } from '@jest/globals';

import { trafficOf } from '../../../terrace/rehearse/rounds/traffic';
import type { Shape, ShapedResource } from '../../../terrace/rehearse/shape/shape';

const unit = 'shop/prod/eu/app/web';
const resource = (address: string, attributes: ShapedResource['attributes']): ShapedResource => ({
  unit,
  address,
  type: address.split('.')[0] ?? '',
  provider: 'provider["registry.terraform.io/hashicorp/aws"]',
  id: null,
  attributes,
  state: {},
  derived: [],
});
const shape: Shape = {
  version: 1,
  units: [],
  resources: [
    resource('aws_route53_record.www', { alias: [{ name: 'web-1.elb.amazonaws.com' }] }),
    resource('aws_lb.web', { id: 'arn:lb', arn: 'arn:lb', dns_name: 'web-1.elb.amazonaws.com' }),
    resource('aws_lb_listener.https', { arn: 'arn:listener', load_balancer_arn: 'arn:lb' }),
    resource('aws_lb_listener_rule.api', { listener_arn: 'arn:listener', action: [{ target_group_arn: 'arn:tg' }] }),
    resource('aws_lb_target_group.api', { arn: 'arn:tg' }),
    resource('aws_ecs_service.api', {
      id: 'arn:service',
      load_balancer: [{ target_group_arn: 'arn:tg' }],
      task_definition: 'arn:task:1',
      network_configuration: [{ security_groups: ['sg-app'] }],
    }),
    resource('aws_ecs_task_definition.api', {
      arn: 'arn:task:1',
      container_definitions: '[{"environment":[{"name":"DB","value":"postgres://app:x@db.internal.example:5432/app"}]}]',
    }),
    resource('aws_rds_cluster.db', { id: 'db-cluster', endpoint: 'db.internal.example', vpc_security_group_ids: ['sg-db'] }),
    resource('aws_vpc_security_group_ingress_rule.db', { security_group_id: 'sg-db', referenced_security_group_id: 'sg-app' }),
    resource('aws_iam_role_policy.app', { policy: '{"Statement":[{"Resource":"arn:tg"}]}' }),
    resource('aws_cloudwatch_metric_alarm.db', { dimensions: { DBClusterIdentifier: 'db-cluster' } }),
  ],
};
const waysTo = (address: string): readonly string[] =>
  trafficOf(shape)(unit, address).map(({ from, to, by }) => `${from.address} → ${to.address} (${by})`);

test('the ways to a target group lead back over rules, listener and load balancer to the name that resolves to it', () => {
  expect(waysTo('aws_lb_target_group.api')).toEqual([
    'aws_lb_listener_rule.api → aws_lb_target_group.api (action.target_group_arn)',
    'aws_lb_listener.https → aws_lb_listener_rule.api (listener_arn)',
    'aws_lb.web → aws_lb_listener.https (load_balancer_arn)',
    'aws_route53_record.www → aws_lb.web (alias.name)',
  ]);
});

test('a database is called by what its security group lets in and by what is told its address; what only speaks of it is none', () => {
  expect(waysTo('aws_rds_cluster.db').slice(0, 2)).toEqual([
    'aws_ecs_service.api → aws_rds_cluster.db (aws_vpc_security_group_ingress_rule.db)',
    'aws_ecs_task_definition.api → aws_rds_cluster.db (container_definitions.environment.value)',
  ]);
  expect(waysTo('aws_rds_cluster.db').join('\n')).not.toMatch(/iam|alarm/);
});

test('what nobody sends to has no ways', () => {
  expect(waysTo('aws_cloudwatch_metric_alarm.db')).toEqual([]);
  expect(waysTo('aws_route53_record.www')).toEqual([]);
});
