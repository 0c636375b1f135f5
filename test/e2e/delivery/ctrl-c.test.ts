import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';

import { itemPlace } from '../../../terrace/state/lock/lock-places';
import { openState, type StateTarget } from '../../../terrace/state/state-access';
import { awsStates } from '../../../terrace/delivery/record/states';
import { workspacesIn } from '../../../terrace/delivery/terraform/workspace';
import { projectRoot } from '../../_helpers/project-root';
import { faultyProxy, type FaultyProxy } from '../../_helpers/faulty-proxy';
import { openShop, type Shop } from '../../_helpers/shop';
import { network, shopModel, slow, type ShopUnit } from '../../_helpers/shop-tree';
import { startCli, type CliResult, type RunningCli } from '../../_helpers/terrace-cli';
import { until } from '../../_helpers/until';

const workspaces = workspacesIn(path.join(projectRoot, '.terrace'));
let shop: Shop;
/** Stands between everything and the sandbox; holds terraform where the test wants it. */
let proxy: FaultyProxy;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  shop = await openShop();
  proxy = await faultyProxy(shop.env['HTTP_PROXY'] ?? '');
  env = { ...shop.env, ...proxy.variables };
}, 600_000);
afterEach(() => proxy.heal());
afterAll(async () => {
  await proxy.close();
  await shop.dispose();
});

function targetOf(unit: ShopUnit): StateTarget {
  const [model] = shopModel([unit]).units;
  if (model === undefined) throw new Error('no unit');
  return model;
}

/** Holds terraform where it has taken the lock of a unit and asks for its state. */
function holdPlanOf(id: string): { readonly held: () => boolean; readonly release: () => void } {
  let [locked, held] = [false, false];
  let release: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  proxy.fail(({ service, method, operation, path: at, body }) => {
    if (operation === 'PutItem' && body.includes(`${id}/terraform.tfstate`)) locked = true;
    if (!locked || service !== 's3' || !['GET', 'HEAD'].includes(method) || !at.includes(`${id}/terraform.tfstate`)) return undefined;
    held = true;
    return { kind: 'held', until };
  });
  return { held: () => held, release };
}

/** Everything that a plan which broke off must not leave. */
async function traces(place: string, running: RunningCli, unit: ShopUnit): Promise<object> {
  const siblings = existsSync(path.dirname(place)) ? readdirSync(path.dirname(place)) : [];
  return {
    bundle: siblings.filter((name) => name.startsWith(path.basename(place))),
    workspaces: readdirSync(workspaces).filter((name) => name.startsWith(`${running.pid}-`)),
    lock: (await awsStates.holder(targetOf(unit), shop.env))?.operation,
  };
}

const nothing = { bundle: [], workspaces: [], lock: undefined };
const cli = (...args: readonly string[]): Promise<CliResult> => startCli(args, shop.env).ended;

test.each(['process', 'group'] as const)(
  'Ctrl-C in the middle of a plan, sent to the %s: no lock, no bundle, and the next plan works',
  async (to) => {
    const units = [
      { ...network(), id: `plan-${to}/one` },
      { ...network(), id: `plan-${to}/two` },
    ] as const;
    shop.write(units);
    const place = shop.at(`plan-${to}`, 'bundle');
    const { held, release } = holdPlanOf(`plan-${to}/one`);
    const plan = ['plan', '--tree', shop.at('live'), '--parallel', '1', '--out', place, '--events', shop.at(`${to}.jsonl`)];
    const running = startCli(plan, env);
    await until(held);
    expect((await awsStates.holder(targetOf(units[0]), shop.env))?.operation).toBe('OperationTypePlan');
    running.signal('SIGINT', to);
    // terraform has its signal before it gets its answer.
    setTimeout(release, 500);
    const { code, stdout, stderr } = await running.ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Interrupted: waiting for terraform to end cleanly and to release its locks');
    expect(stderr).toContain('E6036 interrupted');
    expect(stderr).toContain('no bundle was written');
    expect(await traces(place, running, units[0])).toEqual(nothing);
    expect(interruptsOf(units[0])).toEqual([true, false]);
    proxy.heal();
    expect((await cli(...plan)).code).toBe(0);
  },
  600_000,
);

test.each(['process', 'group'] as const)(
  'Ctrl-C in the middle of an apply, sent to the %s: no lock, what is done is kept, and the next round works',
  async (to) => {
    const [one, two] = [slow(`apply-${to}/one`, shop.at(`began-${to}`), 30), { ...network(), id: `apply-${to}/two` }];
    shop.write([one, two]);
    const place = shop.at(`apply-${to}`);
    const plan = (out: string): Promise<CliResult> => cli('plan', '--tree', shop.at('live'), '--out', out);
    expect((await plan(place)).code).toBe(0);
    expect((await cli('approve', place)).code).toBe(0);
    const running = startCli(['apply', place, '--parallel', '1'], shop.env);
    await until(() => existsSync(shop.at(`began-${to}`)));
    running.signal('SIGINT', to);
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('terraform apply was interrupted and ended cleanly');
    expect(stderr).toContain('interrupted; 1 unit was not begun');
    expect(await traces(place, running, one)).toMatchObject({ workspaces: [], lock: undefined });
    expect(interruptsOf(one)).toEqual([true, false]);
    expect((await awsStates.read(targetOf(one), shop.env))?.text).toContain('"quick"');
    expect(await awsStates.read(targetOf(two), shop.env)).toBeUndefined();

    const again = await cli('apply', place);
    expect([again.code, again.stderr.includes('E6016')]).toEqual([3, true]);
    shop.write([{ ...one, json: { resource: { terraform_data: { quick: { input: 'q' } } } } }, two]);
    expect((await plan(`${place}-2`)).code).toBe(0);
    expect((await cli('approve', `${place}-2`)).code).toBe(0);
    expect((await cli('apply', `${place}-2`)).code).toBe(0);
  },
  600_000,
);

test('terraform killed while it plans: the unit fails, the lock it left is named to the next plan and never released by force', async () => {
  const unit = { ...network(), id: 'killed/plan' };
  shop.write([unit]);
  const { held, release } = holdPlanOf('killed/plan');
  const place = shop.at('killed', 'bundle');
  const running = startCli(['plan', '--tree', shop.at('live'), '--out', place], env);
  await until(held);
  for (const pid of childrenOf(running.pid)) process.kill(pid, 'SIGKILL');
  const { code, stderr } = await running.ended;
  release();
  expect(code).toBe(1);
  expect(stderr).toContain('terraform plan was killed by SIGKILL');
  expect(stderr).toContain('terrace lock list');
  expect(await traces(place, running, unit)).toEqual({ bundle: [], workspaces: [], lock: 'OperationTypePlan' });
  const access = await openState(targetOf(unit), shop.env);
  const standing = await itemPlace(access).read();
  if (standing?.lock === undefined) throw new Error('no lock');
  const again = await cli('plan', '--tree', shop.at('live'), '--out', place);
  expect([again.code, again.stderr.includes('E4401'), again.stderr.includes(standing.lock.id)]).toEqual([4, true, true]);
  expect((await itemPlace(access).read())?.lock?.id).toBe(standing.lock.id);
  await itemPlace(access).remove(standing);
  access.close();
  expect((await cli('plan', '--tree', shop.at('live'), '--out', place)).code).toBe(0);
}, 600_000);

test('Terrace killed while it plans: no bundle, and the next run clears its workspace away', async () => {
  const unit = { ...network(), id: 'killed/terrace' };
  shop.write([unit]);
  const place = shop.at('killed-terrace', 'bundle');
  const running = startCli(['plan', '--tree', shop.at('live'), '--no-lock', '--out', place], env);
  proxy.fail(({ service, path: at }) =>
    service === 's3' && at.includes('killed/terrace/terraform.tfstate')
      ? { kind: 'held', until: new Promise((done) => setTimeout(done, 2000)) }
      : undefined,
  );
  await until(() => existsSync(workspaces) && readdirSync(workspaces).some((name) => name.startsWith(`${running.pid}-`)));
  running.signal('SIGKILL', 'process');
  await running.ended;
  expect(existsSync(place)).toBe(false);
  proxy.heal();
  expect((await cli('plan', '--tree', shop.at('live'), '--out', place)).code).toBe(0);
  expect(await traces(place, running, unit)).toMatchObject({ workspaces: [], lock: undefined });
}, 600_000);

/** Whether terraform was told once, and whether it was told twice: then it goes at once, whatever it leaves. */
function interruptsOf(unit: ShopUnit): readonly boolean[] {
  const log = readFileSync(path.join(projectRoot, '.terrace', 'logs', `${targetOf(unit).path}.log`), 'utf8');
  return [/Interrupt received/.test(log), /Two interrupts received/.test(log)];
}

/** The terraforms that a process runs in folders of its own. */
function childrenOf(pid: number): readonly number[] {
  return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number)
    .filter((child) => readlinkSync(`/proc/${child}/cwd`).startsWith(workspaces));
}
