import { expect, test } from '@jest/globals';
import { Annotations, Aspects, DataResource } from 'cdktf';

import { jsonOfUnits, problemsOfUnits, unitOf } from '../_helpers/lone-unit';

test('an aspect sees each construct below it once, the outer aspects first', async () => {
  const seen: string[] = [];
  await jsonOfUnits({
    'app/web': unitOf((unit) => {
      const held = new DataResource(unit, 'held', {});
      const note = (name: string) => ({ visit: (construct: object) => void (construct === held && seen.push(name)) });
      const outer = note('outer');
      Aspects.of(unit).add(outer);
      Aspects.of(unit).add(outer);
      Aspects.of(held).add(note('inner'));
    }),
  });
  expect(seen).toEqual(['outer', 'inner']);
});

test('what an aspect changes is written', async () => {
  const json = await jsonOfUnits({
    'app/web': unitOf((unit) => {
      new DataResource(unit, 'held', {});
      Aspects.of(unit).add({
        visit: (construct) => {
          if (construct instanceof DataResource) construct.addOverride('input', 'by the aspect');
        },
      });
    }),
  });
  expect(json['app/web'].resource.terraform_data.held).toMatchObject({ input: 'by the aspect' });
});

test('an error annotation, and what a validation says, refuse the unit with its place', async () => {
  const problems = await problemsOfUnits({
    'app/web': unitOf((unit) => Annotations.of(new DataResource(unit, 'held', {})).addError('not like this')),
    'app/api': unitOf((unit) => unit.node.addValidation({ validate: () => ['too small'] })),
  });
  expect(problems.map(({ code, place, found }) => [code, place, found])).toEqual([
    ['E3101', 'demo-dev-eu-app-api', expect.stringContaining('too small')],
    ['E3101', 'demo-dev-eu-app-web', expect.stringContaining('[demo-dev-eu-app-web/held] not like this')],
  ]);
});
