import { execFileSync, execSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import os from 'node:os';

import { expect, test } from '@jest/globals';
import { DataResource, Lazy } from 'cdktf';

import { fromOutside } from '../../terrace/tree/closed-source';
import type { Project } from '../../terrace/tree/project';
import { build, demoProject, demoSystem, problemsOf } from '../_helpers/demo-project';
import { jsonOfUnits, problemsOfUnits, unitOf } from '../_helpers/lone-unit';

const reading = (read: () => unknown) => ({
  'a/own': unitOf((unit) => void new DataResource(unit, 'one', { input: { value: read() } })),
});
const here = /^test\/tree\/closed-source\.test\.ts:\d+$/;

test.each<readonly [string, () => unknown, string]>([
  ['a variable of the shell', () => process.env['HOME'], 'process.env'],
  ['all variables', () => ({ ...process.env }), 'process.env'],
  ['whether a variable is set', () => 'CI' in process.env, 'process.env'],
  ['the time', () => Date.now(), 'the clock'],
  ['a new date', () => new Date().toISOString(), 'the clock'],
  ['a date as text', () => Date(), 'the clock'],
  ['the time of this process', () => performance.now(), 'the clock'],
  ['a fine time', () => process.hrtime()[0], 'the clock'],
  ['a random number', () => Math.random(), 'random numbers'],
  ['a random id', () => randomUUID(), 'random numbers'],
  ['a random id of the web', () => crypto.randomUUID(), 'random numbers'],
  ['random bytes', () => randomBytes(4).toString('hex'), 'random numbers'],
  ['the name of the computer', () => os.hostname(), 'this computer'],
  ['the user', () => os.userInfo().username, 'this computer'],
  ['what git says', () => execFileSync('git', ['--version']), 'another program'],
  ['what a shell says', () => execSync('date'), 'another program'],
])('%s is refused while the tree is built, in the line that reads it', async (_, read, what) => {
  expect(await problemsOfUnits(reading(read))).toEqual([
    expect.objectContaining({ code: 'E1107', found: `it reads ${what} while the tree is built`, place: expect.stringMatching(here) }),
  ]);
});

test('a read that waits until tokens are resolved is refused, too', async () => {
  const late = reading(() => Lazy.stringValue({ produce: () => process.env['HOME'] }));
  expect((await problemsOfUnits(late))[0]).toMatchObject({ code: 'E1107' });
});

test('a date that is given, and everything after the build, is as ever', async () => {
  const json = await jsonOfUnits(reading(() => new Date('2026-01-02T03:04:05Z').toISOString()));
  expect(json['a/own'].resource.terraform_data.one.input.value).toBe('2026-01-02T03:04:05.000Z');
  expect([typeof Date.now(), new Date(0) instanceof Date, typeof Math.random(), typeof process.env['PATH']]).toEqual([
    'number',
    true,
    'number',
    'string',
  ]);
});

test('fromOutside() is the door, with a reason', async () => {
  process.env['GIVEN_BY_HAND'] = 'blue';
  const json = await jsonOfUnits(reading(() => fromOutside('the colour of the day is given by hand', () => process.env['GIVEN_BY_HAND'])));
  expect(json['a/own'].resource.terraform_data.one.input.value).toBe('blue');
  expect((await problemsOfUnits(reading(() => fromOutside(' ', () => 1))))[0]?.found).toMatch(/needs a reason/);
});

test('what a module reads when it is imported is refused, beside everything else that is wrong', async () => {
  const project: Project = {
    systems: {
      asks: async () => {
        await Promise.resolve();
        const name = process.env['NAME'] ?? 'x';
        return (app) => demoSystem(app, { root: { system: name } });
      },
      misses: async () => {
        throw Object.assign(new Error("Cannot find module './vpc'\nRequire stack:\n- /x"), { code: 'MODULE_NOT_FOUND' });
      },
      sizes: async () => {
        throw new RangeError('10.0.0.0/8 is no /16');
      },
      builds: async () => () => {
        throw new Error('no such network');
      },
    },
  };
  const problems = await problemsOf(build(project));
  expect(problems.map(({ code, found }) => [code, found])).toEqual([
    ['E1107', 'it reads process.env while the tree is built'],
    ['E1106', 'builds: no such network'],
    ['E1106', "misses: Cannot find module './vpc'"],
    ['E1106', 'sizes: 10.0.0.0/8 is no /16'],
  ]);
  expect(problems.every(({ place }) => here.test(place ?? ''))).toBe(true);
});

test('an artifact that cannot be written is said with its line', async () => {
  const project = demoProject({
    change: ({ environments: [environment] }) =>
      environment?.artifact('inventory.ini', () => {
        throw new Error('no hosts');
      }),
  });
  const tree = await build(project);
  expect(() => tree.systems[0]?.environments[0]?.artifacts()).toThrow(
    /^E1109 artifact cannot be written {3}test\/tree\/closed-source\.test\.ts:\d+\n {2}artifacts\/inventory\.ini of demo\/dev: no hosts/,
  );
});
