import { expect, test } from '@jest/globals';

import { lockFilePart } from '../../terrace/synth/lock-file';

const whole = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/cloudflare/cloudflare" {
  version = "5.14.0"
  hashes = [
    "h1:bbb=",
  ]
}

provider "registry.terraform.io/hashicorp/aws" {
  version     = "6.25.0"
  constraints = "6.25.0"
  hashes = [
    "h1:aaa=",
    "zh:000",
  ]
}
`;

test("a unit's part holds the blocks of its providers and no other", () => {
  const part = lockFilePart(whole, ['hashicorp/aws']);
  expect(part).toBe(whole.replace(/provider "registry.terraform.io\/cloudflare[\s\S]*?\n\}\n\n/, ''));
});
test('the part of all providers is the whole file', () =>
  expect(lockFilePart(whole, ['hashicorp/aws', 'cloudflare/cloudflare'])).toBe(whole));
test('a provider that the file does not have is left out', () =>
  expect(lockFilePart(whole, ['hashicorp/random'])).not.toContain('provider "'));
