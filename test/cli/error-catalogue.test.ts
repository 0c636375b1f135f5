import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { errorCodeIn, errorNamed, errorText } from '../../terrace/cli/error-catalogue';
import catalogue from '../../terrace/cli/error-catalogue.json';
import { projectRoot } from '../_helpers/project-root';
import { problemsOf } from '../_helpers/demo-project';

test('an error is told by its code: title, causes as their reader meets them, what was expected and what to do', () => {
  expect(errorText(errorNamed('E1305')).split('\n')).toEqual([
    'E1305 dependency on another environment',
    '',
    '  cause: it depends on <path>',
    '  expected: units of its own environment (its regions and global), or units elsewhere that are shared',
    '  to do: pass the value in the source or as a variable, or set `override readonly shared = true` in the unit that may be read from anywhere',
    '',
    '  example:',
    '    E1305 dependency on another environment   olechka/staging/eu-central-1/network/alb',
    '      it depends on olechka/dev/eu-central-1/network/vpc',
    '      expected: units of its own environment (its regions and global), or units elsewhere that are shared',
    '      pass the value in the source or as a variable, or set `override readonly shared = true` in the unit that may be read from anywhere',
  ]);
  expect(errorText(errorNamed('E6016'))).toContain('to do: once its process is gone, `terrace lock release <unit> --id <id>`');
});

test('a code is known however it is typed, and its text fits the terminal without breaking a word', () => {
  expect(['E6016', 'e6016', '6016', 'E60160', 'olechka', 'e60'].map(errorCodeIn)).toEqual([
    'E6016',
    'E6016',
    'E6016',
    'E60160',
    undefined,
    undefined,
  ]);
  expect(() => errorNamed('E60160')).toThrow(/E0014 unknown error code[\s\S]*did you mean E60\d\d\?/);
  for (const width of [60, 80, 120]) {
    const [causes = ''] = errorText(errorNamed('E6016'), width).split('\n\n  example:');
    expect(causes.split('\n').filter((line) => line.length > width)).toEqual([]);
    expect(causes.replaceAll(/\n {4}/g, ' ')).toBe(errorText(errorNamed('E6016')).split('\n\n  example:')[0]);
  }
});

test('what a message fills in has a name that says what it is', () => {
  const unclear = /<(?:true|false|tail|second|reserve|replace|fresh|laid|left)>|<([a-z ]+)><\1>/;
  const texts = Object.entries(catalogue).flatMap(([code, { messages }]) =>
    messages.flatMap((message) => Object.values(message).map((text) => [code, text] as const)),
  );
  expect(texts.filter(([, text]) => unclear.test(text)).map(([code, text]) => `${code}: ${text}`)).toEqual([]);
});

test('every error says why and what to do, shows an example, and stands in the document with it', () => {
  const document = readFileSync(path.join(projectRoot, 'docs', 'errors.md'), 'utf8');
  const all = Object.entries(catalogue);
  expect(all.filter(([, { messages }]) => !messages.every((one) => 'todo' in one)).map(([code]) => code)).toEqual([]);
  expect(all.flatMap(([code, { messages }]) => (messages.length > 0 && messages.every((one) => 'found' in one) ? [] : [code]))).toEqual([]);
  expect(all.filter(([code, { title, example }]) => !example[0]?.startsWith(`${code} ${title}`) || example.length < 3)).toEqual([]);
  for (const [, { example }] of all) expect(document).toContain(`\`\`\`text\n${example.join('\n')}\n\`\`\`\n`);
  expect(all.filter(([code, { title }]) => !document.includes(`### ${code} ${title}\n`)).map(([code]) => code)).toEqual([]);
  expect(all.length).toBeGreaterThan(200);
});

test('an example is what a reader meets: nothing in it is left open, and it does not only repeat its cause', () => {
  const byReader =
    /<(?!(?:system|environment|region|layer|unit|owner|name|os|architecture|account|commit|bundle|selectors|id|plan)>)[a-z][a-z ]*>/;
  const all = Object.entries(catalogue);
  expect(all.filter(([, { example }]) => example.some((line) => byReader.test(line))).map(([code]) => code)).toEqual([]);
  expect(all.filter(([, { example }]) => /the message (?:has|names|says)/.test(example.join(' '))).map(([code]) => code)).toEqual([]);
  expect(errorNamed('E2104').example).toEqual([
    'E2104 overlapping CIDR   stacks/olechka/staging/eu-central-1/region.ts',
    '  network/vpc: 10.10.0.0/16 overlaps production/eu-central-1 10.10.0.0/16',
    '  expected: disjoint networks over all environments and regions of a system',
    '  give one of them another block',
  ]);
});

test('a code that does not exist is refused with the nearest one', async () => {
  const [problem] = await problemsOf(Promise.resolve().then(() => errorNamed('E1399')));
  expect(problem).toMatchObject({ code: 'E0014', place: 'E1399' });
  expect(problem?.todo).toMatch(/^did you mean E13\d\d\?$/);
});
