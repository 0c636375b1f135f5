import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Mask, PlanJson } from '../../../terrace/terraform/plan-json';
import type { Json } from '../../../terrace/base/json';
import { maskedDigest, maskedKey } from '../../../terrace/delivery/masking/marker';
import { maskPlan } from '../../../terrace/delivery/masking/mask-plan';

const key = Buffer.alloc(32, 1);

function planWith(change: Partial<NonNullable<PlanJson['resource_changes']>[number]['change']>, rest: Partial<PlanJson> = {}): PlanJson {
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: [
      { address: 'x.a', mode: 'managed', type: 'x', name: 'a', change: { actions: ['update'], before: null, after: null, ...change } },
    ],
    ...rest,
  };
}

const text = (plan: PlanJson, further: readonly Json[] = []): string => JSON.stringify(maskPlan(plan, { key, further }));

function after(plan: PlanJson): Json {
  const masked = maskPlan(plan, { key }) as { readonly resource_changes: readonly { readonly change: { readonly after: Json } }[] };
  return masked.resource_changes[0]?.change.after ?? null;
}

test('G9: marked values are replaced at every depth, before and after', () => {
  const plan = planWith({
    before: { a: { b: ['canary-before', 'open'] } },
    before_sensitive: { a: { b: [true] } },
    after: { a: { b: ['canary-after', 'open'] } },
    after_sensitive: { a: { b: [true, false] } },
  });
  expect(text(plan)).not.toContain('canary');
  expect(text(plan)).toContain('open');
});

test('G9: a copy of a marked value is replaced where it carries no mark, whole or within a text, as key, escaped or in a URL', () => {
  const secret = 'p@ss w"rd/long';
  const plan = planWith(
    {
      after: {
        password: secret,
        copy: secret,
        url: `postgres://u:${encodeURIComponent(secret)}@h`,
        json: JSON.stringify({ secret }),
        map: { [secret]: 1 },
      },
      after_sensitive: { password: true },
    },
    {
      output_changes: { o: { actions: ['create'], after: `the ${secret} leaks`, after_sensitive: false } },
      configuration: {
        root_module: { resources: [{ expressions: { password: { constant_value: secret } } }] },
      } as PlanJson['configuration'] & object,
    },
  );
  expect(text(plan)).not.toContain(secret);
  expect(text(plan)).not.toContain(encodeURIComponent(secret));
  expect(text(plan)).not.toContain(JSON.stringify(secret).slice(1, -1));
});

test('G9: sensitive variables, outputs, prior outputs and sensitive outputs of upstreams are replaced wherever they stand', () => {
  const plan = planWith(
    { after: { a: 'canary-variable', b: 'canary-output', c: 'canary-prior', d: 'canary-upstream' } },
    {
      variables: { pw: { value: 'canary-variable' }, open: { value: 'not-secret' } },
      configuration: { root_module: { variables: { pw: { sensitive: true }, open: {} } } },
      output_changes: { o: { actions: ['create'], after: 'canary-output', after_sensitive: true } },
      prior_state: { values: { outputs: { p: { sensitive: true, value: 'canary-prior' } } } },
    },
  );
  expect(text(plan, ['canary-upstream'])).not.toContain('canary');
  expect(text(plan, ['canary-upstream'])).toContain('not-secret');
});

test('G9: the default of a sensitive variable is shown nowhere, however short it is, in no module; others are', () => {
  const module = { variables: { pin: { sensitive: true, default: 'q7' }, size: { default: 'ordinary' } } };
  const plan = planWith(
    {},
    { configuration: { root_module: { ...module, module_calls: { m: { module: { module_calls: { n: { module } } } } } } } },
  );
  expect(text(plan)).not.toContain('q7');
  expect(text(plan).match(/ordinary/g)).toHaveLength(2);
});

test('what a provider marks and the unit’s files hold in clear is hidden where it is marked, and nothing else for its sake', () => {
  const change = {
    after: { text: 'preview', name: 'app-preview-api', copy: 'really-secret-1', secret: 'really-secret-1' },
    after_sensitive: { text: true, secret: true },
  };
  const masked = JSON.stringify(maskPlan(planWith(change), { key, open: new Set(['preview']) }));
  expect(masked).toContain('"name":"app-preview-api"');
  expect([masked.includes('"preview"'), masked.includes('really-secret-1')]).toEqual([false, false]);
  const given = planWith(change, {
    variables: { v: { value: 'preview' } },
    configuration: { root_module: { variables: { v: { sensitive: true } } } },
  });
  expect(JSON.stringify(maskPlan(given, { key, open: new Set(['preview']) }))).not.toContain('preview');
});

test('keys of a sensitive map that only say what is in it are shown elsewhere; one that is a secret itself is not', () => {
  const data = { DJANGO_SECRET_KEY: 'really-secret-1', 'R4ndomKey-of-a-map-7': 'x' };
  const masked = text(planWith({ after: { data, env: ['DJANGO_SECRET_KEY', 'R4ndomKey-of-a-map-7'] }, after_sensitive: { data: true } }));
  expect([masked.includes('DJANGO_SECRET_KEY'), masked.includes('R4ndomKey')]).toEqual([true, false]);
});

test('G9: what data sources read does not stand in a masked plan', () => {
  const plan = planWith(
    { after: { a: 1 } },
    {
      prior_state: {
        terraform_version: '1.11.4',
        values: {
          root_module: { resources: [{ address: 'data.x.y', mode: 'data', type: 'x', name: 'y', values: { text: 'canary-data' } }] },
        },
      },
    },
  );
  expect(text(plan)).not.toContain('canary');
});

test('equal values have equal markers, different ones different, and neither can be guessed without the key', () => {
  const value = after(
    planWith({ after: { a: 'same-secret', b: 'same-secret', c: 'other-secret' }, after_sensitive: { a: true, b: true, c: true } }),
  ) as { readonly a: Json; readonly b: Json; readonly c: Json };
  expect(maskedDigest(value.a)).toMatch(/^[0-9a-f]{32}$/);
  expect(value.b).toEqual(value.a);
  expect(value.c).not.toEqual(value.a);
  const other = maskPlan(planWith({ after: { a: 'same-secret' }, after_sensitive: { a: true } }), { key: Buffer.alloc(32, 2) });
  expect(JSON.stringify(other)).not.toContain(maskedDigest(value.a));
});

test('a key that looks like a marker is none', () => {
  expect(after(planWith({ after: { a: { [maskedKey]: 'forged' } } }))).toEqual({ a: { [`${maskedKey}'`]: 'forged' } });
});

test('a mask of another shape than its value covers it whole', () => {
  expect(text(planWith({ after: { a: 'canary-shape' }, after_sensitive: { a: { b: true } } }))).not.toContain('canary');
  expect(text(planWith({ after: { a: { x: 'canary-shape' } }, after_sensitive: { a: [true] } }))).not.toContain('canary');
  expect(text(planWith({ after: { a: ['canary-shape'] }, after_sensitive: { a: [false, true] } }))).not.toContain('canary');
});

test('short and everyday texts are replaced where they are marked only', () => {
  const value = after(planWith({ after: { a: 'on', b: 'on', c: 'true' }, after_sensitive: { a: true, c: true } }));
  expect(value).toMatchObject({ b: 'on' });
  expect(maskedDigest((value as { readonly a: Json }).a)).toBeDefined();
});

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const open = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('open', 1, true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(word, tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** A value with secrets at any depth, and the mask that terraform would give beside it. */
const marked: fc.Arbitrary<{ readonly value: Json; readonly mask: Mask }> = fc.letrec<{
  pair: { readonly value: Json; readonly mask: Mask };
}>((tie) => ({
  pair: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: 1, max: 99_999 }).map((number) => ({ value: `canary-${number}-secret`, mask: true })),
    fc.record({ a: fc.constant('canary-deep-secret'), b: open }).map((value) => ({ value: value as Json, mask: true })),
    open.map((value) => ({ value, mask: false })),
    fc
      .array(tie('pair'), { maxLength: 3 })
      .map((items) => ({ value: items.map((item) => item.value), mask: items.map((item) => item.mask) })),
    fc.dictionary(word, tie('pair'), { maxKeys: 3 }).map((items) => ({
      value: Object.fromEntries(Object.entries(items).map(([name, item]) => [name, item.value])),
      mask: Object.fromEntries(
        Object.entries(items)
          .filter(([, item]) => item.mask !== false)
          .map(([name, item]) => [name, item.mask]),
      ),
    })),
  ),
})).pair;

test('G9: no plan with marks at any depth keeps a marked value', () => {
  fc.assert(
    fc.property(fc.dictionary(word, marked, { maxKeys: 4 }), open, (values, noise) => {
      const value = Object.fromEntries(Object.entries(values).map(([name, item]) => [name, item.value]));
      const mask = Object.fromEntries(Object.entries(values).map(([name, item]) => [name, item.mask]));
      const copied = JSON.stringify(value).match(/canary-[a-z0-9-]+/g) ?? [];
      const plan = planWith({
        before: value,
        before_sensitive: mask,
        after: { ...value, zz: noise, copy: copied.join(' and ') },
        after_sensitive: mask,
      });
      expect(text(plan)).not.toContain('canary');
    }),
    { numRuns: 300 },
  );
});
