import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { awsStates } from '../../../terrace/delivery/record/states';
import { workspacesIn } from '../../../terrace/delivery/terraform/workspace';
import { inOrder } from '../../_helpers/in-order';
import { openShop, type Shop } from '../../_helpers/shop';
import { network, shopModel, type ShopUnit } from '../../_helpers/shop-tree';
import { whereDisksCanBeMounted, type SmallDisk } from '../../_helpers/small-disk';
import { startCli, terraceCli, type CliResult } from '../../_helpers/terrace-cli';
import { projectRoot } from '../../_helpers/project-root';

const test = inOrder();

const workspaces = workspacesIn(path.join(projectRoot, '.terrace'));
let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 600_000);
afterAll(() => shop.dispose());

/** A unit whose files are small and whose plan is not: 1000 digests that no compression makes shorter than half. */
function bulky(id: string, command?: string): ShopUnit {
  return {
    id,
    json: {
      resource: {
        terraform_data: {
          bulk: {
            input: `\${join("", [for number in range(1000) : sha512("${id} \${number}")])}`,
            ...(command === undefined ? {} : { provisioner: [{ 'local-exec': { command } }] }),
          },
        },
      },
    },
  };
}

async function stateOf(unit: ShopUnit) {
  const [model] = shopModel([unit]).units;
  if (model === undefined) throw new Error('no unit');
  const [state, record, holder] = await Promise.all([
    awsStates.read(model, shop.env),
    awsStates.readRecord(model, shop.env),
    awsStates.holder(model, shop.env),
  ]);
  return { serial: state?.serial, status: record?.status, holder: holder?.operation };
}

const untouched = { serial: undefined, status: undefined, holder: undefined };
const run = (...args: readonly string[]): Promise<CliResult> => terraceCli(args, shop.env);
const plan = (place: string): readonly string[] => ['plan', '--tree', shop.at('live'), '--out', place];

whereDisksCanBeMounted((on) => {
  const runOn = (disk: SmallDisk, ...args: readonly string[]): Promise<CliResult> => startCli(args, shop.env, { before: on(disk) }).ended;
  const work = (bytes: number): SmallDisk => ({ folder: workspaces, bytes });

  test('a disk that is full when terraform writes its plan: the unit fails and says why, nothing is locked, and with room it works', async () => {
    const unit = bulky('disk/plan');
    shop.write([unit]);
    const place = shop.at('plan');
    const { code, stderr } = await runOn(work(48 * 1024), ...plan(place));
    expect([code, stderr.includes('E6027'), stderr.includes('the disk is full')]).toEqual([1, true, true]);
    // A bundle of failures alone is not sealed.
    expect(existsSync(`${place}/bundle.json`)).toBe(false);
    expect(await stateOf(unit)).toEqual(untouched);
    expect((await run(...plan(place))).code).toBe(0);
  }, 600_000);

  test('a disk that is full before terraform starts: the same', async () => {
    const unit = bulky('disk/start');
    shop.write([unit]);
    const { code, stderr } = await runOn(work(4096), ...plan(shop.at('start')));
    expect([code, stderr.includes('E6027'), stderr.includes('the disk is full')]).toEqual([1, true, true]);
    expect(await stateOf(unit)).toEqual(untouched);
  }, 600_000);

  test('a disk that is full where the bundle goes: no bundle and no part of one', async () => {
    shop.write([bulky('disk/bundle')]);
    const folder = shop.at('small');
    for (const name of ['bundle', 'bundle.tar.gz']) {
      const listed = shop.at(`listed-${name}`);
      const { code, stderr } = await startCli(plan(`${folder}/${name}`), shop.env, {
        before: [...on({ folder, bytes: 64 * 1024 }), 'sh', '-c', `"$@"; code=$?; ls -A ${folder} > ${listed}; exit $code`, 'sh'],
      }).ended;
      expect([code, stderr.includes('E6027'), stderr.includes('the disk is full'), readFileSync(listed, 'utf8')]).toEqual([
        1,
        true,
        true,
        '',
      ]);
    }
  }, 600_000);

  test('a disk that is full when an apply begins: nothing is changed or recorded, and the same approved bundle is applied when there is room', async () => {
    const unit = bulky('disk/apply');
    shop.write([unit]);
    const place = shop.at('apply');
    expect((await run(...plan(place))).code).toBe(0);
    expect((await run('approve', place)).code).toBe(0);
    const { code, stderr } = await runOn(work(48 * 1024), 'apply', place);
    expect([code, stderr.includes('E6027'), stderr.includes('the disk is full')]).toEqual([1, true, true]);
    expect(await stateOf(unit)).toEqual(untouched);
    expect((await run('apply', place)).code).toBe(0);
    expect(await stateOf(unit)).toMatchObject({ status: 'applied', holder: undefined });
  }, 600_000);

  test('a disk that fills up while terraform applies: the apply is completed, its state is uploaded and recorded', async () => {
    const fill =
      'head -c 100000000 /dev/zero > filler || for line in $(seq 2000); do echo "a line that finds no room in the log $line"; done';
    const unit = bulky('disk/filled', fill);
    shop.write([unit, { ...network(), id: 'disk/sibling' }]);
    const place = shop.at('filled');
    expect((await run(...plan(place))).code).toBe(0);
    expect((await run('approve', place)).code).toBe(0);
    const { code } = await runOn(work(2 * 1024 * 1024), 'apply', place, '--parallel', '1');
    expect(code).toBe(0);
    expect(await stateOf(unit)).toMatchObject({ status: 'applied', holder: undefined });
    const status = await run('status', '--tree', shop.at('live'), '--json');
    expect(JSON.parse(status.stdout).units.map((one: { readonly status: string }) => one.status)).toEqual(['current', 'current']);
  }, 600_000);

  test('nothing of all this stays in the folder of the workspaces', () => {
    const left = existsSync(workspaces) ? readdirSync(workspaces) : [];
    expect(left.filter((name) => !isAlive(Number(name.split('-')[0])))).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
