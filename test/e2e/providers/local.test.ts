import { expect } from '@jest/globals';
import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, inflateRawSync } from 'node:zlib';

import { behaviours, requires } from './_suite';
import { unwrapped } from './_unit';

const random = requires('hashicorp/random');
const tls = requires('hashicorp/tls');

behaviours([
  {
    name: 'a random password really is random, obeys its rules, and stays',
    mirror: true,
    run: async (unit) => {
      await unit.applied(
        `${random}resource "random_password" "one" {\n  count            = 2\n  length           = 20\n  min_numeric      = 5\n  special          = true\n  override_special = "_"\n}\n`,
      );
      const results = Object.values(await unit.resources()).map(({ result }) => String(result));
      expect(new Set(results).size).toBe(2);
      for (const result of results) expect(result).toMatch(/^(?=(?:.*\d){5})[A-Za-z0-9_]{20}$/);
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'keepers replace a random value when they change',
    run: async (unit) => {
      const id = (keeper: string): string =>
        `${random}resource "random_id" "one" {\n  byte_length = 4\n  keepers     = { purpose = "${keeper}" }\n}\n`;
      await unit.applied(id('a'));
      const before = (await unit.resources())['random_id.one'];
      await unit.applied(id('b'));
      const after = (await unit.resources())['random_id.one'];
      expect(after?.['hex']).not.toBe(before?.['hex']);
      expect(BigInt(`0x${String(after?.['hex'])}`).toString()).toBe(after?.['dec']);
    },
  },
  {
    name: 'a seed gives the same shuffle and the same number again',
    run: async (unit) => {
      await unit.applied(
        `${random}resource "random_shuffle" "one" {\n  count        = 2\n  input        = ["a", "b", "c", "d", "e"]\n  result_count = 3\n  seed         = "s"\n}\nresource "random_integer" "one" {\n  count = 2\n  min   = 1\n  max   = 1000\n  seed  = "s"\n}\n`,
      );
      const resources = await unit.resources();
      expect(resources['random_shuffle.one[0]']?.['result']).toEqual(resources['random_shuffle.one[1]']?.['result']);
      expect(resources['random_integer.one[0]']?.['result']).toBe(resources['random_integer.one[1]']?.['result']);
    },
  },
  {
    name: 'impossible random rules are refused',
    run: async (unit) => {
      unit.write(
        `${random}resource "random_string" "one" {\n  length    = 3\n  min_upper = 4\n}\nresource "random_integer" "one" {\n  min = 5\n  max = 1\n}\n`,
      );
      const apply = await unit.apply();
      expect(unwrapped(apply.output)).toContain('must be at least sum of min_upper');
      expect(unwrapped(apply.output)).toContain('minimum (min) value needs to be smaller');
    },
  },
  {
    name: 'random values are imported by what they are',
    run: async (unit) => {
      unit.write(`${random}resource "random_integer" "one" {\n  min = 1\n  max = 9\n}\nresource "random_uuid" "one" {}\n`);
      expect((await unit.terraform(['import', 'random_integer.one', '7,1,9'])).exitCode).toBe(0);
      expect((await unit.terraform(['import', 'random_uuid.one', '0b0d1b1e-0000-4000-8000-000000000000'])).exitCode).toBe(0);
      expect((await unit.resources())['random_integer.one']?.['result']).toBe(7);
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'a key signs its own certificate and that of another, and both are real',
    mirror: true,
    run: async (unit) => {
      await unit.applied(`${tls}
resource "tls_private_key" "ca" {
  algorithm   = "ECDSA"
  ecdsa_curve = "P384"
}
resource "tls_self_signed_cert" "ca" {
  private_key_pem       = tls_private_key.ca.private_key_pem
  is_ca_certificate     = true
  validity_period_hours = 24
  allowed_uses          = ["cert_signing", "crl_signing"]
  subject {
    common_name  = "Root"
    organization = "Example"
  }
}
resource "tls_private_key" "leaf" {
  algorithm = "RSA"
}
resource "tls_cert_request" "leaf" {
  private_key_pem = tls_private_key.leaf.private_key_pem
  dns_names       = ["www.example.com"]
  ip_addresses    = ["10.0.0.1"]
  subject {
    common_name = "www.example.com"
  }
}
resource "tls_locally_signed_cert" "leaf" {
  cert_request_pem      = tls_cert_request.leaf.cert_request_pem
  ca_private_key_pem    = tls_private_key.ca.private_key_pem
  ca_cert_pem           = tls_self_signed_cert.ca.cert_pem
  validity_period_hours = 12
  allowed_uses          = ["server_auth", "digital_signature"]
}
`);
      const resources = await unit.resources();
      const root = new X509Certificate(String(resources['tls_self_signed_cert.ca']?.['cert_pem']));
      const leaf = new X509Certificate(String(resources['tls_locally_signed_cert.leaf']?.['cert_pem']));
      expect(root.ca && root.verify(root.publicKey)).toBe(true);
      expect(leaf.verify(root.publicKey)).toBe(true);
      expect(leaf.checkIssued(root)).toBe(true);
      expect(leaf.subjectAltName).toBe('DNS:www.example.com, IP Address:10.0.0.1');
      expect(leaf.publicKey.equals(createPublicKey(String(resources['tls_private_key.leaf']?.['public_key_pem'])))).toBe(true);
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'every kind of key has its SSH form and its fingerprint',
    run: async (unit) => {
      await unit.applied(
        `${tls}resource "tls_private_key" "one" {\n  for_each  = toset(["ED25519", "RSA", "ECDSA"])\n  algorithm = each.key\n}\n`,
      );
      const resources = await unit.resources();
      const edwards = resources['tls_private_key.one["ED25519"]'];
      const [name, blob = ''] = String(edwards?.['public_key_openssh']).trim().split(' ');
      expect(name).toBe('ssh-ed25519');
      expect(edwards?.['public_key_fingerprint_sha256']).toBe(
        `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace('=', '')}`,
      );
      expect(String(resources['tls_private_key.one["RSA"]']?.['public_key_openssh'])).toMatch(/^ssh-rsa /);
      // P-224, the default curve, is unknown to SSH.
      expect(resources['tls_private_key.one["ECDSA"]']?.['public_key_openssh']).toBe('');
    },
  },
  {
    name: 'an expired certificate is made anew',
    run: async (unit) => {
      await unit.applied(
        `${tls}resource "tls_private_key" "one" {\n  algorithm = "ED25519"\n}\nresource "tls_self_signed_cert" "one" {\n  private_key_pem       = tls_private_key.one.private_key_pem\n  validity_period_hours = 1\n  early_renewal_hours   = 2\n  allowed_uses          = ["server_auth"]\n}\n`,
      );
      expect((await unit.plan()).output).toContain('1 to add, 0 to change, 0 to destroy');
    },
  },
  {
    name: 'a local file is written beside the configuration, put back when it changes, and removed',
    mirror: true,
    run: async (unit) => {
      await unit.applied(
        `${requires('hashicorp/local')}resource "local_file" "one" {\n  filename = "out/hello.txt"\n  content  = "hello\\n"\n}\n`,
      );
      const file = path.join(unit.dir, 'out', 'hello.txt');
      expect(readFileSync(file, 'utf8')).toBe('hello\n');
      expect((await unit.plan()).exitCode).toBe(0);
      writeFileSync(file, 'changed');
      expect((await unit.plan()).output).toContain('1 to add');
      await unit.applied();
      await unit.destroy();
      expect(existsSync(file)).toBe(false);
    },
  },
  {
    name: 'a data source reads the file that is there, and says when it is not',
    run: async (unit) => {
      unit.write({ 'input.txt': 'x' });
      await unit.applied(
        `${requires('hashicorp/local')}data "local_file" "one" {\n  filename = "\${path.module}/input.txt"\n}\noutput "sha" {\n  value = data.local_file.one.content_sha256\n}\n`,
      );
      expect((await unit.outputs())['sha']).toBe(createHash('sha256').update('x').digest('hex'));
      rmSync(path.join(unit.dir, 'input.txt'));
      expect((await unit.plan()).output).toContain('no such file');
    },
  },
  {
    name: 'an archive holds its files and is the same bytes every time',
    run: async (unit) => {
      mkdirSync(path.join(unit.dir, 'src', 'deep'), { recursive: true });
      unit.write({ 'src/a.txt': 'a'.repeat(1000), 'src/deep/b.txt': 'b' });
      const config = `${requires('hashicorp/archive')}data "archive_file" "zip" {\n  type        = "zip"\n  source_dir  = "src"\n  output_path = "out.zip"\n}\ndata "archive_file" "tar" {\n  type        = "tar.gz"\n  source_dir  = "src"\n  output_path = "out.tar.gz"\n}\noutput "hash" {\n  value = data.archive_file.zip.output_base64sha256\n}\n`;
      await unit.applied(config);
      const zip = readFileSync(path.join(unit.dir, 'out.zip'));
      expect((await unit.outputs())['hash']).toBe(createHash('sha256').update(zip).digest('base64'));
      const nameLength = zip.readUInt16LE(26);
      expect(zip.subarray(30, 30 + nameLength).toString()).toBe('a.txt');
      expect(inflateRawSync(zip.subarray(30 + nameLength, 30 + nameLength + zip.readUInt32LE(18))).toString()).toBe('a'.repeat(1000));
      expect(
        gunzipSync(readFileSync(path.join(unit.dir, 'out.tar.gz')))
          .subarray(0, 5)
          .toString(),
      ).toBe('a.txt');
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
  {
    name: 'null resources are replaced by their triggers',
    run: async (unit) => {
      const config = (value: string): string =>
        `${requires('hashicorp/null')}resource "null_resource" "one" {\n  triggers = { a = "${value}" }\n}\n`;
      await unit.applied(config('1'));
      unit.write(config('2'));
      expect((await unit.plan()).output).toContain('1 to add, 0 to change, 1 to destroy');
    },
  },
  {
    name: 'times are offset by the calendar, and a rotation that is due is made anew',
    run: async (unit) => {
      await unit.applied(
        `${requires('hashicorp/time')}resource "time_offset" "one" {\n  base_rfc3339 = "2026-01-31T00:00:00Z"\n  offset_days  = 1\n}\nresource "time_rotating" "due" {\n  rfc3339       = "2026-01-01T00:00:00Z"\n  rotation_days = 1\n}\nresource "time_static" "one" {\n  rfc3339 = "2026-05-04T03:02:01Z"\n}\n`,
      );
      const resources = await unit.resources();
      expect(resources['time_offset.one']?.['rfc3339']).toBe('2026-02-01T00:00:00Z');
      expect(resources['time_static.one']).toMatchObject({ year: 2026, month: 5, day: 4, hour: 3, unix: 1777863721 });
      expect((await unit.plan()).output).toContain('time_rotating.due will be created');
    },
  },
  {
    name: 'another base of a time offset, and another rotation, are changes in place whose times the plan tells',
    run: async (unit) => {
      const config = (base: string, hours: number): string =>
        `${requires('hashicorp/time')}resource "time_offset" "one" {\n  base_rfc3339 = "${base}"\n  offset_days  = 1\n}\nresource "time_rotating" "one" {\n  rfc3339        = "2090-01-01T00:00:00Z"\n  rotation_days  = 400\n  rotation_hours = ${hours}\n}\n`;
      await unit.applied(config('2026-01-31T00:00:00Z', 1));
      unit.write(config('2026-02-01T00:00:00+01:00', 2));
      const plan = await unit.plan();
      expect(plan.output).toContain('0 to add, 2 to change, 0 to destroy');
      expect(plan.output).toContain('-> "2090-01-01T02:00:00Z"');
      await unit.applied();
      expect((await unit.resources())['time_offset.one']).toMatchObject({ rfc3339: '2026-02-01T23:00:00Z', day: 1, hour: 23 });
      expect((await unit.resources())['time_rotating.one']).toMatchObject({ rotation_rfc3339: '2090-01-01T02:00:00Z', hour: 2 });
      expect((await unit.plan()).exitCode).toBe(0);
    },
  },
]);
