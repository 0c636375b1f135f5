terraform {
  required_providers {
    aws    = { source = "hashicorp/aws" }
    hcloud = { source = "hetznercloud/hcloud" }
  }
}
provider "aws" {
  region = "eu-west-3"
}
provider "hcloud" {
  token = "0000000000000000000000000000000000000000000000000000000000000000"
}
resource "aws_vpc" "one" {
  cidr_block = "10.9.0.0/16"
}
resource "aws_vpc" "other" {
  cidr_block = "10.8.0.0/16"
}
resource "aws_subnet" "two" {
  count      = 2
  vpc_id     = aws_vpc.one.id
  cidr_block = "10.9.${count.index}.0/24"
}
data "aws_subnets" "two" {
  filter {
    name   = "vpc-id"
    values = [aws_vpc.one.id]
  }
  depends_on = [aws_subnet.two]
}
data "aws_subnets" "none" {
  filter {
    name   = "vpc-id"
    values = [aws_vpc.other.id]
  }
  depends_on = [aws_subnet.two]
}
data "aws_vpc" "default" {
  default    = true
  depends_on = [aws_vpc.one, aws_vpc.other]
}
data "aws_vpcs" "all" {
  depends_on = [aws_vpc.one, aws_vpc.other]
}
data "aws_security_groups" "none" {
  tags = { nobody = "has" }
}
data "aws_instances" "none" {
  instance_tags = { nobody = "has" }
}
data "aws_route_tables" "none" {
  vpc_id = aws_vpc.other.id
}
data "aws_route_tables" "main" {
  vpc_id = aws_vpc.other.id
  filter {
    name   = "association.main"
    values = ["true"]
  }
}
data "aws_iam_roles" "none" {
  name_regex = "^nobody$"
}
data "aws_ebs_volumes" "none" {}
data "aws_eips" "none" {}
data "aws_lambda_functions" "none" {}
data "aws_db_instances" "none" {}
data "aws_lbs" "none" {}
data "aws_autoscaling_groups" "none" {}
data "hcloud_servers" "none" {}
data "hcloud_firewalls" "none" {}
output "found" {
  value = {
    two     = toset(data.aws_subnets.two.ids) == toset(aws_subnet.two[*].id)
    none    = data.aws_subnets.none.ids
    vpcs    = toset(data.aws_vpcs.all.ids) == toset([aws_vpc.one.id, aws_vpc.other.id])
    groups  = data.aws_security_groups.none.ids
    servers = data.aws_instances.none.ids
    routes  = data.aws_route_tables.none.ids
    tables  = data.aws_route_tables.main.ids == tolist([aws_vpc.other.main_route_table_id])
    roles   = data.aws_iam_roles.none.names
    volumes = data.aws_ebs_volumes.none.ids
    eips    = data.aws_eips.none.allocation_ids
    lambdas = data.aws_lambda_functions.none.function_names
    dbs     = data.aws_db_instances.none.instance_identifiers
    lbs     = data.aws_lbs.none.arns
    scaling = data.aws_autoscaling_groups.none.names
    hcloud  = [data.hcloud_servers.none.servers, data.hcloud_firewalls.none.firewalls]
  }
}
output "same" {
  value = contains([aws_vpc.one.id, aws_vpc.other.id], data.aws_vpc.default.id)
}
