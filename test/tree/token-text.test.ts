import { createHash } from 'node:crypto';

import { expect, test } from '@jest/globals';
import { DataResource } from 'cdktf';

import { jsonOfUnits, problemsOfUnits, unitOf } from '../_helpers/lone-unit';

const made = (make: (id: string) => unknown) => ({
  'a/own': unitOf((unit) => {
    const one = new DataResource(unit, 'one', {});
    new DataResource(unit, 'two', { input: { value: make(one.id) } });
  }),
});

test.each<readonly [string, (id: string) => unknown, RegExp]>([
  ['upper case', (id) => id.toUpperCase(), /Fn\.upper/],
  ['lower case', (id) => `X${id}`.toLowerCase(), /Fn\.lower/],
  ['a slice', (id) => id.slice(3), /Fn\.substr/],
  ['a substring', (id) => id.substring(0, 8), /Fn\.substr/],
  ['a letter', (id) => id.charAt(0), /Fn\.substr/],
  ['a part between separators', (id) => id.split('-')[0], /Fn\.split/],
  ['letters', (id) => Array.from(id).reverse().join(''), /Fn\.split/],
  ['padding', (id) => id.padStart(40, '0'), /Fn\.format/],
  ['order', (id) => [id, 'b'].sort().join(), /Fn\.sort/],
  ['a hash', (id) => createHash('sha256').update(id).digest('hex'), /Fn\.sha256/],
])('%s of a text with a value in it is refused where it is written', async (_, make, way) => {
  const [problem] = await problemsOfUnits(made(make));
  expect(problem).toMatchObject({ code: 'E1311', place: expect.stringMatching(/^test\/tree\/token-text\.test\.ts:\d+$/) });
  expect(problem?.todo).toMatch(way);
});

test.each<readonly [string, (id: string) => unknown]>([
  ['base64', (id) => Buffer.from(`pre ${id}`).toString('base64')],
  ['base64, one byte further', (id) => Buffer.from(`pre1 ${id}`).toString('base64')],
  ['base64 of URLs, two bytes further', (id) => Buffer.from(`pre12 ${id}`).toString('base64url')],
  ['URI form', (id) => encodeURIComponent(id)],
  ['hexadecimal digits', (id) => Buffer.from(id).toString('hex')],
  ['another bracket', (id) => id.replace('[', '(')],
  ['half of it', (id) => id.replace('${TfToken', '')],
  ['text that looks like a number of cdktf', () => String(-1.8881545897087503e289)],
])('%s of a text with a value in it is found in what was synthesized', async (_, make) => {
  expect(await problemsOfUnits(made(make))).toEqual([
    expect.objectContaining({ code: 'E3102', place: 'demo/dev/eu/a/own   terraform_data.two: input.value' }),
  ]);
});

test.each([
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [2 ** 60, '1152921504606847000'],
])('the number %d is refused: JSON would hold another', async (value, found) => {
  expect(await problemsOfUnits(made(() => value))).toEqual([expect.objectContaining({ code: 'E3105', found })]);
});

test('text that is put together, taken into lines and indented is applied as it is', async () => {
  const json = await jsonOfUnits(
    made((id) =>
      `id: ${id}\nend`
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n'),
    ),
  );
  expect(json['a/own'].resource.terraform_data.two.input.value).toBe('  id: ${terraform_data.one.id}\n  end');
});
