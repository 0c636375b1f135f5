import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { openShop, type Shop } from '../../_helpers/shop';
import { network, reads, service, shopPath } from '../../_helpers/shop-tree';
import { terraceCli, type CliResult } from '../../_helpers/terrace-cli';

const test = inOrder();

let shop: Shop;
/** The shell of a real account as far as the delivery can tell, though its S3 is the sandbox's. */
let real: NodeJS.ProcessEnv;
beforeAll(async () => {
  shop = await openShop();
  real = Object.fromEntries(Object.entries(shop.env).filter(([name]) => name !== 'TERRACE_SANDBOX'));
}, 600_000);
afterAll(() => shop.dispose());

const run = (args: readonly string[], env = shop.env): Promise<CliResult> => terraceCli(args, env);

test('plan, show, approve, verify and apply are five commands over plain files', async () => {
  shop.write([network(), service()]);
  const place = shop.at('first');
  const planned = await run([
    'plan',
    '--tree',
    shop.at('live'),
    '--out',
    place,
    '--detailed-exitcode',
    '--events',
    shop.at('events.jsonl'),
  ]);
  expect([planned.code, planned.stderr.includes('later: shop')]).toEqual([2, false]);
  expect(planned.stdout).toContain(`later: ${shopPath('network/vpc')} has no state yet`.slice(0, 6));
  const types = readFileSync(shop.at('events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line): string => (JSON.parse(line) as { readonly type: string }).type);
  expect(types).toEqual(['round', 'planning', 'planned', 'deferred', 'sealed']);
  const shown = await run(['bundle', 'show', place, '--json']);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    version: 1,
    units: [{ unit: shopPath('network/vpc'), actions: { create: 2 } }],
    deferred: [{ unit: shopPath('compute/api') }],
  });
  expect((await run(['verify', place])).code).toBe(3);
  expect((await run(['apply', place])).code).toBe(3);
  expect((await run(['approve', place, '--comment', 'read it'])).code).toBe(0);
  expect((await run(['verify', place])).code).toBe(0);
  // The shop's tree names a commit that is not this repository's; a name is looked up before it is compared.
  for (const command of ['verify', 'apply'])
    expect(await run([command, place, '--commit', 'HEAD'])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/E6006[^]*expected: [0-9a-f]{40}\n/),
    });
  const applied = await run(['apply', place, '--commit', '0123456789abcdef0123456789abcdef01234567', '--json']);
  expect([applied.code, JSON.parse(applied.stdout)]).toMatchObject([
    0,
    { version: 1, units: [{ unit: shopPath('network/vpc'), status: 'applied' }], problems: [] },
  ]);
  const status = await run(['status', '--tree', shop.at('live'), '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    units: [
      { unit: shopPath('compute/api'), status: 'never applied' },
      { unit: shopPath('network/vpc'), status: 'current' },
    ],
    pending: [{ wave: 1, units: [shopPath('compute/api')] }],
  });
}, 600_000);

test('deploy takes what is left, and then changes nothing', async () => {
  const first = await run(['deploy', 'shop/dev', '--tree', shop.at('live'), '--auto-approve', '--json', '--out', shop.at('deployed')]);
  expect([first.code, JSON.parse(first.stdout).units.map((unit: { readonly status: string }) => unit.status)]).toEqual([
    0,
    ['applied', 'unchanged'],
  ]);
  const again = await run(['plan', '--tree', shop.at('live'), '--out', shop.at('again'), '--detailed-exitcode']);
  expect(again.code).toBe(0);
}, 600_000);

test('drift compares without writing and ends with 0 where nothing drifted', async () => {
  const drift = await run(['drift', '--tree', shop.at('live'), '--json']);
  expect([drift.code, JSON.parse(drift.stdout).units.map((unit: { readonly status: string }) => unit.status)]).toEqual([
    0,
    ['clean', 'clean'],
  ]);
}, 600_000);

test('outside the sandbox: own keys, a policy from the protected branch, and no way around them', async () => {
  shop.write([network({ tags: 'real' })]);
  const keys = { age: shop.at('ops.age'), ana: shop.at('ana.pem') };
  const recipient = (await run(['keygen', '--age', '--out', keys.age])).stdout.trim();
  const ana = JSON.parse((await run(['keygen', '--out', keys.ana, '--json'])).stdout);
  expect([statSync(keys.ana).mode & 0o777, statSync(keys.age).mode & 0o777]).toEqual([0o600, 0o600]);
  expect((await run(['keygen', '--out', keys.ana])).code).toBe(1);
  const policy = shop.at('policy.json');
  writeFileSync(
    policy,
    JSON.stringify({
      version: 1,
      keys: [{ identity: 'ana@example.com', publicKey: ana.publicKey }],
      environments: { 'shop/dev': { approvals: 1, approvers: ['ana@example.com'] } },
    }),
  );
  const place = shop.at('real.tar.gz');
  expect((await run(['plan', '--tree', shop.at('live'), '--out', place, '--recipient', 'age1nonsense'], real)).stderr).toContain('E6043');
  // Nothing says what is accepted there, so nothing is planned; what was planned elsewhere is applied by nobody.
  const refused = await run(['plan', '--tree', shop.at('live'), '--base', 'HEAD', '--out', place, '--recipient', recipient], real);
  expect([refused.code, refused.stderr.slice(0, 5)]).toEqual([3, 'E6030']);
  expect(await run(['plan', '--tree', shop.at('live'), '--out', place, '--recipient', recipient])).toMatchObject({ code: 0 });
  expect((await run(['apply', place, '--policy-ref', 'HEAD', '--identity', keys.age], real)).code).toBe(3);
  expect((await run(['approve', place], real)).code).toBe(64);
  expect((await run(['approve', place, '--policy-ref', 'HEAD', '--key', keys.ana], real)).code).toBe(0);
  const verified = await run(['verify', place, '--policy', policy], real);
  expect([verified.code, verified.stderr.includes('delivery/rules-changed')]).toEqual([0, false]);
  expect((await run(['apply', place, '--policy', policy, '--identity', keys.age], real)).stderr).toContain('E6074');
  expect((await run(['deploy', 'shop/dev', '--tree', shop.at('live')], shop.env)).code).toBe(64);
}, 600_000);

test('shards of a wave are planned apart and applied as one bundle', async () => {
  const units = ['a', 'b', 'c'].map((name) => ({ ...network(), id: `shard/${name}` }));
  shop.write(units);
  const plan = (shard: string): Promise<CliResult> =>
    run(['plan', '--tree', shop.at('live'), '--wave', '0', '--shard', shard, '--out', shop.at(`shard-${shard[0]}.tar.gz`)]);
  expect((await run(['plan', '--tree', shop.at('live'), '--shard', '1/2', '--out', shop.at('x')])).code).toBe(64);
  expect([(await plan('1/2')).code, (await plan('2/2')).code]).toEqual([0, 0]);
  expect((await run(['bundle', 'merge', shop.at('shard-1.tar.gz'), '--out', shop.at('gap')])).stderr).toContain('shard 2/2 is missing');
  const merged = shop.at('merged');
  expect((await run(['bundle', 'merge', shop.at('shard-1.tar.gz'), shop.at('shard-2.tar.gz'), '--out', merged])).code).toBe(0);
  await run(['approve', merged]);
  const packed = shop.at('packed.tar.gz');
  await run(['bundle', 'pack', merged, packed]);
  const applied = await run(['apply', packed, '--approvals', `${merged}.approvals`, '--json']);
  expect([applied.code, JSON.parse(applied.stdout).units.map((unit: { readonly status: string }) => unit.status)]).toEqual([
    0,
    ['applied', 'applied', 'applied'],
  ]);
}, 600_000);

test('G1: fifty changes of a bundle, over all of its files, are refused with 3 by the command line', async () => {
  shop.write([network({ tags: 'flip' })]);
  const place = shop.at('flip');
  expect((await run(['plan', '--tree', shop.at('live'), '--out', place])).code).toBe(0);
  await run(['approve', place]);
  expect((await run(['verify', place])).code).toBe(0);
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(place, name)).isFile())
    .toSorted();
  const flip = async (index: number): Promise<string | undefined> => {
    const copy = shop.at(`flip-${index}`);
    cpSync(place, copy, { recursive: true });
    cpSync(`${place}.approvals`, `${copy}.approvals`, { recursive: true });
    const name = files[index % files.length] ?? '';
    const bytes = readFileSync(path.join(copy, name));
    const at = (index * 7919) % bytes.length;
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (index % 8));
    writeFileSync(path.join(copy, name), bytes);
    const { code } = await run(['verify', copy]);
    rmSync(copy, { recursive: true });
    return code === 3 ? undefined : `${name} at ${at}: ${String(code)}`;
  };
  const accepted: (string | undefined)[] = [];
  for (let index = 0; index < 50; index += 2) accepted.push(...(await Promise.all([flip(index), flip(index + 1)])));
  expect(accepted.filter((one) => one !== undefined)).toEqual([]);
}, 600_000);

test('a bundle that is absent, a plan file that is gone and an unknown selector are told apart', async () => {
  expect((await run(['apply', shop.at('absent')])).code).toBe(1);
  renameSync(shop.at('flip', 'units', shopPath('network/vpc'), 'plan.age'), shop.at('moved-away'));
  expect((await run(['apply', shop.at('flip')])).code).toBe(3);
  expect((await run(['plan', 'shop/prod', '--tree', shop.at('live'), '--out', shop.at('x')])).code).toBe(64);
  expect((await run(['plan', '--tree', shop.at('nowhere'), '--out', shop.at('x')])).stderr).toContain('E3301');
  expect(existsSync(shop.at('x'))).toBe(false);
}, 600_000);

test('G5: a bundle that holds a plan with mocks is approved by nobody', async () => {
  shop.write([
    { ...network(), id: 'mocked/vpc' },
    { ...service(), id: 'mocked/api', reads: { 'mocked/vpc': ['subnet_id'] }, json: { locals: { id: reads('mocked/vpc', 'subnet_id') } } },
  ]);
  const place = shop.at('mocked');
  expect((await run(['plan', '--tree', shop.at('live'), '--mock', '--out', place])).code).toBe(0);
  for (const command of ['approve', 'verify', 'apply']) {
    const { code, stderr } = await run([command, place]);
    expect([command, code, stderr.includes('E6009')]).toEqual([command, 3, true]);
  }
  expect(existsSync(`${place}.approvals`)).toBe(false);
}, 600_000);

test('a disk that is full, and terraform that is absent or too old, are coded errors', async () => {
  shop.write([network()]);
  const full = await run(['plan', '--tree', shop.at('live'), '--out', '/dev/full/bundle']);
  expect([full.code, full.stderr.includes('E6027')]).toEqual([1, true]);
  const absent = await run(['plan', '--tree', shop.at('live'), '--out', shop.at('x')], {
    ...shop.env,
    TERRAFORM_BINARY_NAME: 'terraform-that-is-not-there',
  });
  expect([absent.code, absent.stderr.includes('E8001')]).toEqual([1, true]);
}, 600_000);

test('every command of the delivery explains itself with an example', async () => {
  for (const command of [
    ['affected'],
    ['plan'],
    ['bundle', 'show'],
    ['bundle', 'merge'],
    ['bundle', 'pack'],
    ['approve'],
    ['verify'],
    ['apply'],
    ['deploy'],
    ['drift'],
    ['status'],
    ['keygen'],
  ]) {
    const { code, stdout } = await run([...command, '--help']);
    expect([command.join(' '), code, /Examples?:\n {2}terrace /.test(stdout)]).toEqual([command.join(' '), 0, true]);
  }
}, 600_000);
