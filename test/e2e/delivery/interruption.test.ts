import { existsSync, readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { loadTree } from '../../../terrace/delivery/tree/load-tree';
import { statusOf } from '../../../terrace/delivery/status/status';
import { itemPlace } from '../../../terrace/state/lock/lock-places';
import { openState } from '../../../terrace/state/state-access';
import { inOrder } from '../../_helpers/in-order';
import { codesOf, openShop, type Shop } from '../../_helpers/shop';
import { network, shopPath, slow } from '../../_helpers/shop-tree';
import { startCli } from '../../_helpers/terrace-cli';
import { until } from '../../_helpers/until';

const test = inOrder();

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 600_000);
afterAll(() => shop.dispose());

test('Ctrl-C ends terraform cleanly: the lock is released, what is done is in the state, what was not begun is not begun', async () => {
  const units = [slow('stop/one', shop.at('began-one'), 30), { ...network(), id: 'stop/two' }];
  const plan = await shop.plan(units);
  await shop.approve(plan.place);
  const running = startCli(['apply', plan.place, '--parallel', '1', '--json'], shop.env);
  await until(() => existsSync(shop.at('began-one')));
  running.signal('SIGINT', 'process');
  running.signal('SIGINT', 'process');
  const { code, stderr } = await running.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('E6036');
  const { states } = await shop.context();
  const [one, two] = plan.bundle.units;
  if (one === undefined || two === undefined) throw new Error('no units');
  expect(await states.holder(one.unit, shop.env)).toBeUndefined();
  expect((await states.read(one.unit, shop.env))?.text).toContain('"quick"');
  expect((await states.readRecord(one.unit, shop.env))?.status).toBe('failed');
  expect(await states.read(two.unit, shop.env)).toBeUndefined();
  const again = await shop.apply(plan.place);
  expect([again.results.get(one.unit.path)?.kind, codesOf(again), again.exitCode]).toEqual(['failed', ['E6016'], 3]);
}, 600_000);

test('killed in mid-apply: what is finished stays, what was in flight is interrupted and its lock is reported, the rest goes on', async () => {
  const units = [{ ...network(), id: 'kill/done' }, slow('kill/flight', shop.at('began-flight'), 20), { ...network(), id: 'kill/later' }];
  const plan = await shop.plan(units);
  await shop.approve(plan.place);
  const running = startCli(['apply', plan.place, '--parallel', '1'], shop.env);
  await until(() => existsSync(shop.at('began-flight')));
  running.signal('SIGKILL', 'process');
  await running.ended;
  const model = shop.write(units);
  const context = await shop.context();
  const status = await statusOf(context, model, loadTree(shop.at('live')), model.units, () => false);
  expect(status.units.map(({ unit, status: word, lock }) => [unit, word, lock?.operation ?? null])).toEqual([
    [shopPath('kill/done'), 'current', null],
    [shopPath('kill/flight'), 'interrupted', 'terrace apply'],
    [shopPath('kill/later'), 'never applied', null],
  ]);
  const report = await shop.apply(plan.place);
  expect([...report.results].map(([unit, result]) => [unit, result.kind]).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual([
    [shopPath('kill/done'), 'already'],
    [shopPath('kill/flight'), 'failed'],
    [shopPath('kill/later'), 'applied'],
  ]);
  expect([codesOf(report), report.exitCode]).toEqual([['E6016'], 4]);
  const flight = plan.bundle.units.find((entry) => entry.unit.path === shopPath('kill/flight'));
  if (flight === undefined) throw new Error('no unit');
  const access = await openState(flight.unit, shop.env);
  const standing = await itemPlace(access).read();
  if (standing !== undefined) await itemPlace(access).remove(standing);
  access.close();
  const released = await shop.apply(plan.place);
  expect([codesOf(released), released.exitCode]).toEqual([['E6016'], 3]);
  expect(readFileSync(`${plan.place}.applied.jsonl`, 'utf8')).toContain('"status":"already"');
}, 600_000);

test('terraform killed under Terrace is a failure that says so, and the lock is free', async () => {
  const unit = slow('under/killed', shop.at('began-killed'), 20);
  const plan = await shop.plan([unit]);
  await shop.approve(plan.place);
  const context = await shop.context();
  const report = await shop.apply(
    plan.place,
    {},
    {
      ...context,
      run: async (run) => {
        if (run.args[0] !== 'apply') return context.run(run);
        const running = context.run({ ...run, env: { ...run.env, PATH: run.env['PATH'] } });
        await until(() => existsSync(shop.at('began-killed')));
        const { execFileSync } = await import('node:child_process');
        const pids = execFileSync('pgrep', ['-f', 'apply -input=false -no-color -lock=false tfplan'], { encoding: 'utf8' })
          .trim()
          .split('\n')
          .map(Number);
        for (const pid of pids) if (readCwd(pid) === run.cwd) process.kill(pid, 'SIGKILL');
        return running;
      },
    },
  );
  expect(codesOf(report)).toEqual(['E6033']);
  const [entry] = plan.bundle.units;
  if (entry === undefined) throw new Error('no unit');
  expect(await context.states.holder(entry.unit, shop.env)).toBeUndefined();
}, 600_000);

function readCwd(pid: number): string {
  const { readlinkSync } = require('node:fs') as typeof import('node:fs');
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
