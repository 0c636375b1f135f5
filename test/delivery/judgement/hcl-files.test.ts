import { expect, test } from '@jest/globals';

import { unitProblems } from '../../../terrace/delivery/judgement/unit-problems';
import { shopJson, shopModel, type ShopUnit } from '../../_helpers/shop-tree';

const described: ShopUnit = { id: 'network/vpc', json: { module: { m: { source: './m' } } } };

/** What is found in a unit with a module of this HCL; empty where it may run. */
async function found(hcl: string): Promise<string> {
  const [unit] = shopModel([described]).units;
  if (unit === undefined) throw new Error('no unit');
  const files = new Map([
    ['main.tf.json', Buffer.from(JSON.stringify(shopJson(described)))],
    ['m/main.tf', Buffer.from(hcl)],
    ['m/x.json', Buffer.from('{}')],
  ]);
  const problems = await unitProblems({ unit, files, provisioners: false });
  return problems.map((one) => one.found).join('\n');
}

test('a module of HCL that stays in its folder may run', async () => {
  expect(
    await found(`# file("/etc/passwd") in a comment is read by nobody
variable "cidr" {
  type    = string
  default = "10.0.0.0/16"
}

locals {
  template = templatefile("\${path.module}/x.json", { a = [for one in ["b"] : upper(one)] })
  costs    = "$\${file(\\"/etc/passwd\\")} costs 5 %"
}

resource "terraform_data" "held" {
  input = <<-EOT
    cidr \${var.cidr}
  EOT
}

output "id" { value = terraform_data.held.id }
`),
  ).toBe('');
  expect(await found('')).toBe('');
});

test.each([
  ['a file of the machine', 'locals {\n  a = file("/etc/passwd")\n}\n', /file\(\) reads/],
  ['one in a heredoc', 'locals {\n  a = <<EOT\n  ${ filebase64 ( "/proc/self/environ" ) }\nEOT\n}\n', /filebase64\(\) reads/],
  ['one in a list of an object', 'locals {\n  a = { b = ["x", upper(file("../../main.tf.json"))] }\n}\n', /file\(\) reads/],
  ['one in the key of an object', 'locals {\n  a = { (file("/etc/passwd")) = 1 }\n}\n', /file\(\) reads/],
  ['one in a condition', 'output "a" {\n  value = true ? file("/etc/passwd") : ""\n}\n', /file\(\) reads/],
  [
    'one in a dynamic block',
    'resource "aws_x" "a" {\n  dynamic "b" {\n    for_each = [file("/etc/passwd")]\n    content {}\n  }\n}\n',
    /file\(\)/,
  ],
  ['a program', 'data "external" "x" {\n  program = ["sh", "-c", "env"]\n}\n', /external/],
  ['a provisioner', 'resource "terraform_data" "a" {\n  provisioner "local-exec" {\n    command = "env"\n  }\n}\n', /provisioner/],
  ['a module of another place', 'module "n" {\n  source = "git::https://evil.example/x.git"\n}\n', /outside the unit's folder/],
  ['what is no HCL', 'resource "a" {', /cannot be read/],
  ['an attribute that is there twice', 'locals {\n  a = 1\n  a = file("/x")\n}\n', /cannot be read/],
])('in a module of HCL %s is found', async (_name, hcl, expected) => {
  expect(await found(hcl)).toMatch(expected);
});
