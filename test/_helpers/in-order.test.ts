import { expect, test } from '@jest/globals';

import { inOrder, steps } from './in-order';

function story(): { readonly told: string[]; readonly chapters: readonly (() => Promise<void>)[] } {
  const told: string[] = [];
  const add = steps();
  const chapters = ['first', 'second', 'third'].map((name) =>
    add(async () => {
      await Promise.resolve();
      told.push(name);
      if (name === 'second') throw new Error('second went wrong');
    }),
  );
  return { told, chapters };
}

test('a step runs those before it that did not run yet, each once, in the order in which they were added', async () => {
  const { told, chapters } = story();
  await chapters[2]?.();
  await chapters[0]?.();
  await chapters[2]?.();
  expect(told).toEqual(['first', 'second', 'third']);
});

test('a step that failed fails where it is asked for, and not the one after it', async () => {
  const { told, chapters } = story();
  await expect(chapters[2]?.()).resolves.toBeUndefined();
  await expect(chapters[1]?.()).rejects.toThrow('second went wrong');
  expect(told).toEqual(['first', 'second', 'third']);
});

const told: string[] = [];
const step = inOrder();
step('a story begins', () => void told.push('begins'));
step.each([
  ['its middle', 1],
  ['its end', 2],
])('a row is a step of its own: %s', (name, number) => {
  told.push(name);
  expect(told).toEqual(['begins', 'its middle', 'its end'].slice(0, number + 1));
});
