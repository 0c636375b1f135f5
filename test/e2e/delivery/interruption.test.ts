import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { loadTree } from '../../../terrace/delivery/affected/load-tree';
import { statusOf } from '../../../terrace/delivery/status';
import { itemPlace } from '../../../backend/lock/lock-places';
import { openState } from '../../../backend/state-access';
import { projectRoot } from '../../../terrace/project-root';
import { codesOf, openShop, type Shop } from '../../_helpers/shop';
import { network, shopPath, type ShopUnit } from '../../_helpers/shop-tree';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 60_000);
afterAll(() => shop.dispose());

/** A unit whose apply tells that it began, and then waits. */
function slow(id: string, seconds: number): ShopUnit {
  return {
    id,
    json: {
      resource: {
        terraform_data: {
          quick: { input: 'q' },
          slow: {
            input: '${terraform_data.quick.output}',
            provisioner: [{ 'local-exec': { command: `touch ${shop.at(`began-${path.basename(id)}`)}; sleep ${seconds}` } }],
          },
        },
      },
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !condition(); tries++) await wait(50);
  if (!condition()) throw new Error('never became true');
}

/** Terrace as a process of its own. */
function terrace(...args: readonly string[]) {
  const child = spawn(process.execPath, [path.join(projectRoot(), 'bin', 'terrace.js'), ...args], {
    env: shop.env,
    cwd: projectRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const ended = new Promise<{ readonly code: number | null; readonly output: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, output: Buffer.concat(output).toString('utf8') })),
  );
  return { child, ended };
}

test('Ctrl-C ends terraform cleanly: the lock is released, what is done is in the state, what was not begun is not begun', async () => {
  const units = [slow('stop/one', 30), { ...network(), id: 'stop/two' }];
  const plan = await shop.plan(units);
  await shop.approve(plan.place);
  const { child, ended } = terrace('apply', plan.place, '--parallel', '1', '--json');
  await until(() => existsSync(shop.at('began-one')));
  child.kill('SIGINT');
  child.kill('SIGINT');
  const { code, output } = await ended;
  expect(code).toBe(1);
  expect(output).toContain('E6036');
  const { states } = await shop.context();
  const [one, two] = plan.bundle.units;
  if (one === undefined || two === undefined) throw new Error('no units');
  expect(await states.holder(one.unit, shop.env)).toBeUndefined();
  expect((await states.read(one.unit, shop.env))?.text).toContain('"quick"');
  expect((await states.readRecord(one.unit, shop.env))?.status).toBe('failed');
  expect(await states.read(two.unit, shop.env)).toBeUndefined();
  const again = await shop.apply(plan.place);
  expect([again.results.get(one.unit.path)?.kind, codesOf(again), again.exitCode]).toEqual(['failed', ['E6016'], 3]);
}, 120_000);

test('killed in mid-apply: what is finished stays, what was in flight is interrupted and its lock is reported, the rest goes on', async () => {
  const units = [{ ...network(), id: 'kill/done' }, slow('kill/flight', 20), { ...network(), id: 'kill/later' }];
  const plan = await shop.plan(units);
  await shop.approve(plan.place);
  const { child, ended } = terrace('apply', plan.place, '--parallel', '1');
  await until(() => existsSync(shop.at('began-flight')));
  child.kill('SIGKILL');
  await ended;
  const model = shop.write(units);
  const context = await shop.context();
  const status = await statusOf(context, model, loadTree(shop.at('live')), model.units, []);
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
}, 120_000);

test('terraform killed under Terrace is a failure that says so, and the lock is free', async () => {
  const unit = slow('under/killed', 20);
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
}, 120_000);

function readCwd(pid: number): string {
  const { readlinkSync } = require('node:fs') as typeof import('node:fs');
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
