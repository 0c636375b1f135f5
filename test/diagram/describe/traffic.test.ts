import { expect, test } from '@jest/globals';

import { draw } from '../../../terrace/diagram/describe/draw';
import { trafficOf } from '../../../terrace/diagram/describe/traffic';
import { checkDiagram, type Diagram } from '../../../terrace/diagram/describe/diagram';
import { guardedShop } from '../explore/_page';
import { everyUnit, graphOf, type FixtureUnit } from '../_fixtures';

const region = 'shop/dev/eu-central-1';
const units = guardedShop();
const short = (id: string): string => id.replace(`${region}/`, '').replace(`internet ${region}`, 'internet');
const arrows = (diagram: Diagram): readonly string[] =>
  diagram.edges.map(({ from, to, label }) => `${short(from)} ${label ?? ''} ${short(to)}`);
const one = (resource: FixtureUnit['json']): readonly FixtureUnit[] => [{ path: `${region}/l/u`, json: { resource } }];
const calls = (resource: FixtureUnit['json']): readonly string[] =>
  trafficOf(graphOf(one(resource))).map(({ from, to, ports, grounds }) =>
    [from.split('#')[1] ?? from.split(' ')[0], ports.join(','), grounds.join(','), to.split('#')[1]].join(' '),
  );

test('traffic runs from the internet over balancer and service to the database, with ports, at every level', () => {
  const graph = graphOf(units);
  const selected = everyUnit(units);
  const resources = draw(graph, 'resource', { selected, edges: 'traffic' });
  expect(arrows(checkDiagram(resources)).toSorted()).toEqual([
    'compute/api#aws_ecs_service.api 5432 storage/aurora#aws_rds_cluster.main',
    'internet 443 network/alb#aws_lb.web',
    'network/alb#aws_lb.web 8080 compute/api#aws_ecs_service.api',
  ]);
  expect(arrows(checkDiagram(draw(graph, 'unit', { selected, edges: 'traffic' })))).toContain('compute/api 5432 storage/aurora');
  expect(arrows(checkDiagram(draw(graph, 'system', { selected, edges: 'traffic' })))).toContain('compute 5432 storage');
  expect(
    draw(graph, 'unit', { selected, edges: 'traffic' })
      .nodes.map(({ title }) => title)
      .sort(),
  ).toEqual(['Internet', 'alb', 'api', 'aurora']);
});

test('without the rule between two groups there is no arrow', () => {
  const without = guardedShop('dev', (text) =>
    text.replace('"referenced_security_group_id":"${aws_security_group.api.id}"', '"cidr_ipv4":"10.0.0.0/8"'),
  );
  const found = trafficOf(graphOf(without)).find(
    ({ to, grounds }) => to.endsWith('aws_rds_cluster.main') && grounds.includes('security group'),
  );
  expect(found).toBeUndefined();
});

test('a listener leads to what serves its target group, a policy to what it names, a record to the balancer', () => {
  expect(
    calls({
      aws_lb: { web: {} },
      aws_lb_listener: {
        http: { load_balancer_arn: '${aws_lb.web.arn}', default_action: [{ target_group_arn: '${aws_lb_target_group.api.arn}' }] },
      },
      aws_lb_target_group: { api: { port: 8080 } },
      aws_ecs_service: {
        api: {
          load_balancer: [{ target_group_arn: '${aws_lb_target_group.api.arn}' }],
          task_definition: '${aws_ecs_task_definition.api.arn}',
        },
      },
      aws_ecs_task_definition: { api: { task_role_arn: '${aws_iam_role.api.arn}' } },
      aws_iam_role: { api: {} },
      aws_iam_role_policy: { api: { role: '${aws_iam_role.api.id}', policy: '${jsonencode({"Resource": aws_s3_bucket.files.arn})}' } },
      aws_s3_bucket: { files: {} },
      aws_route53_record: { www: { alias: [{ name: '${aws_lb.web.dns_name}' }] } },
    }),
  ).toEqual([
    'aws_ecs_service.api  IAM aws_s3_bucket.files',
    'aws_lb.web 8080 target group aws_ecs_service.api',
    'aws_route53_record.www  DNS aws_lb.web',
  ]);
});

test('targets of a Hetzner load balancer get its port', () => {
  expect(
    calls({
      hcloud_load_balancer: { web: {} },
      hcloud_server: { one: {} },
      hcloud_load_balancer_target: { one: { load_balancer_id: '${hcloud_load_balancer.web.id}', server_id: '${hcloud_server.one.id}' } },
      hcloud_load_balancer_service: { http: { load_balancer_id: '${hcloud_load_balancer.web.id}', destination_port: 8080 } },
    }),
  ).toEqual(['hcloud_load_balancer.web 8080 target hcloud_server.one']);
});

test('a service that many call keeps its arrow to the database', () => {
  const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, { name }]));
  const unit: FixtureUnit = {
    path: `${region}/l/u`,
    json: {
      resource: {
        aws_ecs_service: { api: { task_definition: '${aws_ecs_task_definition.api.arn}' } },
        aws_ecs_task_definition: {
          api: {
            container_definitions: `\${jsonencode([aws_rds_cluster.main.arn, ${Object.keys(many)
              .map((name) => `aws_sqs_queue.${name}.arn`)
              .join(', ')}])}`,
          },
        },
        aws_rds_cluster: { main: {} },
        aws_sqs_queue: many,
        aws_s3_bucket: { one: {} },
      },
    },
  };
  const diagram = draw(graphOf([unit]), 'resource', { selected: everyUnit([unit]), edges: 'traffic' });
  expect(diagram.edges.map(({ from, to }) => `${from.split('#')[1] ?? ''} ${to.split('#')[1] ?? ''}`)).toEqual([
    'aws_ecs_service.api aws_rds_cluster.main',
    'aws_ecs_service.api aws_sqs_queue.a',
  ]);
});
