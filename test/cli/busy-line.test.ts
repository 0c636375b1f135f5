import { stripVTControlCharacters } from 'node:util';

import { expect, test } from '@jest/globals';

import { withBusyLine } from '../../terrace/cli/busy-line';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, columns: 20, write: (text: string | Uint8Array) => written.push(String(text)) > 0 } };
}

test('a terminal shows what goes on in one line, which is gone afterwards, also after a failure', async () => {
  const { written, stream } = terminal(true);
  expect(await withBusyLine('looking', async () => stripVTControlCharacters(written.join('')), stream)).toBe('looking …');
  await expect(withBusyLine('synthesizing what there is', async () => await Promise.reject(new Error('no')), stream)).rejects.toThrow('no');
  expect(written.map(stripVTControlCharacters)).toEqual(['looking …', '\r', 'synthesizing what t', '\r']);
  expect(written[3]).toBe('\r\u001B[2K');
});

test('a log and a pipe are told nothing', async () => {
  const { written, stream } = terminal(false);
  expect(await withBusyLine('looking', async () => 1, stream)).toBe(1);
  expect(written).toEqual([]);
});
