import { expect, test } from '@jest/globals';
import { DataResource, Fn, Op, TerraformOutput, Token } from 'cdktf';

import { expression, literal } from '../../terrace/tree/literal';
import { jsonOfUnits, problemsOfUnits, unitOf } from '../_helpers/lone-unit';
import { terraformFolder } from '../_helpers/terraform-folder';

const texts: Readonly<Record<string, string>> = {
  dollar: 'a ${b} c',
  dollarOnly: '${',
  percent: 'x %{ if true } y',
  escaped: '$${kept}',
  thrice: '$$${kept} %%%{x',
  backslash: 'C:\\dir\\new "q" \\n',
  newline: 'l1\nl2\r\n\tl3',
  emoji: 'ü 🚀 \u2028 日本',
  html: '<a&b>',
  trailing: 'ends with $',
  nested: '${"${x}"}',
  bash: 'echo "${HOME:-x}" $$ $(pwd) %%{',
  quoted: '"quoted"',
  quote: '"',
  control: 'a\u0001b',
};
const marked = Object.keys(texts).filter((key) => /[$%]\{/.test(texts[key] ?? ''));

test('every text arrives in terraform as it is: literally, beside a value, and within each function', async () => {
  const json = await jsonOfUnits({
    'a/own': unitOf((unit) => {
      const known = new DataResource(unit, 'known', { input: { value: 'V' } });
      const value = Token.asString(expression(`${known.fqn}.output.value`));
      for (const [key, text] of Object.entries(texts)) {
        const own = marked.includes(key) ? literal(text) : text;
        const give = (name: string, given: unknown): void => void new TerraformOutput(unit, `${key}_${name}`, { value: given });
        give('alone', own);
        give('before', `${own}${value}`);
        give('after', `${value}${own}`);
        give('join', Fn.join('|', [value, text, own]));
        give('json', Fn.jsondecode(Fn.jsonencode({ [`k ${key}`]: value, lit: text, own, both: `${text}${value}` })));
        give('keys', Fn.jsondecode(Fn.jsonencode({ [text]: 1 })));
        give('equal', Op.eq(text, own));
        give('raw', Fn.upper(Fn.rawString(text)));
      }
      new TerraformOutput(unit, 'zero', { value: Op.eq(Fn.lengthOf([]), 0) });
      new TerraformOutput(unit, 'precedence', { value: Op.add(1, Token.asNumber(Fn.conditional(Op.eq(value, 'no'), 10, 20))) });
    }),
  });
  const { terraform: _, ...rest } = json['a/own'];
  const folder = terraformFolder(rest);
  const env = { ...process.env, TF_CLI_CONFIG_FILE: undefined };
  await folder.run(env, 'init', '-input=false');
  const applied = await folder.run(env, 'apply', '-input=false', '-auto-approve', '-no-color');
  expect(applied).toMatchObject({ exitCode: 0 });
  const outputs: Record<string, { value: unknown }> = JSON.parse((await folder.run(env, 'output', '-json')).stdout);
  const got = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  for (const [key, text] of Object.entries(texts))
    expect(Object.fromEntries(Object.entries(got).filter(([name]) => name.startsWith(`${key}_`)))).toEqual({
      [`${key}_alone`]: text,
      [`${key}_before`]: `${text}V`,
      [`${key}_after`]: `V${text}`,
      [`${key}_join`]: `V|${text}|${text}`,
      [`${key}_json`]: { [`k ${key}`]: 'V', lit: text, own: text, both: `${text}V` },
      [`${key}_keys`]: { [text]: 1 },
      [`${key}_equal`]: true,
      [`${key}_raw`]: text.toUpperCase(),
    });
  expect([got['zero'], got['precedence']]).toEqual([true, 21]);
}, 600_000);

test.each(marked.map((key) => [key, texts[key] ?? '']))('plain text with the marks of a template is refused: %s', async (_, text) => {
  const problems = await problemsOfUnits({ 'a/own': unitOf((unit) => void new DataResource(unit, 'one', { input: { script: text } })) });
  expect(problems).toEqual([expect.objectContaining({ code: 'E3103', place: 'demo/dev/eu/a/own   terraform_data.one: input.script' })]);
  expect(problems[0]?.todo).toMatch(/literal\('…'\).*expression\('…'\)/);
});

test('marks in an override, a local and an output are refused as well; in the description of a variable they are text', async () => {
  const problems = await problemsOfUnits({
    'a/own': unitOf((unit) => {
      new DataResource(unit, 'one', {}).addOverride('count', '${var.size}');
      new TerraformOutput(unit, 'two', { value: ['%{ if x }'], description: 'costs ${5}' });
    }),
  });
  expect(problems.map(({ code, place }) => [code, place])).toEqual([
    ['E3103', 'demo/dev/eu/a/own   terraform_data.one: count'],
    ['E3103', 'demo/dev/eu/a/own   output.two: value.0'],
  ]);
});

test('an expression that terraform cannot parse is refused with its place and what the parser says', async () => {
  const problems = await problemsOfUnits({
    'a/own': unitOf((unit) => void new DataResource(unit, 'one', { input: { size: expression('length(var.x') } })),
    'a/two': unitOf((unit) => void new DataResource(unit, 'one', { input: { size: expression('length(var.x)') } })),
  });
  expect(problems).toEqual([
    expect.objectContaining({
      code: 'E3104',
      place: 'demo/dev/eu/a/own   terraform_data.one: input.size',
      found: expect.stringMatching(/^'\$\{length\(var\.x\}': \S/),
    }),
  ]);
});
