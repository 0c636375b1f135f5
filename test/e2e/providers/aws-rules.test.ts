import { expect } from '@jest/globals';

import { aws, behaviours, requires } from './_suite';
import { unwrapped } from './_unit';

const distribution = `resource "aws_cloudfront_distribution" "site" {
  enabled = true
  origin {
    domain_name = "origin.example"
    origin_id   = "one"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "one"
    viewer_protocol_policy = "https-only"
    lambda_function_association {
      event_type = "viewer-request"
      lambda_arn = "arn:aws:lambda:us-east-1:111122223333:function:edge:1"
    }
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
`;
const task = `resource "aws_ecs_task_definition" "api" {
  family                = "api"
  container_definitions = "[]"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id = "fs-1"
    }
  }
}
`;
const rule = `resource "aws_cloudwatch_event_rule" "night" {
  name                = "night"
  schedule_expression = "rate(1 day)"
}
resource "aws_cloudwatch_event_target" "task" {
  rule = aws_cloudwatch_event_rule.night.name
  arn  = "arn:aws:ecs:eu-central-1:111122223333:cluster/main"
  ecs_target {
    task_definition_arn = "arn:aws:ecs:eu-central-1:111122223333:task-definition/api:1"
  }
}
`;
const channel = (name: string): string => `resource "aws_chatbot_slack_channel_configuration" "alerts" {
  configuration_name = "${name}"
  iam_role_arn       = "arn:aws:iam::111122223333:role/chat"
  slack_channel_id   = "C1"
  slack_team_id      = "T1"
}
`;
const lifecycle = (count: number): string => `resource "aws_ecr_repository" "app" {
  name = "app"
}
resource "aws_ecr_lifecycle_policy" "app" {
  repository = aws_ecr_repository.app.name
  policy     = jsonencode({ rules = [{ rulePriority = 1, selection = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = ${count} }, action = { type = "expire" } }] })
}
`;

behaviours([
  {
    name: 'defaults inside blocks and sets are planned, and a second plan is empty',
    run: async (unit) => {
      await unit.applied(`${aws}${distribution}${task}${rule}`);
      const resources = await unit.resources();
      expect(resources['aws_cloudfront_distribution.site']).toMatchObject({
        origin: [
          {
            connection_attempts: 3,
            connection_timeout: 10,
            origin_path: '',
            custom_origin_config: [{ origin_keepalive_timeout: 5, origin_read_timeout: 30 }],
          },
        ],
        default_cache_behavior: [{ compress: false, min_ttl: 0, lambda_function_association: [{ include_body: false }] }],
        viewer_certificate: [{ minimum_protocol_version: 'TLSv1' }],
      });
      expect(resources['aws_ecs_task_definition.api']).toMatchObject({
        volume: [{ efs_volume_configuration: [{ root_directory: '/', transit_encryption_port: 0 }] }],
      });
      expect(resources['aws_cloudwatch_event_rule.night']).toMatchObject({ id: 'night', event_bus_name: 'default' });
      expect(resources['aws_cloudwatch_event_target.task']).toMatchObject({
        ecs_target: [{ task_count: 1, enable_execute_command: false }],
      });
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'what the provider replaces is replaced, and what it changes in place is not',
    run: async (unit) => {
      await unit.applied(`${aws}${channel('one')}${lifecycle(10)}`);
      unit.write(`${aws}${channel('two')}${lifecycle(20)}`);
      const plan = await unit.plan();
      expect(plan.output).toContain('aws_chatbot_slack_channel_configuration.alerts will be updated in-place');
      expect(plan.output).toContain('aws_ecr_lifecycle_policy.app must be replaced');
    },
  },
  {
    name: 'of several targets one must be given, and no more than one',
    run: async (unit) => {
      const log = (targets: string): string =>
        `${aws}resource "aws_flow_log" "one" {\n  traffic_type    = "ALL"\n  log_destination = "arn:aws:s3:::logs"\n${targets}}\n`;
      unit.write(log(''));
      expect(unwrapped((await unit.plan()).output)).toContain('one of `eni_id,');
      unit.write(log('  eni_id = "eni-1"\n  subnet_id = "subnet-1"\n'));
      expect(unwrapped((await unit.plan()).output)).toContain('"eni_id": conflicts with subnet_id');
      unit.write(log('  eni_id = "eni-1"\n'));
      expect((await unit.plan()).exitCode).toBe(2);
    },
  },
  {
    name: 'a certificate is requested or imported, not both',
    run: async (unit) => {
      const certificate = (lines: string): string => `${aws}resource "aws_acm_certificate" "one" {\n${lines}}\n`;
      unit.write(certificate('  validation_method = "DNS"\n'));
      expect(unwrapped((await unit.plan()).output)).toContain('one of `domain_name,private_key` must be specified');
      unit.write(certificate('  domain_name = "shop.example"\n  private_key = "key"\n'));
      expect(unwrapped((await unit.plan()).output)).toContain('"domain_name": conflicts with private_key');
      await unit.applied(certificate('  domain_name       = "shop.example"\n  validation_method = "DNS"\n'));
      unit.write(
        certificate(
          '  domain_name               = "shop.example"\n  validation_method = "DNS"\n  subject_alternative_names = ["www.shop.example"]\n',
        ),
      );
      expect((await unit.plan()).output).toContain('aws_acm_certificate.one must be replaced');
    },
  },
  {
    name: 'a policy is found by name with its own ARN, one that nobody made is taken for AWS’s',
    run: async (unit) => {
      await unit.applied(`${aws}resource "aws_iam_policy" "own" {
  name   = "deploy"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
data "aws_iam_policy" "own" {
  name       = "deploy"
  depends_on = [aws_iam_policy.own]
}
data "aws_iam_policy" "managed" {
  name = "ReadOnlyAccess"
}
output "arns" {
  value = [data.aws_iam_policy.own.arn, data.aws_iam_policy.managed.arn, aws_iam_policy.own.arn]
}
`);
      const { arns } = await unit.outputs();
      const [own, managed, made] = arns as readonly string[];
      expect(own).toBe(made);
      expect(own).toMatch(/^arn:aws:iam::\d{12}:policy\/deploy$/);
      expect(managed).toBe('arn:aws:iam::aws:policy/ReadOnlyAccess');
    },
  },
  {
    name: 'a default tag that is added to the provider reaches what has no tags of its own, and changes nothing else',
    run: async (unit) => {
      const tagged = (tags: string): string => `${requires('hashicorp/aws')}provider "aws" {
  region = "eu-central-1"
  default_tags {
    tags = ${tags}
  }
}
resource "aws_ecr_repository" "app" {
  name = "app"
}
resource "aws_sns_topic" "alarms" {
  name = "alarms"
  tags = { team = "one" }
}
`;
      await unit.applied(tagged('{ system = "shop" }'));
      unit.write(tagged('{ system = "shop", owner = "ana" }'));
      const { output } = await unit.plan();
      expect(output).toContain('0 to add, 2 to change, 0 to destroy');
      await unit.applied(tagged('{ system = "shop", owner = "ana" }'));
      const resources = await unit.resources();
      expect(resources['aws_ecr_repository.app']?.['tags_all']).toEqual({ system: 'shop', owner: 'ana' });
      expect(resources['aws_sns_topic.alarms']?.['tags_all']).toEqual({ system: 'shop', owner: 'ana', team: 'one' });
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'secrets that a data source reads are hidden as the provider hides them',
    run: async (unit) => {
      unit.write(`${aws}resource "aws_ssm_parameter" "token" {
  name  = "/shop/token"
  type  = "SecureString"
  value = "CANARY-token"
}
data "aws_ssm_parameter" "token" {
  name       = "/shop/token"
  depends_on = [aws_ssm_parameter.token]
}
output "token" {
  value = data.aws_ssm_parameter.token.value
}
`);
      expect(unwrapped((await unit.plan()).output)).toContain('Output refers to sensitive values');
    },
  },
  {
    name: 'load balancers of each region write their logs from that region’s account',
    run: async (unit) => {
      await unit.applied(`${aws}provider "aws" {
  alias  = "asia"
  region = "ap-southeast-1"
}
data "aws_elb_service_account" "here" {}
data "aws_elb_service_account" "asia" {
  provider = aws.asia
}
output "arns" {
  value = [data.aws_elb_service_account.here.arn, data.aws_elb_service_account.asia.arn]
}
`);
      expect(await unit.outputs()).toMatchObject({ arns: ['arn:aws:iam::054676820928:root', 'arn:aws:iam::114774131450:root'] });
    },
  },
  {
    name: 'the records that validate a certificate are known by name before it exists, once for a domain and its wildcard',
    run: async (unit) => {
      const module = `${aws}resource "aws_route53_zone" "main" {
  name = "shop.example"
}
resource "aws_acm_certificate" "main" {
  domain_name               = "shop.example"
  subject_alternative_names = ["*.shop.example", "api.shop.example"]
  validation_method         = "DNS"
}
resource "aws_route53_record" "validation" {
  for_each = { for option in aws_acm_certificate.main.domain_validation_options : option.domain_name => option }

  zone_id         = aws_route53_zone.main.zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 60
  allow_overwrite = true
}
resource "aws_acm_certificate_validation" "main" {
  certificate_arn         = aws_acm_certificate.main.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}
`;
      unit.write(module);
      const { output } = await unit.plan();
      for (const name of ['shop.example', '*.shop.example', 'api.shop.example'])
        expect(output).toContain(`aws_route53_record.validation["${name}"] will be created`);
      await unit.applied(module);
      const resources = await unit.resources();
      const record = (name: string) => resources[`aws_route53_record.validation["${name}"]`]?.['name'];
      expect(record('shop.example')).toMatch(/^_[\da-f]{32}\.shop\.example/);
      expect(record('*.shop.example')).toBe(record('shop.example'));
      expect(record('api.shop.example')).toMatch(/^_[\da-f]{32}\.api\.shop\.example/);
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
]);
