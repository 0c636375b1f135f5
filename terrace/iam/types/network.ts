import { anything, inAccount, passRole, read, serviceLinkedRole, write, type AccessTable } from '../access';

// ec2:Describe* has no resource-level permissions.
const ec2 = inAccount('ec2', '*');
const tags = 'ec2:CreateTags ec2:DeleteTags';
const loadBalancers = inAccount('elasticloadbalancing', 'loadbalancer/app/{name}/*');
const listeners = inAccount('elasticloadbalancing', 'listener/app/{name}/*');
const rules = inAccount('elasticloadbalancing', 'listener/app/{name}/*', 'listener-rule/app/{name}/*');
const targetGroups = inAccount('elasticloadbalancing', 'targetgroup/{name}/*');
const balancerTags = 'elasticloadbalancing:AddTags elasticloadbalancing:RemoveTags';
const groupRules = 'ec2:DescribeSecurityGroups ec2:DescribeSecurityGroupRules';

/** EC2 networking and load balancing. */
export const network: AccessTable = {
  aws_vpc: [
    read(anything, 'ec2:DescribeVpcs ec2:DescribeVpcAttribute ec2:DescribeNetworkAcls ec2:DescribeRouteTables ec2:DescribeSecurityGroups'),
    write(ec2, `ec2:CreateVpc ec2:DeleteVpc ec2:ModifyVpcAttribute ${tags}`),
  ],
  aws_default_security_group: [
    read(anything, groupRules),
    write(
      ec2,
      `ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupIngress ec2:RevokeSecurityGroupEgress ec2:RevokeSecurityGroupIngress ${tags}`,
    ),
  ],
  aws_subnet: [
    read(anything, 'ec2:DescribeSubnets ec2:DescribeNetworkInterfaces'),
    write(ec2, `ec2:CreateSubnet ec2:DeleteSubnet ec2:ModifySubnetAttribute ${tags}`),
  ],
  aws_internet_gateway: [
    read(anything, 'ec2:DescribeInternetGateways'),
    write(ec2, `ec2:AttachInternetGateway ec2:CreateInternetGateway ec2:DeleteInternetGateway ec2:DetachInternetGateway ${tags}`),
  ],
  aws_eip: [
    read(anything, 'ec2:DescribeAddresses ec2:DescribeAddressesAttribute'),
    write(ec2, `ec2:AllocateAddress ec2:DisassociateAddress ec2:ReleaseAddress ${tags}`),
  ],
  aws_nat_gateway: [read(anything, 'ec2:DescribeNatGateways'), write(ec2, `ec2:CreateNatGateway ec2:DeleteNatGateway ${tags}`)],
  aws_route_table: [read(anything, 'ec2:DescribeRouteTables'), write(ec2, `ec2:CreateRouteTable ec2:DeleteRouteTable ${tags}`)],
  aws_route: [read(anything, 'ec2:DescribeRouteTables'), write(ec2, 'ec2:CreateRoute ec2:DeleteRoute ec2:ReplaceRoute')],
  aws_route_table_association: [
    read(anything, 'ec2:DescribeRouteTables'),
    write(ec2, 'ec2:AssociateRouteTable ec2:DisassociateRouteTable ec2:ReplaceRouteTableAssociation'),
  ],
  aws_security_group: [
    read(anything, `${groupRules} ec2:DescribeNetworkInterfaces`),
    write(ec2, `ec2:CreateSecurityGroup ec2:DeleteSecurityGroup ec2:RevokeSecurityGroupEgress ${tags}`),
  ],
  aws_vpc_security_group_ingress_rule: [
    read(anything, groupRules),
    write(ec2, `ec2:AuthorizeSecurityGroupIngress ec2:ModifySecurityGroupRules ec2:RevokeSecurityGroupIngress ${tags}`),
  ],
  aws_vpc_security_group_egress_rule: [
    read(anything, groupRules),
    write(ec2, `ec2:AuthorizeSecurityGroupEgress ec2:ModifySecurityGroupRules ec2:RevokeSecurityGroupEgress ${tags}`),
  ],
  aws_vpc_endpoint: [
    read(anything, 'ec2:DescribeVpcEndpoints ec2:DescribePrefixLists'),
    write(ec2, `ec2:CreateVpcEndpoint ec2:DeleteVpcEndpoints ec2:ModifyVpcEndpoint ${tags}`),
  ],
  aws_flow_log: [
    read(anything, 'ec2:DescribeFlowLogs'),
    write(ec2, `ec2:CreateFlowLogs ec2:DeleteFlowLogs ${tags}`),
    // The log delivery actions have no resource-level permissions.
    write(anything, 'logs:CreateLogDelivery logs:DeleteLogDelivery'),
    passRole('vpc-flow-logs.amazonaws.com'),
  ],
  'data.aws_prefix_list': [read(anything, 'ec2:DescribePrefixLists')],
  'data.aws_elb_service_account': [],
  aws_lb: [
    // elasticloadbalancing:Describe* and the EC2 look-ups behind it have no resource-level permissions.
    read(
      anything,
      'elasticloadbalancing:DescribeCapacityReservation elasticloadbalancing:DescribeLoadBalancerAttributes elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeTags',
    ),
    write(
      loadBalancers,
      `elasticloadbalancing:CreateLoadBalancer elasticloadbalancing:DeleteLoadBalancer elasticloadbalancing:ModifyLoadBalancerAttributes elasticloadbalancing:SetSecurityGroups elasticloadbalancing:SetSubnets ${balancerTags}`,
    ),
    serviceLinkedRole('elasticloadbalancing.amazonaws.com'),
  ],
  aws_lb_listener: [
    read(
      anything,
      'elasticloadbalancing:DescribeListenerAttributes elasticloadbalancing:DescribeListeners elasticloadbalancing:DescribeTags',
    ),
    write(loadBalancers, 'elasticloadbalancing:CreateListener'),
    write(
      listeners,
      `elasticloadbalancing:DeleteListener elasticloadbalancing:ModifyListener elasticloadbalancing:ModifyListenerAttributes ${balancerTags}`,
    ),
  ],
  aws_lb_listener_rule: [
    read(anything, 'elasticloadbalancing:DescribeRules elasticloadbalancing:DescribeTags'),
    write(
      rules,
      `elasticloadbalancing:CreateRule elasticloadbalancing:DeleteRule elasticloadbalancing:ModifyRule elasticloadbalancing:SetRulePriorities ${balancerTags}`,
    ),
  ],
  aws_lb_target_group: [
    read(
      anything,
      'elasticloadbalancing:DescribeTags elasticloadbalancing:DescribeTargetGroupAttributes elasticloadbalancing:DescribeTargetGroups',
    ),
    write(
      targetGroups,
      `elasticloadbalancing:CreateTargetGroup elasticloadbalancing:DeleteTargetGroup elasticloadbalancing:ModifyTargetGroup elasticloadbalancing:ModifyTargetGroupAttributes ${balancerTags}`,
    ),
  ],
};
