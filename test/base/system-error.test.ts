import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { messageOf } from '../../terrace/base/message';
import { systemErrorOf } from '../../terrace/base/system-error';
import { uncodedProblem } from '../../terrace/cli/uncoded-problem';
import { readShape } from '../../terrace/cli/actions/seed';
import { readPrivateKey } from '../../terrace/delivery/approval/keys';
import { readContent } from '../../terrace/delivery/bundle/content';
import { policiesInFolder } from '../../terrace/policy/source';
import { temporaryFolder } from '../_helpers/sandbox';

const thrown = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

test('what the system says of a file is said in plain words, with the file unless the place names it', async () => {
  const folder = temporaryFolder('terrace-words-');
  const [absent, file] = [path.join(folder, 'absent.json'), path.join(folder, 'file')];
  writeFileSync(file, '');
  const cases: readonly (readonly [() => unknown, string])[] = [
    [() => readFileSync(absent), `${absent}: there is no such file or folder`],
    [() => readFileSync(folder), 'this is a folder, not a file'],
    [() => readdirSync(file), `${file}: a part of this path is a file, not a folder`],
    [() => mkdirSync(folder), `${folder}: it already exists`],
    [() => writeFileSync(path.join(folder, 'x'.repeat(300)), ''), `${path.join(folder, 'x'.repeat(300))}: the name is too long`],
  ];
  for (const [work, words] of cases) expect(messageOf(await thrown(work))).toBe(words);
  expect(messageOf(await thrown(() => readFileSync(absent)), path.relative(process.cwd(), absent))).toBe('there is no such file or folder');
});

test('what the network and programs say is said in plain words', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const taken = await new Promise<Error>((resolve) => createServer().once('error', resolve).listen(port, '127.0.0.1'));
  expect(messageOf(taken)).toBe(`127.0.0.1:${port}: another program is using this port`);
  await new Promise((resolve) => server.close(resolve));
  const refused = await new Promise<Error>((resolve) => connect(port, '127.0.0.1').once('error', resolve));
  expect(messageOf(refused)).toBe(`127.0.0.1:${port}: nothing listens there`);
  expect(messageOf(await thrown(() => fetch(`http://127.0.0.1:${port}/`)))).toBe(`127.0.0.1:${port}: nothing listens there`);
  const program = path.join(temporaryFolder('terrace-words-'), 'terragrnt');
  const absent = await new Promise<unknown>((resolve) => execFile(program, (error) => resolve(error)));
  expect(messageOf(absent)).toBe(`${program}: there is no such program`);
});

test('an error that is none of the system keeps its words', () => {
  expect(messageOf(new Error('nothing to see'))).toBe('nothing to see');
  expect(messageOf('text')).toBe('text');
  expect(messageOf(new Error('one\ntwo'))).toBe('one\ntwo');
  const own = Object.assign(new Error('the tree is missing: ask Ana'), { code: 'ENOENT' });
  expect([messageOf(own), systemErrorOf(own)]).toEqual(['the tree is missing: ask Ana', undefined]);
});

test('what is no JSON is told in one line, whatever its beginning has', async () => {
  const file = path.join(temporaryFolder('terrace-words-'), 'shape.json');
  writeFileSync(file, '# a title\n\nand text\n');
  expect(messageOf(await thrown(() => JSON.parse(readFileSync(file, 'utf8'))))).not.toContain('\n');
  expect(await thrown(() => readShape(file))).toMatchObject({
    problems: [{ code: 'E9501', found: expect.stringMatching(/^not JSON: [^\n]+$/) }],
  });
});

test('a file that is not there is told in plain words wherever one is given', async () => {
  const absent = path.join(temporaryFolder('terrace-words-'), 'absent');
  for (const work of [() => readShape(absent), () => readPrivateKey(absent), () => readContent(absent), () => policiesInFolder(absent)])
    expect(await thrown(work)).toMatchObject({
      problems: [{ code: expect.stringMatching(/^E\d{4}$/), place: absent, found: 'there is no such file or folder' }],
    });
});

test('a system error that nobody foresaw has a code of its own, and a full disk too', async () => {
  const absent = path.join(temporaryFolder('terrace-words-'), 'reviews.json');
  expect(uncodedProblem(await thrown(() => readFileSync(absent)))).toMatchObject({
    code: 'E0018',
    place: absent,
    found: 'there is no such file or folder',
  });
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(uncodedProblem(full)).toMatchObject({ code: 'E0013', found: 'no space is left on the disk' });
  expect(uncodedProblem(new Error('what is this'))).toMatchObject({ code: 'E0009', found: 'what is this' });
});
