import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeEach, expect, test } from '@jest/globals';

import { planAfterInit } from '../../../terrace/delivery/plan/plan-after-init';
import { forgetInit, keepInit, neededInit, takeInit } from '../../../terrace/delivery/terraform/kept-init';
import { fakeDelivery, MemoryStates } from '../../_helpers/delivery-fakes';
import { temporaryFolder } from '../../_helpers/sandbox';
import { network, shopJson, shopModel } from '../../_helpers/shop-tree';

const folder = temporaryFolder('terrace-kept-');
const at = (...names: readonly string[]): string => path.join(folder, ...names);
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(at('provider'), { recursive: true });
  mkdirSync(at('data', 'providers', 'registry.terraform.io', 'hashicorp'), { recursive: true });
  writeFileSync(at('data', 'terraform.tfstate'), chosen('a'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chosen = (key: string): string => JSON.stringify({ backend: { type: 's3', config: { key, region: null }, hash: 1 } });
const needed = (name: string) => ({ file: at(name), backend: { s3: { key: 'a' } } });
const binary = { path: '/usr/bin/terraform', name: 'terraform', version: '1.11.4' } as const;
const reattach = JSON.stringify({ 'registry.terraform.io/hashicorp/aws': { Addr: { String: '127.0.0.1:1' } } });
const json = (key: string, rest: object = {}): string => JSON.stringify({ terraform: { backend: { s3: { key } } }, ...rest });
const fileOf = (main: string, more: Readonly<Record<string, string>> = {}, env: NodeJS.ProcessEnv = { TF_REATTACH_PROVIDERS: reattach }) =>
  neededInit(
    { binary, work: folder },
    new Map(Object.entries({ 'main.tf.json': main, ...more }).map(([name, text]) => [name, Buffer.from(text)])),
    env,
    ['init'],
  )?.file;

test('an init is kept for one backend, lock file and set of providers, wherever they listen', () => {
  const file = fileOf(json('a'));
  expect(file).toMatch(/init\/[0-9a-f]{40}\.json$/);
  expect(fileOf(json('a', { resource: { x: 1 } }))).toBe(file);
  expect(fileOf(json('a'), {}, { TF_REATTACH_PROVIDERS: reattach.replace('127.0.0.1:1', '127.0.0.1:2') })).toBe(file);
  const others = [
    fileOf(json('b')),
    fileOf(json('a'), { '.terraform.lock.hcl': 'provider "x" {}' }),
    fileOf(json('a'), {}, { TF_REATTACH_PROVIDERS: reattach.replace('aws', 'azurerm') }),
    neededInit(
      { binary: { ...binary, version: '1.12.0' }, work: folder },
      new Map([['main.tf.json', Buffer.from(json('a'))]]),
      { TF_REATTACH_PROVIDERS: reattach },
      ['init'],
    )?.file,
  ];
  expect(new Set([file, ...others]).size).toBe(5);
});

test('an init that installs modules, reads more configuration or writes a lock file is not kept', () => {
  expect(fileOf(json('a', { module: { m: { source: './m' } } }))).toBeUndefined();
  expect(fileOf(json('a'), { 'more.tf': 'module "m" {}' })).toBeUndefined();
  expect(fileOf(json('a'), {}, {})).toBeUndefined();
});

test('the backend and links to providers come back as they were, and are gone when they are forgotten', () => {
  symlinkSync('../../../../provider', at('data', 'providers', 'registry.terraform.io', 'hashicorp', 'aws'));
  keepInit(needed('kept.json'), at('data'));
  expect(takeInit(needed('kept.json'), at('again'))).toBe(true);
  expect(readFileSync(at('again', 'terraform.tfstate'), 'utf8')).toBe(chosen('a'));
  const link = at('again', 'providers', 'registry.terraform.io', 'hashicorp', 'aws');
  expect([lstatSync(link).isSymbolicLink(), readlinkSync(link)]).toEqual([true, at('provider')]);
  forgetInit(needed('kept.json'), at('again'));
  expect([existsSync(at('kept.json')), existsSync(at('again')), takeInit(needed('kept.json'), at('more'))]).toEqual([false, false, false]);
});

test('a provider that was installed as a file is not kept, and one that is gone is not linked to', () => {
  symlinkSync(at('provider'), at('data', 'providers', 'registry.terraform.io', 'hashicorp', 'aws'));
  keepInit(needed('kept.json'), at('data'));
  rmSync(at('provider'), { recursive: true });
  expect([takeInit(needed('kept.json'), at('again')), existsSync(at('again'))]).toEqual([false, false]);
  writeFileSync(at('data', 'providers', 'terraform-provider-aws'), 'program');
  keepInit(needed('other.json'), at('data'));
  expect(existsSync(at('other.json'))).toBe(false);
});

test('an init of another backend is not taken, although terraform would go by it', () => {
  for (const other of [
    chosen('b'),
    '{"backend":{"type":"s3","config":{"key":"a","bucket":"b"}}}',
    '{"backend":{"type":"gcs","config":{"key":"a"}}}',
    '{',
    '{}',
  ]) {
    writeFileSync(at('data', 'terraform.tfstate'), other);
    keepInit(needed('kept.json'), at('data'));
    expect([takeInit(needed('kept.json'), at('again')), existsSync(at('again'))]).toEqual([false, false]);
  }
});

test('what cannot be read is no kept init', () => {
  for (const text of ['', '{', '{"version":2,"backend":"","links":{}}', '{"version":1,"backend":1,"links":{}}', '[]']) {
    writeFileSync(at('kept.json'), text);
    expect(takeInit(needed('kept.json'), at('again'))).toBe(false);
  }
});

test('a kept init that terraform refuses is forgotten, and init runs', async () => {
  const unit = { ...network(), id: `network/vpc-${randomBytes(4).toString('hex')}` };
  const [model] = shopModel([unit]).units;
  if (model === undefined) throw new RangeError(unit.id);
  const main = JSON.stringify(shopJson(unit));
  const ran: unknown[] = [];
  const data = at('workspace', '.terraform');
  const { terraform } = JSON.parse(main) as { readonly terraform: { readonly backend: { readonly s3: object } } };
  const leave = (): void => {
    mkdirSync(data, { recursive: true });
    writeFileSync(path.join(data, 'terraform.tfstate'), JSON.stringify({ backend: { type: 's3', config: terraform.backend.s3 } }));
  };
  const plan = async (refusal: string): Promise<number> => {
    rmSync(at('workspace'), { recursive: true, force: true });
    mkdirSync(at('workspace'), { recursive: true });
    writeFileSync(at('workspace', 'main.tf.json'), main);
    const initialised = (): boolean => ran.includes('init');
    const context = fakeDelivery({
      states: new MemoryStates(),
      onRun: (run) => {
        ran.push(run.args[0]);
        if (run.args[0] === 'init') leave();
        return run.args[0] === 'plan' && !initialised() ? { exitCode: 1, stderr: refusal } : undefined;
      },
    });
    const access = { stateAccount: '123456789012', credentials: { kind: 'ambient' } } as const;
    const target = { unit: model, access, files: new Map([['main.tf.json', Buffer.from(main)]]), operation: 'apply' } as const;
    const step = { unit: model.path, log: 'log' };
    const env = { TF_REATTACH_PROVIDERS: reattach };
    return (await planAfterInit(context, target, { cwd: at('workspace'), env, initEnv: env, step }, ['plan'])).exitCode;
  };
  expect([await plan(''), ran.splice(0)]).toEqual([0, ['init', 'plan']]);
  expect([await plan('Error: no such zone'), ran.splice(0)]).toEqual([1, ['plan']]);
  expect([await plan('Error: Required plugins are not installed … run:\n  terraform init'), ran.splice(0)]).toEqual([
    0,
    ['plan', 'init', 'plan'],
  ]);
});
