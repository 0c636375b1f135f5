import { expect, test } from '@jest/globals';

import { Bucket } from '../../../modules/aws/bucket';
import { LoadBalancer } from '../../../modules/aws/load-balancer';
import { synthesized } from './synthesized';

const healthCheck = { path: '/health', intervalSeconds: 30, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 3, matcher: '200' };

const balancer = (withLogs = false) =>
  synthesized((stack) => {
    const logs = withLogs ? new Bucket(stack, 'logs', { name: 'logs', ages: { noncurrentDays: 1 } }) : undefined;
    const made = new LoadBalancer(stack, 'lb', {
      name: 'x-alb',
      vpcId: 'vpc-1',
      subnetIds: ['subnet-1', 'subnet-2'],
      securityGroupId: 'sg-1',
      certificateArn: 'arn:cert',
      targetPrefix: 'x',
      targets: [
        { name: 'api', port: 8080, match: { paths: ['/api/*'] }, priority: 100, healthCheck },
        { name: 'worker', port: 8081, match: { paths: ['/jobs/*'] }, priority: 200, healthCheck },
      ],
      fallback: { status: '200', body: 'hello' },
      deletionProtection: true,
      deregistrationDelaySeconds: 300,
      ...(logs === undefined ? {} : { accessLogs: { bucket: logs.name, prefix: 'alb', after: logs.policy } }),
    });
    expect(() => made.targetGroup('other' as 'api')).toThrow('no target group other');
  });

const listener = (port: number) => Object.entries(balancer().all('aws_lb_listener')).find(([, one]) => one['port'] === port) ?? ['', {}];

test('port 80 answers 301 to 443', () => {
  expect(listener(80)[1]).toMatchObject({
    protocol: 'HTTP',
    default_action: [{ type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', status_code: 'HTTP_301' } }],
  });
});

test('port 443 ends TLS 1.2 or later with the certificate and answers unknown paths itself', () => {
  expect(listener(443)[1]).toMatchObject({
    protocol: 'HTTPS',
    certificate_arn: 'arn:cert',
    ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    default_action: [{ type: 'fixed-response', fixed_response: { message_body: 'hello', status_code: '200' } }],
  });
});

test('each path leads to the target group of its service', () => {
  const { all } = balancer();
  const groupOf = (name: string) => Object.entries(all('aws_lb_target_group')).find(([, group]) => group['name'] === `x-${name}`);
  const rules = Object.values(all('aws_lb_listener_rule'));
  for (const [name, port, path, priority] of [
    ['api', 8080, '/api/*', 100],
    ['worker', 8081, '/jobs/*', 200],
  ] as const) {
    const [id, group] = groupOf(name) ?? [];
    expect(group).toMatchObject({
      port,
      protocol: 'HTTP',
      target_type: 'ip',
      vpc_id: 'vpc-1',
      deregistration_delay: '300',
      health_check: { path: '/health', interval: 30, timeout: 5, healthy_threshold: 2, unhealthy_threshold: 3, matcher: '200' },
    });
    expect(rules.find((rule) => rule['priority'] === priority)).toMatchObject({
      listener_arn: `\${aws_lb_listener.${listener(443)[0]}.arn}`,
      action: [{ type: 'forward', target_group_arn: `\${aws_lb_target_group.${id}.arn}` }],
      condition: [{ path_pattern: { values: [path] } }],
    });
  }
});

test('the load balancer drops malformed headers, is protected as asked, and logs only where there is a bucket', () => {
  expect(balancer().one('aws_lb')).toMatchObject({
    internal: false,
    load_balancer_type: 'application',
    drop_invalid_header_fields: true,
    enable_deletion_protection: true,
    security_groups: ['sg-1'],
  });
  expect(balancer().one('aws_lb')).not.toHaveProperty('access_logs');
  const logging = balancer(true);
  expect(logging.one('aws_lb')).toMatchObject({
    access_logs: { bucket: logging.ref('aws_s3_bucket', 'bucket'), enabled: true, prefix: 'alb' },
    depends_on: [logging.ref('aws_s3_bucket_policy', 'x').slice(2, -3)],
  });
});
