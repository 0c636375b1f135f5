import { changed, made, type RuleCase } from './rule-case';

const ingress = (cidr: string, port: number) => ({
  description: 'x',
  from_port: port,
  to_port: port,
  protocol: 'tcp',
  cidr_blocks: [cidr],
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  security_groups: [],
  self: false,
});
const forward = [{ type: 'forward', target_group_arn: '${aws_lb_target_group.support.arn}' }];
const redirect = [{ type: 'redirect', redirect: [{ port: '443', protocol: 'HTTPS', status_code: 'HTTP_301' }] }];
const loadBalancer = '${aws_lb.support.arn}';

export const awsExposureCases: readonly RuleCase[] = [
  {
    rule: 'aws-ingress-open',
    ...changed(
      'aws_vpc_security_group_ingress_rule',
      { security_group_id: '${aws_security_group.support.id}', ip_protocol: 'tcp', from_port: 5432, to_port: 5432 },
      [{ cidr_ipv4: '10.0.0.0/16' }, { cidr_ipv4: '0.0.0.0/0' }],
      [{ cidr_ipv4: '10.0.0.0/16' }, { cidr_ipv4: '10.0.0.0/8' }],
    ),
  },
  {
    rule: 'aws-ingress-open',
    ...changed(
      'aws_security_group',
      { name: 'web-@@', vpc_id: '${aws_vpc.support.id}' },
      [{ ingress: [ingress('10.0.0.0/16', 22)] }, { ingress: [ingress('10.0.0.0/16', 22), ingress('128.0.0.0/1', 22)] }],
      [{ ingress: [ingress('0.0.0.0/0', 443)] }, { ingress: [ingress('0.0.0.0/0', 443), ingress('10.0.0.0/16', 22)] }],
    ),
  },
  {
    rule: 'egress-open',
    ...made(
      'aws_vpc_security_group_egress_rule',
      { security_group_id: '${aws_security_group.support.id}', ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' },
      { security_group_id: '${aws_security_group.support.id}', ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv4: '10.0.0.0/16' },
    ),
  },
  {
    rule: 'internet-route-added',
    ...made(
      'aws_route',
      {
        route_table_id: '${aws_route_table.support.id}',
        destination_cidr_block: '0.0.0.0/0',
        gateway_id: '${aws_internet_gateway.support.id}',
      },
      {
        route_table_id: '${aws_route_table.other.id}',
        destination_cidr_block: '0.0.0.0/0',
        nat_gateway_id: '${aws_nat_gateway.support.id}',
      },
    ),
  },
  {
    rule: 'bucket-public',
    ...changed(
      'aws_s3_bucket_acl',
      { bucket: '${aws_s3_bucket.support.bucket}' },
      [{ acl: 'private' }, { acl: 'public-read' }],
      [{ acl: 'private' }, { acl: 'log-delivery-write' }],
    ),
  },
  {
    rule: 'public-access-block-removed',
    ...changed(
      'aws_s3_bucket_public_access_block',
      { bucket: '${aws_s3_bucket.support.bucket}', block_public_acls: true, ignore_public_acls: true, restrict_public_buckets: true },
      [{ block_public_policy: true }, { block_public_policy: false }],
      [{ block_public_policy: false }, { block_public_policy: true }],
    ),
  },
  {
    rule: 'public-address',
    ...changed(
      'aws_subnet',
      { vpc_id: '${aws_vpc.support.id}', cidr_block: '10.0.@#.0/24' },
      [{ map_public_ip_on_launch: false }, { map_public_ip_on_launch: true }],
      [{ map_public_ip_on_launch: true }, { map_public_ip_on_launch: false }],
    ),
  },
  {
    rule: 'database-public',
    ...changed(
      'aws_db_instance',
      {
        identifier: 'app-@@',
        engine: 'postgres',
        username: 'app',
        password: '${var.first}',
        allocated_storage: 20,
        instance_class: 'db.t3.micro',
        storage_encrypted: true,
        skip_final_snapshot: false,
        final_snapshot_identifier: 'last',
      },
      [{ publicly_accessible: false }, { publicly_accessible: true }],
      [{ publicly_accessible: true }, { publicly_accessible: false }],
    ),
  },
  {
    rule: 'load-balancer-public',
    ...made(
      'aws_lb',
      {
        name: 'public-@@',
        load_balancer_type: 'application',
        internal: false,
        subnets: ['${aws_subnet.support.id}', '${aws_subnet.other.id}'],
        enable_deletion_protection: true,
      },
      {
        name: 'private-@@',
        load_balancer_type: 'application',
        internal: true,
        subnets: ['${aws_subnet.support.id}', '${aws_subnet.other.id}'],
        enable_deletion_protection: true,
      },
    ),
  },
  {
    rule: 'http-listener',
    ...made(
      'aws_lb_listener',
      { load_balancer_arn: loadBalancer, port: '80@#', protocol: 'HTTP', default_action: forward },
      { load_balancer_arn: loadBalancer, port: '80@#', protocol: 'HTTP', default_action: redirect },
    ),
  },
  {
    rule: 'tls-weakened',
    ...changed(
      'aws_lb_listener',
      {
        load_balancer_arn: loadBalancer,
        port: '44@#',
        protocol: 'HTTPS',
        certificate_arn: '${aws_acm_certificate.support.arn}',
        default_action: forward,
      },
      [{ ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }, { ssl_policy: 'ELBSecurityPolicy-2016-08' }],
      [{ ssl_policy: 'ELBSecurityPolicy-2016-08' }, { ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }],
    ),
  },
  {
    rule: 'waf-removed',
    fires: {
      type: 'aws_wafv2_web_acl_association',
      before: { resource_arn: loadBalancer, web_acl_arn: '${aws_wafv2_web_acl.support.arn}' },
    },
    silent: {
      type: 'aws_wafv2_web_acl_association',
      after: { resource_arn: loadBalancer, web_acl_arn: '${aws_wafv2_web_acl.support.arn}' },
    },
  },
];
