import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inOrder } from '../../_helpers/in-order';
import { projectRoot } from '../../_helpers/project-root';
import { run, succeeded, type Outcome } from '../../_helpers/scratch-project';
import { openShop, type Shop } from '../../_helpers/shop';
import { network, shopPath, type ShopUnit } from '../../_helpers/shop-tree';
import { terraceCli } from '../../_helpers/terrace-cli';

const test = inOrder();

let shop: Shop;
let program: string;
beforeAll(async () => {
  shop = await openShop();
  program = shop.at('program', 'terrace.cjs');
  bundle(path.join(projectRoot, 'terrace'), program);
}, 600_000);
afterAll(() => shop.dispose());

function bundle(from: string, out: string): void {
  const { status, stderr } = spawnSync(process.execPath, [path.join(from, 'build', 'program.js'), '--out', out], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** Runs the program far from any project and any node_modules; working files go to a cache of the test's own. */
const terrace = (...args: readonly string[]): Promise<Outcome> =>
  run(process.execPath, [program, ...args], { cwd: shop.at(), env: { ...shop.env, XDG_CACHE_HOME: shop.at('cache') } });

test('help and usage are answered without compiling the whole program, which stands in the file as a comment', async () => {
  const [front = '', whole = ''] = readFileSync(program, 'latin1').split('/*terrace:whole\n');
  expect([front.length < 200_000, whole.length > 1_000_000, whole.endsWith('*/\n')]).toEqual([true, true, true]);
  writeFileSync(shop.at('front.cjs'), front);
  const alone = (...args: readonly string[]): Promise<Outcome> =>
    run(process.execPath, [shop.at('front.cjs'), ...args], { cwd: shop.at(), env: shop.env });
  for (const args of [['--help'], ['plan', '--help'], ['--version'], ['plan', '--nothing']])
    expect(await alone(...args)).toEqual(await terrace(...args));
}, 600_000);

test('the same sources give the same bytes wherever they lie, in one file of less than 8 MB that names its version and sources', async () => {
  const elsewhere = shop.at('elsewhere', 'some', 'folder', 'terrace');
  cpSync(path.join(projectRoot, 'terrace'), elsewhere, { recursive: true, filter: (name) => !/\/(?:dist|node_modules)$/.test(name) });
  symlinkSync(path.join(projectRoot, 'node_modules'), shop.at('elsewhere', 'node_modules'));
  bundle(elsewhere, shop.at('again.cjs'));
  const bytes = readFileSync(program);
  expect(readFileSync(shop.at('again.cjs')).equals(bytes)).toBe(true);
  expect(statSync(program).size).toBeLessThan(8 * 1024 * 1024);
  expect(bytes.includes(Buffer.from(projectRoot))).toBe(false);
  const { version }: { version: string } = JSON.parse(readFileSync(path.join(projectRoot, 'terrace', 'package.json'), 'utf8'));
  expect((await terrace('--version')).stdout).toMatch(new RegExp(`^${version.replaceAll('.', '\\.')} \\(sources [0-9a-f]{16}\\)\n$`));
}, 600_000);

test('it takes a change from plan to status, outside any project, with rules of a repository that it is given', async () => {
  shop.write([network()]);
  const [tree, place] = [shop.at('live'), shop.at('bundle')];
  const policies = shop.at('policies.cjs');
  const compiled = terraceCli(['policy', 'compile', '--policies', path.join(projectRoot, 'policies'), '--out', policies]);
  expect(await terrace('plan', '--tree', tree, '--out', place, '--detailed-exitcode')).toMatchObject({ code: 2 });
  succeeded(await terrace('review', place, '--html', shop.at('review.html')));
  expect(readFileSync(shop.at('review.html'), 'utf8')).toMatch(/<style>[^<]{1000}[^]*<script>(?:(?!<\/script>)[^]){1000}/);
  expect((await compiled).code).toBe(0);
  expect((await terrace('policy', 'check', place, '--policies', policies)).stdout).toMatch(/\d refused, \d warned|All policies pass/);
  const typescript = await terrace('policy', 'check', place, '--policies', path.join(projectRoot, 'policies'));
  expect([typescript.code, typescript.stderr.slice(0, 5)]).toEqual([3, 'E7107']);
  succeeded(await terrace('approve', place));
  succeeded(await terrace('apply', place));
  const status = await terrace('status', '--tree', tree, '--json');
  expect(JSON.parse(status.stdout)).toMatchObject({ units: [{ unit: shopPath('network/vpc'), status: 'current' }] });
  expect((await terrace('lock', 'list', '--tree', tree)).stdout).toBe('no locks\n');
  expect((await terrace('state', 'verify', '--tree', tree)).code).toBe(0);
  // Of the judging files, not even the folder that the rules are asked of is the change's.
  spawnSync('git', ['init', '--bare', '--quiet', shop.at('rules.git')]);
  const refused = await terrace('verify', place, '--repository', shop.at('rules.git'), '--policy-ref', 'main');
  expect([refused.code, refused.stderr.slice(0, 5)]).toEqual([64, 'E6030']);
  expect([existsSync(shop.at('cache', 'terrace')), existsSync(shop.at('.terrace'))]).toEqual([true, false]);
}, 600_000);

test('it reads HCL with the parser that it carries: a module that leaves its folder is refused before terraform is started', async () => {
  const called: ShopUnit = { id: 'network/hcl', json: { module: { m: { source: './m' } } } };
  shop.write([called]);
  const module = shop.at('live', shopPath(called.id), 'm');
  mkdirSync(module);
  const plan = async (hcl: string): Promise<readonly [number, string | undefined]> => {
    writeFileSync(path.join(module, 'main.tf'), hcl);
    const { code, stderr } = await terrace('plan', '--tree', shop.at('live'), '--out', shop.at('hcl'));
    return [code, /file\(\) reads [^\n]*? folder/.exec(stderr)?.[0]];
  };
  expect(await plan('locals {\n  a = file("/etc/passwd")\n}\n')).toEqual([3, "file() reads /etc/passwd, outside the unit's folder"]);
  expect(await plan('resource "terraform_data" "held" {\n  input = "a"\n}\n')).toEqual([0, undefined]);
}, 600_000);

test('what needs a project’s source is no command of it, or says what to give instead', async () => {
  expect((await terrace('synth')).stderr).toContain("unknown command 'synth'");
  const { code, stderr } = await terrace('plan');
  expect([code, stderr]).toEqual([64, expect.stringMatching(/^E0010 no source in this program\n[^]*--tree/)]);
}, 600_000);
