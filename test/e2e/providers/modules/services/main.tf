# A services module in the style of public ones: everything by for_each over maps of objects with optional attributes.

terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

variable "vpc_id" {
  type = string
}

variable "services" {
  type = map(object({
    port        = number
    protocol    = optional(string, "HTTP")
    public      = optional(bool, false)
    retention   = optional(number, 30)
    permissions = optional(map(list(string)), {})
    alarms = optional(map(object({
      metric    = string
      threshold = number
    })), {})
  }))
}

locals {
  public = { for name, service in var.services : name => service if service.public }

  alarms = merge([
    for name, service in var.services : {
      for alarm, settings in service.alarms : "${name}/${alarm}" => merge(settings, { service = name })
    }
  ]...)
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "service" {
  for_each = { for name, service in var.services : name => service if length(service.permissions) > 0 }

  dynamic "statement" {
    for_each = each.value.permissions
    content {
      sid       = statement.key
      actions   = statement.value
      resources = ["*"]
    }
  }
}

resource "aws_iam_role" "service" {
  for_each = var.services

  name               = "${each.key}-task"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "service" {
  for_each = data.aws_iam_policy_document.service

  name   = "permissions"
  role   = aws_iam_role.service[each.key].id
  policy = each.value.json
}

resource "aws_cloudwatch_log_group" "service" {
  for_each = var.services

  name              = "/services/${each.key}"
  retention_in_days = each.value.retention
}

resource "aws_security_group" "service" {
  for_each = var.services

  name_prefix = "${each.key}-"
  description = "Traffic of ${each.key}"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "public" {
  for_each = local.public

  security_group_id = aws_security_group.service[each.key].id
  from_port         = each.value.port
  to_port           = each.value.port
  ip_protocol       = "tcp"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_lb_target_group" "service" {
  for_each = var.services

  name        = each.key
  port        = each.value.port
  protocol    = each.value.protocol
  target_type = "ip"
  vpc_id      = var.vpc_id

  health_check {
    path = "/health"
  }
}

resource "aws_cloudwatch_metric_alarm" "service" {
  for_each = local.alarms

  alarm_name          = each.key
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  metric_name         = each.value.metric
  namespace           = "Services"
  period              = 60
  statistic           = "Average"
  threshold           = each.value.threshold

  dimensions = {
    LogGroup = aws_cloudwatch_log_group.service[each.value.service].name
  }
}

output "target_groups" {
  value = { for name, group in aws_lb_target_group.service : name => group.arn }
}

output "roles" {
  value = { for name, role in aws_iam_role.service : name => role.arn }
}
