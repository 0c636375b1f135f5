terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "eu-west-1"
}
resource "aws_kms_key" "main" {
  multi_region = true
}
resource "aws_kms_external_key" "imported" {
  description = "imported"
}
resource "aws_kms_alias" "imported" {
  name          = "alias/imported"
  target_key_id = aws_kms_external_key.imported.id
}
resource "aws_db_instance" "shop" {
  identifier                  = "shop"
  engine                      = "postgres"
  instance_class              = "db.t4g.micro"
  allocated_storage           = 20
  username                    = "shop"
  manage_master_user_password = true
  skip_final_snapshot         = true
}
data "aws_secretsmanager_secret" "shop" {
  arn = aws_db_instance.shop.master_user_secret[0].secret_arn
}
resource "aws_vpc" "main" {
  cidr_block                       = "10.9.0.0/16"
  assign_generated_ipv6_cidr_block = true
}
data "aws_security_group" "default" {
  vpc_id = aws_vpc.main.id
  name   = "default"
}
data "aws_route_table" "main" {
  route_table_id = aws_vpc.main.main_route_table_id
}
data "aws_network_acls" "default" {
  vpc_id = aws_vpc.main.id
}
resource "aws_default_vpc" "default" {}
data "aws_vpc" "default" {
  default    = true
  depends_on = [aws_default_vpc.default]
}
data "aws_kms_key" "secrets" {
  key_id = "alias/aws/secretsmanager"
}
output "found" {
  value = {
    key       = substr(aws_kms_key.main.key_id, 0, 4)
    alias     = aws_kms_alias.imported.target_key_arn == aws_kms_external_key.imported.arn
    status    = aws_db_instance.shop.master_user_secret[0].secret_status
    encrypted = aws_db_instance.shop.master_user_secret[0].kms_key_id == data.aws_kms_key.secrets.arn
    secret    = startswith(data.aws_secretsmanager_secret.shop.name, "rds!db-")
    group     = data.aws_security_group.default.id == aws_vpc.main.default_security_group_id
    table     = data.aws_route_table.main.vpc_id == aws_vpc.main.id
    acls      = data.aws_network_acls.default.ids == tolist([aws_vpc.main.default_network_acl_id])
    adopted   = aws_default_vpc.default.id == data.aws_vpc.default.id
    apart     = aws_vpc.main.id != data.aws_vpc.default.id
    ipv6      = can(cidrhost(aws_vpc.main.ipv6_cidr_block, 1))
  }
}
