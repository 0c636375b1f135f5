import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { errorNamed, errorText } from '../../terrace/cli/error-catalogue';
import catalogue from '../../terrace/cli/error-catalogue.json';
import { projectRoot } from '../_helpers/project-root';
import { problemsOf } from '../_helpers/demo-project';

test('an error is told by its code: title, causes as their reader meets them, what was expected and what to do', () => {
  expect(errorText(errorNamed('E1305')).split('\n')).toEqual([
    'E1305 dependency on another environment',
    '',
    '  cause: it depends on <path>',
    '  expected: units of its own environment (its regions and global), and units elsewhere that are shared',
    '  to do: pass the value in the source, or as a variable; or say `override readonly shared = true` in the unit that may be read from everywhere',
    '',
    '  example:',
    '    E1305 dependency on another environment   olechka/dev/eu-central-1/network/vpc',
    '      it depends on olechka/dev/eu-central-1/network/vpc',
    '      expected: units of its own environment (its regions and global), and units elsewhere that are shared',
    '      pass the value in the source, or as a variable; or say `override readonly shared = true` in the unit that may be read from everywhere',
  ]);
  expect(errorText(errorNamed('E6016'))).toContain('to do: when its process is gone, `terrace lock release <unit> --id <id>`');
});

test('every error says why and what to do, shows an example, and stands in the document with it', () => {
  const document = readFileSync(path.join(projectRoot, 'docs', 'errors.md'), 'utf8');
  const all = Object.entries(catalogue);
  expect(all.filter(([, { messages }]) => !messages.some((one) => 'todo' in one)).map(([code]) => code)).toEqual([]);
  expect(all.flatMap(([code, { messages }]) => (messages.some((one) => 'found' in one) ? [] : [code]))).toEqual([]);
  expect(all.filter(([code, { title, example }]) => !example[0]?.startsWith(`${code} ${title}`) || example.length < 3)).toEqual([]);
  for (const [, { example }] of all) expect(document).toContain(`\`\`\`text\n${example.join('\n')}\n\`\`\`\n`);
  expect(all.filter(([code, { title }]) => !document.includes(`### ${code} ${title}\n`)).map(([code]) => code)).toEqual([]);
  expect(all.length).toBeGreaterThan(200);
});

test('a code that there is not is refused with the nearest one', async () => {
  const [problem] = await problemsOf(Promise.resolve().then(() => errorNamed('E1399')));
  expect(problem).toMatchObject({ code: 'E0014', place: 'E1399' });
  expect(problem?.todo).toMatch(/^did you mean E13\d\d\?$/);
});
