import { expect, test } from '@jest/globals';

import { SecurityGroup } from '../../../modules/aws/security-group';
import { synthesized } from './synthesized';

const groups = () =>
  synthesized((stack) => {
    const client = new SecurityGroup(stack, 'client', { name: 'client', description: 'client', vpcId: 'vpc-1' });
    const server = new SecurityGroup(stack, 'server', { name: 'server', description: 'server', vpcId: 'vpc-1' });
    client.connectTo(server, 5432);
    client.reachInternet(443);
    client.reachPrefixList('s3', 'pl-1', 443);
    server.openToInternet(80);
  });

test('a group starts without rules of its own and is replaced by making the new one first', () => {
  const group = groups().list('aws_security_group')[0];
  expect(group).toMatchObject({ vpc_id: 'vpc-1', lifecycle: { create_before_destroy: true } });
  expect(group).not.toHaveProperty('egress');
  expect(group).not.toHaveProperty('ingress');
});

test('an edge is an egress rule here and an ingress rule there, each naming the other group', () => {
  const { all } = groups();
  const id = (name: string) => `\${aws_security_group.${Object.keys(all('aws_security_group')).find((one) => one.startsWith(name))}.id}`;
  const rule = (type: string, name: string) => Object.entries(all(type)).find(([one]) => one.includes(name))?.[1];
  expect(rule('aws_vpc_security_group_egress_rule', 'to-server-5432')).toMatchObject({
    security_group_id: id('client'),
    referenced_security_group_id: id('server'),
    ip_protocol: 'tcp',
    from_port: 5432,
    to_port: 5432,
  });
  expect(rule('aws_vpc_security_group_ingress_rule', 'from-client-5432')).toMatchObject({
    security_group_id: id('server'),
    referenced_security_group_id: id('client'),
    ip_protocol: 'tcp',
    from_port: 5432,
    to_port: 5432,
  });
});

test('only opening to the internet names the whole internet as a source', () => {
  const { list } = groups();
  expect(
    list('aws_vpc_security_group_ingress_rule')
      .filter((rule) => rule['cidr_ipv4'] === '0.0.0.0/0')
      .map((rule) => rule['from_port']),
  ).toEqual([80]);
  expect(
    list('aws_vpc_security_group_egress_rule')
      .map((rule): string => rule['cidr_ipv4'] ?? rule['prefix_list_id'] ?? 'group')
      .sort(),
  ).toEqual(['0.0.0.0/0', 'group', 'pl-1']);
});
