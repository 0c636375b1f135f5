import { stripVTControlCharacters } from 'node:util';

import { afterEach, expect, jest, test } from '@jest/globals';

import { withBusyLine } from '../../terrace/cli/busy-line';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, columns: 20, write: (text: string | Uint8Array) => written.push(String(text)) > 0 } };
}

const lastLine = (written: readonly string[]): string => stripVTControlCharacters(written.at(-1) ?? '').trim();

afterEach(() => void jest.useRealTimers());

test('a terminal shows what goes on in one line, which is gone afterwards, also after a failure', async () => {
  const { written, stream } = terminal(true);
  expect(await withBusyLine('looking', async () => lastLine(written), stream)).toBe('looking …');
  await expect(withBusyLine('synthesizing what there is', async () => await Promise.reject(new Error('no')), stream)).rejects.toThrow('no');
  expect(written.map(stripVTControlCharacters)).toEqual(['\rlooking …', '\r', '\rsynthesizing what t', '\r']);
  expect(written[3]).toBe('\r\u001B[2K');
});

test('a log and a pipe are told nothing', async () => {
  const { written, stream } = terminal(false);
  expect(await withBusyLine('looking', async () => 1, stream)).toBe(1);
  expect(written).toEqual([]);
});

test('what takes long says for how long it runs', async () => {
  jest.useFakeTimers();
  const { written, stream } = terminal(true);
  let end = (): void => undefined;
  const work = withBusyLine('looking', () => new Promise<void>((resolve) => (end = resolve)), stream);
  await jest.advanceTimersByTimeAsync(12_000);
  expect(lastLine(written)).toBe('looking … 12 s');
  await jest.advanceTimersByTimeAsync(60_000);
  expect(lastLine(written)).toBe('looking … 1:12');
  end();
  await work;
});
