import { expect } from '@jest/globals';

import { aws, behaviours } from './_suite';
import { unwrapped } from './_unit';

const balancer = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/main/1';
const listener = (action: string): string => `${aws}resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "one" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_lb" "main" {
  name    = "main"
  subnets = [aws_subnet.one.id]
}
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  default_action {
    ${action}
  }
}
`;
const instance = (root: string): string => `${aws}resource "aws_instance" "one" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  ${root}
}
`;
const record = (rest: string): string => `${aws}resource "aws_route53_zone" "main" {
  name = "app.example"
}
resource "aws_route53_record" "www" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "www"
  ${rest}
}
`;
const refused = `${aws}resource "aws_lambda_function" "one" {
  function_name = "one"
  role          = "arn:aws:iam::111122223333:role/one"
  memory_size   = 64
}
resource "aws_route" "one" {
  route_table_id             = "rtb-1"
  destination_prefix_list_id = "pl-1"
  destination_cidr_block     = "10.0.0.0/8"
  gateway_id                 = "igw-1"
}
resource "aws_route" "two" {
  route_table_id         = "rtb-1"
  destination_cidr_block = "10.0.0.0/8"
}
resource "aws_instance" "one" {
  ami       = "ami-1"
  subnet_id = "subnet-1"
  network_interface {
    device_index         = 0
    network_interface_id = "eni-1"
  }
}
resource "aws_lb_listener" "one" {
  load_balancer_arn = "${balancer}"
  port              = 70000
  default_action {
    type = "reject"
  }
}
`;

behaviours([
  {
    name: "a listener's redirect keeps what it does not name of the request",
    run: async (unit) => {
      const redirect = 'type = "redirect"\n    redirect {\n      port        = "443"\n      status_code = "HTTP_301"\n    }';
      await unit.applied(listener(redirect));
      expect((await unit.resources())['aws_lb_listener.http']).toMatchObject({
        default_action: [{ redirect: [{ host: '#{host}', path: '/#{path}', port: '443', protocol: '#{protocol}', query: '#{query}' }] }],
      });
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a root disk of another size is a change in place, an encrypted one another instance',
    run: async (unit) => {
      await unit.applied(instance('root_block_device {\n    volume_size = 8\n  }'));
      expect((await unit.plan()).exitCode).toBe(0);
      unit.write(instance('root_block_device {\n    volume_size = 9\n  }'));
      expect((await unit.plan()).output).toContain('0 to add, 1 to change, 0 to destroy');
      unit.write(instance('root_block_device {\n    volume_size = 8\n    encrypted   = true\n  }'));
      expect((await unit.plan()).output).toContain('1 to add, 0 to change, 1 to destroy');
    },
  },
  {
    name: 'a record changes its type in place, and has either records or an alias',
    run: async (unit) => {
      await unit.applied(record('type = "A"\n  ttl = 60\n  records = ["10.0.0.1"]'));
      unit.write(record('type = "CNAME"\n  ttl = 60\n  records = ["api.app.example"]'));
      expect((await unit.plan()).output).toContain('0 to add, 1 to change, 0 to destroy');
      unit.write(record('type = "A"'));
      expect(unwrapped((await unit.plan()).output)).toContain('one of `alias,records` must be specified');
    },
  },
  {
    name: 'functions without code, routes without a target or with two destinations, and ports and actions that do not exist are refused',
    run: async (unit) => {
      unit.write(refused);
      const validated = await unit.terraform(['validate']);
      expect(validated.exitCode).toBe(1);
      const output = unwrapped(validated.output);
      for (const part of [
        'one of `filename,image_uri,s3_bucket` must be specified',
        'expected memory_size to be in the range (128 - 10240), got 64',
        '"destination_cidr_block": conflicts with destination_prefix_list_id',
        'one of `carrier_gateway_id,',
        '"network_interface": conflicts with subnet_id',
        'one of `instance_type,launch_template` must be specified',
        'expected port to be in the range (1 - 65535), got 70000',
        'expected default_action.type to be one of',
      ])
        expect(output).toContain(part);
    },
  },
]);
